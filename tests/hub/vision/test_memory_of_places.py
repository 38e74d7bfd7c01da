"""Zones and lines over a restart: the same is told as if nothing had happened."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.vision.facts import Change, TrackerMemory, Tracks, ZoneChange
from hub.vision.lines import Lines
from hub.vision.memory import CameraMemory
from hub.vision.plan import CrowdPlan, LinePlan, ZonePlan
from hub.vision.zones import Zones
from tests.hub.vision.people import stands

LEFT = ZonePlan(
    name="left",
    polygon=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),
    leave_after=0.6,
    loiter_after=2.0,
    crowd=CrowdPlan(count=2, seconds=1.0),
)
LOW = ZonePlan(name="low", polygon=((0, 0.5), (1, 0.5), (1, 1), (0, 1)), priority=1)
GATE = LinePlan(name="gate", points=((0.5, 0.0), (0.5, 1.0)))


def through_json(zones: Zones, lines: Lines, now: float) -> tuple[Zones, Lines]:
    """Return what another start has, whose seconds begin at nought."""
    memory = CameraMemory(
        camera="yard", now=now, captured=now, tracker=TrackerMemory(),
        zones=zones.remember(), lines=lines.remember(),
    )  # fmt: skip
    read = msgspec.json.decode(msgspec.json.encode(memory), type=CameraMemory)
    others, crossed = Zones([LEFT, LOW]), Lines([GATE])
    others.recall(read.zones, -now)
    crossed.recall(read.lines, -now)
    return others, crossed


Steps = Sequence[Sequence[tuple[float, float] | None]]


def told(steps: Steps, restarts: Sequence[int] = ()) -> list[Any]:
    """Return what zones and lines tell of persons who are at places, look by look, or gone."""
    zones, lines, begun = Zones([LEFT, LOW]), Lines([GATE]), 0.0
    found: list[Any] = []
    last: dict[int, Any] = {}
    for number, places in enumerate([*steps, [None] * 3]):
        now = number / 5 - begun
        if number in restarts:
            zones, lines = through_json(zones, lines, now - 0.2)
            begun += now - 0.2
            last = {
                key: stands(each.box.left + 0.025, each.box.bottom, -0.0, key)
                for key, each in last.items()
            }
            now = 0.2
        live = {key: stands(*at, now, key) for key, at in enumerate(places) if at is not None}
        ended = tuple(each for key, each in last.items() if key not in live)
        tracks, last = Tracks(live=tuple(live.values()), ended=ended), live
        found += [_plain(each) for each in zones.update(tracks, now)]
        found += [(each.line, each.track.number, each.inwards) for each in lines.update(tracks)]
    return found


def _plain(each: ZoneChange) -> Any:
    who = each.track and each.track.number
    return each.kind, each.zone, who, each.count, round(each.seconds, 3)


PLACES = st.tuples(
    st.floats(0.05, 0.95).map(lambda x: round(x, 3)), st.floats(0.3, 1.0).map(lambda y: round(y, 3))
)


@st.composite
def walks(draw: st.DrawFn) -> Steps:
    """Up to three persons who stand, walk and go, never to come back under the same number."""
    count = draw(st.integers(5, 60))
    people = []
    for _ in range(draw(st.integers(1, 3))):
        came = draw(st.integers(0, count - 1))
        gone = draw(st.integers(came, count))
        corners = draw(st.lists(PLACES, min_size=1, max_size=5))
        people.append([_at(corners, n - came, gone - came) if came <= n < gone else None
                       for n in range(count)])  # fmt: skip
    return list(zip(*people, strict=True))


def _at(corners: Sequence[tuple[float, float]], step: int, steps: int) -> tuple[float, float]:
    if len(corners) == 1:
        return corners[0]
    place = step / max(1, steps) * (len(corners) - 1)
    (x1, y1), (x2, y2) = list(pairwise(corners))[int(place)]
    part = place % 1
    return x1 + (x2 - x1) * part, y1 + (y2 - y1) * part


@settings(max_examples=60, deadline=None)
@given(walks())
def test_everybody_who_enters_leaves_once_and_counts_are_never_below_nought(steps: Steps) -> None:
    inside: set[tuple[str, int]] = set()
    occupied: set[str] = set()
    for each in told(steps):
        if not isinstance(each[0], Change):
            continue
        kind, zone, who, count, seconds = each
        assert count >= 0
        assert seconds >= 0
        if kind is Change.ENTERED:
            assert (zone, who) not in inside
            inside.add((zone, who))
            occupied.add(zone)
        elif kind is Change.LEFT:
            inside.remove((zone, who))
            assert count == sum(name == zone for name, _ in inside)
        elif kind is Change.CLEARED:
            occupied.remove(zone)
    assert not inside
    assert not occupied


@settings(max_examples=40, deadline=None)
@given(walks(), st.lists(st.integers(1, 50), max_size=3, unique=True))
def test_a_restart_at_any_look_changes_nothing(steps: Steps, restarts: list[int]) -> None:
    wanted, found = told(steps), told(steps, sorted(restarts))
    entries = [each for each in wanted if each[0] is not Change.LOITERING]
    assert [each[:3] for each in found if each[0] is not Change.LOITERING] == [
        each[:3] for each in entries
    ]


def test_a_crowd_in_a_zone_that_is_gone_after_a_restart_is_dispersed() -> None:
    zones = Zones([LEFT])
    for step in range(15):
        zones.update(
            Tracks(live=tuple(stands(0.2 + key / 9, 0.8, step / 5, key) for key in (1, 2))),
            step / 5,
        )
    assert zones.crowded == {"left"}
    kinds = [each.kind for each in Zones([]).recall(zones.remember(), 0.0)]
    assert kinds == [Change.LEFT, Change.LEFT, Change.DISPERSED, Change.CLEARED]
