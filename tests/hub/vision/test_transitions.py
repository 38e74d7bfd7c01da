"""What is told of tracks: each thing once, and when it is so."""

from datetime import UTC, datetime

from msgspec.structs import replace

from hub.api import Box, ObjectAppeared, ObjectLeft, ObjectMoved, ObjectStationary
from hub.vision.facts import Track, Tracks
from hub.vision.transitions import Transitions

CAR = Track(
    number=1,
    id="drive-1",
    label="car",
    score=0.9,
    box=Box(0.1, 0.2, 0.3, 0.4),
    seen=True,
    born=0.0,
    last=12.0,
    stood=1.0,
)
PARKED = replace(CAR, still=True)


def test_a_thing_that_comes_to_stand_and_moves_on_is_told_once_each() -> None:
    told = Transitions("drive")
    assert [type(each) for each in told.objects(Tracks(live=(CAR,)), [], 0.0)] == [ObjectAppeared]
    (stood,) = told.objects(Tracks(live=(PARKED,)), [], 12.0)
    assert isinstance(stood, ObjectStationary)
    assert (stood.track, stood.seconds) == ("drive-1", 11.0)
    assert told.objects(Tracks(live=(replace(PARKED, last=60.0),)), [], 60.0) == []
    gone = replace(CAR, last=101.5, stood=101.5)
    (moved,) = told.objects(Tracks(live=(gone,)), [], 101.5)
    assert isinstance(moved, ObjectMoved)
    assert (moved.object, moved.seconds) == ("car", 100.5)


def test_what_is_not_believed_is_not_told_to_stand() -> None:
    unsure = replace(PARKED, id="")
    assert Transitions("drive").objects(Tracks(live=(unsure,)), [], 0.0) == []


def test_what_stood_when_it_left_has_left_and_nothing_more() -> None:
    told = Transitions("drive")
    told.objects(Tracks(live=(PARKED,)), [], 0.0)
    (left,) = told.objects(Tracks(ended=(PARKED,)), [], 30.0)
    assert isinstance(left, ObjectLeft)


def test_what_left_tells_when_it_was_last_seen() -> None:
    told = Transitions("drive")
    told.objects(Tracks(live=(CAR,)), [], 1012.0, 12.0)
    (left,) = told.objects(Tracks(ended=(CAR,)), [], 1014.2, 14.2)
    assert isinstance(left, ObjectLeft)
    assert left.last_seen == datetime.fromtimestamp(1012.0, UTC)
    assert left.captured == datetime.fromtimestamp(1014.2, UTC)


def test_after_a_restart_what_was_told_is_not_told_again() -> None:
    told = Transitions("drive")
    lost = replace(CAR, number=2, id="drive-2")
    told.resume(Tracks(live=(PARKED,), ended=(lost,)))
    (left,) = told.objects(Tracks(live=(PARKED,), ended=(lost,)), [], 5.0)
    assert isinstance(left, ObjectLeft)
    assert left.track == "drive-2"
    (moved,) = told.objects(Tracks(live=(replace(CAR, stood=20.0),)), [], 20.0)
    assert isinstance(moved, ObjectMoved)
