"""When many are a crowd, and when a crowd is none any more."""

from collections.abc import Sequence

from msgspec import Struct

from hub.vision.plan import CrowdPlan


class Crowd(Struct, kw_only=True):
    """One zone's crowd. Times are the camera's own seconds.

    ``since`` is when there were enough, none while there are not; ``told`` whether that was
    said; ``below`` since when there are too few again.
    """

    since: float | None = None
    told: bool = False
    below: float | None = None

    def gathers(self, plan: CrowdPlan, entered: Sequence[float], now: float) -> bool:
        """Say whether it has become one; ``entered`` is since when each is there."""
        if len(entered) < plan.count:
            return False
        self.below = None
        if self.since is None:
            self.since = sorted(entered)[plan.count - 1]
        if self.told or now - self.since < plan.seconds - 1e-6:
            return False
        self.told = True
        return True

    def disperses(self, plan: CrowdPlan, count: int, left: float, now: float) -> float | None:
        """Return for how many seconds it was one, if it has ceased to be; ``left`` is since when.

        That takes as long as it took to become one, unless nobody is left at all.
        """
        if count >= plan.count:
            return None
        if not self.told or self.since is None:
            self.since = None
            return None
        self.below = left if self.below is None else self.below
        if count and now - self.below < plan.seconds - 1e-6:
            return None
        seconds = max(0.0, self.below - self.since)
        self.since, self.told, self.below = None, False, None
        return seconds

    def shift(self, seconds: float) -> None:
        """Go over to another clock."""
        self.since = None if self.since is None else self.since + seconds
        self.below = None if self.below is None else self.below + seconds
