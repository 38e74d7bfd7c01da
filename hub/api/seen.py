"""What was seen lately, put together from many events: tracks with their pictures, reviews."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class SeenTrack(Struct, frozen=True, kw_only=True):
    """A track as far as it is known by now.

    ``ended`` is none while it is followed. ``zones`` are those it was in, in their order;
    ``attributes`` what was attached to it. Pictures are none until there are some, and may be
    gone when they are asked for.
    """

    id: str
    camera: str
    object: str
    score: float
    started: datetime
    ended: datetime | None = None
    zones: tuple[str, ...] = ()
    attributes: Mapping[str, str] = {}
    picture: Path | None = None
    annotated: Path | None = None
    thumbnail: Path | None = None


class SeenReview(Struct, frozen=True, kw_only=True):
    """A review item as far as it is known by now; ``ended`` is none while it goes on."""

    id: str
    camera: str
    severity: str
    started: datetime
    ended: datetime | None = None
    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()


class Seen(Protocol):
    """The latest tracks and reviews, newest first; only so many are known."""

    def tracks(
        self,
        *,
        camera: str = "",
        object: str = "",  # noqa: A002 - as it is called in events
        limit: int = 100,
    ) -> Sequence[SeenTrack]:
        """Return the newest tracks, of one camera or of one kind of object when named."""

    def track(self, name: str) -> SeenTrack | None:
        """Return a track by its id, or none when it is not known, or not any more."""

    def reviews(
        self, *, camera: str = "", severity: str = "", limit: int = 100
    ) -> Sequence[SeenReview]:
        """Return the newest review items, of one camera or severity when named."""
