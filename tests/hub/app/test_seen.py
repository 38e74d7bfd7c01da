"""What was seen lately, from what events told; attributes that others attach."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from hub.api import (
    Box,
    Event,
    Invalid,
    ObjectAppeared,
    ObjectAttributed,
    ObjectLeft,
    ObjectPictured,
    ReviewEnded,
    ReviewStarted,
    ReviewUpdated,
    SeenTrack,
    ZoneEntered,
)
from hub.app import seen as module
from hub.app.actions import ATTACH
from hub.app.seen import TYPES, RecentlySeen
from hub.testing import TestHub

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
BOX = Box(0.1, 0.1, 0.2, 0.4)
LATER = WHEN + timedelta(seconds=9)


def appeared(track: str, camera: str = "porch", thing: str = "person") -> ObjectAppeared:
    return ObjectAppeared(
        camera=camera, object=thing, track=track, score=0.6, box=BOX, captured=WHEN
    )


def story(track: str = "a") -> list[Event]:
    facts = {"camera": "porch", "object": "person", "track": track, "box": BOX}
    return [
        appeared(track),
        ObjectPictured(
            **facts, score=0.7, captured=WHEN, picture="/m/a.jpg", annotated="/m/a-box.jpg",
            thumbnail="/m/a-thumb.jpg",
        ),
        ZoneEntered(**facts, zone="door", score=0.8, captured=WHEN, count=1),
        ZoneEntered(**facts, zone="path", score=0.7, captured=WHEN, count=1),
        ZoneEntered(**facts, zone="door", score=0.7, captured=WHEN, count=1),
        ObjectAttributed(camera="porch", track=track, attributes={"name": "anna"}, by="faces"),
        ObjectAttributed(camera="porch", track=track, attributes={"coat": "red"}, by="colours"),
        ObjectLeft(**facts, score=0.9, captured=LATER, seconds=9.0),
    ]  # fmt: skip


WHOLE = SeenTrack(
    id="a",
    camera="porch",
    object="person",
    score=0.9,
    started=WHEN,
    ended=LATER,
    zones=("door", "path"),
    attributes={"name": "anna", "coat": "red"},
    picture=Path("/m/a.jpg"),
    annotated=Path("/m/a-box.jpg"),
    thumbnail=Path("/m/a-thumb.jpg"),
)


@pytest.fixture
def hub() -> Iterator[TestHub]:
    with TestHub() as hub:
        hub.actions.register(ATTACH, hub.seen.attach)
        yield hub


def ids(hub: TestHub, **wanted: object) -> list[str]:
    return [each.id for each in hub.seen.tracks(**wanted)]


def test_a_track_is_put_together_from_all_that_is_told_of_it(hub: TestHub) -> None:
    for event in story():
        hub.fire(event)
    assert hub.seen.track("a") == WHOLE
    assert hub.seen.tracks() == [WHOLE]


def test_the_newest_come_first_and_may_be_of_one_camera_or_object(hub: TestHub) -> None:
    for event in (appeared("a"), appeared("b", "gate"), appeared("c", thing="dog")):
        hub.fire(event)
    assert ids(hub) == ["c", "b", "a"]
    assert ids(hub, limit=2) == ["c", "b"]
    assert ids(hub, camera="porch") == ["c", "a"]
    assert ids(hub, camera="porch", object="dog") == ["c"]
    assert ids(hub, object="cat") == []


def test_what_nobody_saw_begin_is_not_made_up(hub: TestHub) -> None:
    for event in story()[1:]:
        hub.fire(event)
    assert hub.seen.tracks() == []
    assert hub.seen.track("a") is None


def test_only_so_many_are_known(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 10)
    for number in range(25):
        hub.fire(appeared(f"t{number}"))
    assert ids(hub) == [f"t{number}" for number in range(24, 14, -1)]


def review(kind: type[Event], severity: str = "detection", **facts: object) -> Event:
    return kind(
        **{
            "camera": "porch",
            "review": "porch-r1",
            "severity": severity,
            "captured": WHEN,
            "started": WHEN,
            "objects": ("person",),
            "tracks": ("a",),
            **facts,
        }
    )


def test_a_review_is_what_was_last_told_of_it(hub: TestHub) -> None:
    hub.fire(review(ReviewStarted))
    (open_item,) = hub.seen.reviews()
    assert (open_item.severity, open_item.ended) == ("detection", None)
    hub.fire(review(ReviewUpdated, "alert", zones=("door",), tracks=("a", "b")))
    hub.fire(review(ReviewEnded, "alert", zones=("door",), tracks=("a", "b"), ended=LATER))
    (item,) = hub.seen.reviews(severity="alert", camera="porch")
    assert (item.id, item.zones, item.tracks) == ("porch-r1", ("door",), ("a", "b"))
    assert item.ended == LATER
    assert hub.seen.reviews(severity="detection") == []
    assert hub.seen.reviews(camera="gate") == []


def test_after_a_start_the_journal_says_again_what_was(hub: TestHub) -> None:
    rows = [msgspec.json.encode(each) for each in [*story(), appeared("b"), review(ReviewStarted)]]
    other = RecentlySeen(hub.bus)
    other.restore(rows)
    assert other.track("a") == WHOLE
    open_track = other.track("b")
    assert open_track is not None
    assert open_track.ended == WHEN
    assert other.reviews()[0].ended == WHEN


def test_every_event_it_is_made_of_is_restored() -> None:
    assert {each.type for each in TYPES} == {
        "object.appeared", "object.left", "object.pictured", "object.attributed",
        "zone.entered", "review.started", "review.updated", "review.ended",
    }  # fmt: skip


def attach(hub: TestHub, **data: object) -> None:
    given = {"camera": "porch", "track": "a", "attributes": {"name": "anna"}, "by": "faces"}
    asyncio.run(hub.actions.call("object.attach", {**given, **data}, cause=7))


def test_attributes_are_told_and_kept(hub: TestHub) -> None:
    hub.fire(appeared("a"))
    attach(hub)
    attach(hub, attributes={"plate": "AB 123"})
    (first, _) = hub.events.of(ObjectAttributed)
    assert (first.camera, first.track, first.by, first.cause) == ("porch", "a", "faces", 7)
    track = hub.seen.track("a")
    assert track is not None
    assert track.attributes == {"name": "anna", "plate": "AB 123"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"track": "zzz"}, "no recent track 'zzz'"),
        ({"camera": "gate"}, "camera 'gate' has no recent track"),
        ({"attributes": {}}, "1 to 20"),
        ({"attributes": {f"a{n}": "x" for n in range(21)}}, "1 to 20"),
        ({"attributes": {"name": "x" * 201}}, "longer than 200"),
        ({"attributes": {"name": 5}}, "expected a text"),
        ({"attributes": {"Na me": "x"}}, "not a name"),
        ({"attributes": "anna"}, "expected a dictionary"),
    ],
)
def test_what_cannot_be_attached_is_refused(
    hub: TestHub, data: dict[str, object], words: str
) -> None:
    hub.fire(appeared("a"))
    with pytest.raises(Invalid, match=words):
        attach(hub, **data)
    assert list(hub.events.of(ObjectAttributed)) == []


def test_what_is_still_there_is_not_forgotten_for_what_is_over(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    hub.fire(appeared("parked", thing="car"))
    for number in range(6):
        for event in story(f"walker-{number}"):
            hub.fire(event)
    assert ids(hub) == ["walker-5", "walker-4", "parked"]
