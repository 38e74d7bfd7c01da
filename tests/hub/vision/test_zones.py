from collections.abc import Sequence

import pytest

from hub.api import Box
from hub.vision.facts import Change, Track, Tracks, ZoneChange
from hub.vision.plan import ZonePlan
from hub.vision.zones import Zones

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
IN, OUT = 0.25, 0.75


def plan(name: str = "doorstep", **options: object) -> ZonePlan:
    return ZonePlan(**{"name": name, "polygon": LEFT_HALF, **options})


def track(
    x: float,
    now: float,
    number: int = 1,
    label: str = "person",
    *,
    seen: bool = True,
    sure: bool = True,
) -> Track:
    return Track(
        number=number,
        id=f"t{number}" if sure else "",
        label=label,
        score=0.9,
        box=Box(x - 0.05, 0.4, x + 0.05, 0.8),
        seen=seen,
        born=0.0,
        last=now,
    )


def stand(
    zones: Zones, xs: Sequence[float], fps: float = 5, start: float = 0.0
) -> list[ZoneChange]:
    """One person, at these places, one after the other."""
    changes = []
    for number, x in enumerate(xs):
        now = start + number / fps
        changes += zones.update(Tracks(live=(track(x, now),)), now)
    return changes


def kinds(changes: Sequence[ZoneChange]) -> list[Change]:
    return [each.kind for each in changes]


def test_a_visit_is_an_entry_then_a_leave_then_a_clearance() -> None:
    changes = stand(Zones([plan()]), [OUT] * 5 + [IN] * 20 + [OUT] * 20)
    assert kinds(changes) == [Change.ENTERED, Change.LEFT, Change.CLEARED]
    entered, left, cleared = changes
    assert (entered.count, left.count) == (1, 0)
    assert left.seconds == cleared.seconds == pytest.approx(4.0)


def test_an_entry_counts_once_it_has_held() -> None:
    zones = Zones([plan(enter_after=0.4)])
    assert stand(zones, [OUT, IN, IN]) == []
    assert kinds(stand(zones, [IN], start=0.6)) == [Change.ENTERED]


def test_passing_through_between_two_looks_is_no_entry() -> None:
    assert stand(Zones([plan()]), [OUT, IN, OUT, OUT, IN, OUT]) == []


def test_a_runner_of_three_seconds_is_counted_at_two_looks_a_second() -> None:
    changes = stand(Zones([plan()]), [OUT, IN, IN, OUT] + [OUT] * 6, fps=2)
    assert kinds(changes) == [Change.ENTERED, Change.LEFT, Change.CLEARED]


def test_a_box_that_trembles_at_the_edge_gives_one_entry_at_most() -> None:
    flapping = [IN, OUT] * 50
    assert stand(Zones([plan()]), flapping) == []
    settled = [IN] * 5 + [IN, OUT, IN, IN, OUT] * 20
    assert kinds(stand(Zones([plan()]), settled)) == [Change.ENTERED]


def test_a_track_that_ends_inside_leaves_as_of_when_it_was_last_seen() -> None:
    zones = Zones([plan()])
    stand(zones, [IN] * 6)
    gone = track(IN, 1.0)
    changes = zones.update(Tracks(ended=(gone,)), 3.2)
    assert kinds(changes) == [Change.LEFT, Change.CLEARED]
    assert changes[0].seconds == pytest.approx(1.0)
    assert zones.update(Tracks(), 3.4) == []


def test_somebody_out_of_sight_neither_enters_nor_leaves() -> None:
    zones = Zones([plan()])
    stand(zones, [IN] * 6)
    for number in range(20):
        hidden = track(OUT, 1.0, seen=False)
        assert zones.update(Tracks(live=(hidden,)), 1.2 + number / 5) == []
    assert zones.occupied == {"doorstep"}


def test_only_what_is_believed_enters_but_its_time_has_begun() -> None:
    zones = Zones([plan(enter_after=0.6)])
    for now in (0.0, 0.2, 0.4):
        assert zones.update(Tracks(live=(track(IN, now, sure=False),)), now) == []
    assert kinds(zones.update(Tracks(live=(track(IN, 0.6),)), 0.6)) == [Change.ENTERED]


def test_counts_are_per_kind_and_the_zone_clears_with_the_last() -> None:
    zones = Zones([plan(enter_after=0.0, leave_after=0.0)])
    anna, ben, dog = (track(IN, 0.0, 1), track(IN, 0.0, 2), track(IN, 0.0, 3, "dog"))
    changes = zones.update(Tracks(live=(anna, ben, dog)), 0.0)
    assert [each.count for each in changes] == [1, 2, 1]
    changes = zones.update(Tracks(live=(track(OUT, 1.0, 1), ben, dog)), 1.0)
    assert [(each.kind, each.count) for each in changes] == [(Change.LEFT, 1)]
    changes = zones.update(Tracks(ended=(ben, dog)), 3.0)
    assert kinds(changes) == [Change.LEFT, Change.LEFT, Change.CLEARED]


def test_a_zone_for_persons_does_not_see_dogs() -> None:
    zones = Zones([plan(objects=("person",))])
    for number in range(10):
        now = number / 5
        assert zones.update(Tracks(live=(track(IN, now, label="dog"),)), now) == []


def test_feet_at_the_lower_border_are_inside() -> None:
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    zones = Zones([plan(polygon=whole, enter_after=0.0)])
    low = Track(
        number=1,
        id="t1",
        label="person",
        score=0.9,
        box=Box(0.0, 0.6, 0.0, 1.0),
        seen=True,
        born=0.0,
        last=0.0,
    )
    assert kinds(zones.update(Tracks(live=(low,)), 0.0)) == [Change.ENTERED]


def test_other_zones_are_taken_while_one_that_stays_keeps_its_visitors() -> None:
    zones = Zones([plan(), plan("path")])
    stand(zones, [IN] * 6)
    assert zones.occupied == {"doorstep", "path"}
    zones.replan([plan(leave_after=0.4), plan("gate")])
    assert zones.occupied == {"doorstep"}
    changes = stand(zones, [OUT] * 4, start=1.2)
    assert [(each.kind, each.zone) for each in changes] == [
        (Change.LEFT, "doorstep"),
        (Change.CLEARED, "doorstep"),
    ]
