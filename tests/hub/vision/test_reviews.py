"""One item per burst of activity: when it begins, what joins it, when it is over."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import pytest

from hub.api import Box, Event, ReviewEnded, ReviewStarted, ReviewUpdated
from hub.vision import reviews as module
from hub.vision.facts import Change, Track, Tracks, ZoneChange
from hub.vision.plan import ReviewPlan, ReviewRule
from hub.vision.reviews import Reviews, ReviewsMemory

START = 1_700_000_000.0
PERSONS = ReviewPlan(
    alerts=(ReviewRule(objects=("person",), zones=("door",)),),
    detections=(ReviewRule(objects=("person", "dog")),),
    before=5.0,
    after=10.0,
)


def track(number: int, last: float, label: str = "person", **facts: object) -> Track:
    return Track(
        **{
            "number": number,
            "id": f"porch-{number}",
            "label": label,
            "score": 0.9,
            "box": Box(0.1, 0.1, 0.2, 0.4),
            "seen": True,
            "born": 0.0,
            "last": last,
            **facts,
        }
    )


def entering(zone: str, who: Track) -> ZoneChange:
    return ZoneChange(kind=Change.ENTERED, zone=zone, track=who, count=1)


def leaving(zone: str, who: Track) -> ZoneChange:
    return ZoneChange(kind=Change.LEFT, zone=zone, track=who)


class Camera:
    """A camera's reviews, whose own seconds began at START."""

    def __init__(self, plan: ReviewPlan | None = PERSONS, run: str = "") -> None:
        self.reviews = Reviews("porch", plan, run)
        self.told: list[Event] = []

    def at(self, now: float, *live: Track, changes: Iterable[ZoneChange] = ()) -> list[Event]:
        told = self.reviews.update(Tracks(live=live), changes, now, START + now)
        self.told += told
        return list(told)

    def there(self, begin: float, end: float, *numbers: int, **facts: object) -> list[Event]:
        """Have these tracks there, five looks a second."""
        told: list[Event] = []
        for step in range(round(begin * 5), round(end * 5)):
            told += self.at(step / 5, *(track(each, step / 5, **facts) for each in numbers))
        return told

    @property
    def kinds(self) -> list[str]:
        return [each.type for each in self.told]


def seconds(when: datetime) -> float:
    return when.timestamp() - START


def test_a_visit_is_one_item_with_padding_on_both_sides() -> None:
    camera = Camera()
    camera.there(20, 30, 1)
    camera.there(30, 60)
    started, ended = camera.told
    assert isinstance(started, ReviewStarted)
    assert isinstance(ended, ReviewEnded)
    assert started.review == ended.review == "porch-r1"
    assert (seconds(started.started), seconds(started.captured)) == (15.0, 20.0)
    assert (seconds(ended.started), seconds(ended.ended)) == (15.0, pytest.approx(39.8))
    assert seconds(ended.captured) == pytest.approx(39.8)
    assert (started.severity, started.objects, started.tracks) == (
        "detection",
        ("person",),
        ("porch-1",),
    )


def test_what_comes_again_within_the_quiet_time_goes_on_with_the_item() -> None:
    camera = Camera()
    camera.there(0, 5, 1)
    camera.there(5, 14)
    camera.there(14, 16, 1)
    camera.there(16, 40)
    assert camera.kinds == ["review.started", "review.ended"]
    camera.there(40, 42, 2)
    assert camera.kinds[2:] == ["review.started"]
    assert camera.told[-1].review == "porch-r2"


def test_others_that_join_update_it_once_each() -> None:
    camera = Camera()
    camera.there(0, 2, 1)
    (joined,) = camera.there(2, 4, 1, 2)
    assert isinstance(joined, ReviewUpdated)
    assert joined.tracks == ("porch-1", "porch-2")
    (dog,) = camera.there(4, 6, 3, label="dog")
    assert dog.objects == ("person", "dog")
    assert camera.there(6, 8, 3, label="dog") == []


def test_it_rises_to_an_alert_and_never_falls() -> None:
    camera = Camera()
    camera.there(0, 2, 1)
    who = track(1, 2.0)
    (risen,) = camera.at(2.0, who, changes=[entering("door", who)])
    assert (risen.severity, risen.zones) == ("alert", ("door",))
    camera.at(3.0, who, changes=[leaving("door", who)])
    (other,) = camera.at(4.0, track(1, 4.0), track(2, 4.0))
    assert other.severity == "alert"
    camera.there(5, 30)
    assert camera.told[-1].severity == "alert"
    camera.there(30, 31, 4)
    assert camera.told[-1].severity == "detection"


def test_a_rule_for_a_zone_fits_from_when_the_zone_is_entered() -> None:
    camera = Camera(ReviewPlan(alerts=(ReviewRule(zones=("door",)),), detections=()))
    assert camera.there(0, 10, 1) == []
    who = track(1, 10.0)
    (started,) = camera.at(10.0, who, changes=[entering("door", who)])
    assert isinstance(started, ReviewStarted)
    assert started.severity == "alert"
    camera.at(11.0, track(1, 11.0), changes=[leaving("door", who)])
    camera.there(11, 25, 1)
    assert camera.kinds == ["review.started", "review.ended"]


def test_what_no_rule_names_and_what_is_not_believed_yet_is_no_activity() -> None:
    camera = Camera()
    assert camera.there(0, 5, 1, label="cat") == []
    assert camera.there(5, 10, 2, id="") == []
    assert Camera(None).there(0, 5, 1) == []


def test_something_parked_keeps_no_item_open_until_it_moves() -> None:
    camera = Camera()
    camera.there(0, 5, 1)
    camera.there(5, 60, 1, still=True)
    assert camera.kinds == ["review.started", "review.ended"]
    assert seconds(camera.told[-1].ended) == pytest.approx(14.8)
    camera.there(60, 61, 1)
    assert camera.kinds[2:] == ["review.started"]


def test_a_track_that_is_out_of_sight_does_not_lengthen_it() -> None:
    camera = Camera()
    camera.there(0, 5, 1)
    for step in range(25, 100):
        camera.at(step / 5, track(1, 4.8, seen=False))
    assert seconds(camera.told[-1].ended) == pytest.approx(14.8)


def test_a_busy_street_gives_items_of_bearable_length_without_a_gap() -> None:
    camera = Camera()
    for step in range(4000):
        camera.at(float(step), track(1 + step // 20, float(step)))
    ended = [each for each in camera.told if isinstance(each, ReviewEnded)]
    started = [each for each in camera.told if isinstance(each, ReviewStarted)]
    assert [each.review for each in started] == ["porch-r1", "porch-r2", "porch-r3"]
    assert [seconds(each.captured) for each in ended] == [1800.0, 3600.0]
    assert [each.ended for each in ended] == [each.started for each in started[1:]]
    assert max(len(each.tracks) for each in camera.told) == 50


def test_the_end_of_the_frames_ends_it_and_without_a_plan_it_ends_too() -> None:
    camera = Camera()
    camera.there(0, 5, 1)
    (ended,) = camera.reviews.finish(5.0, START + 5)
    assert seconds(ended.ended) == pytest.approx(14.8)
    assert camera.reviews.finish(5.0, START + 5) == []
    camera.there(6, 7, 1)
    camera.reviews.plan = None
    assert [type(each) for each in camera.at(7.0, track(1, 7.0))] == [ReviewEnded]


def handed_over(camera: Camera, now: float) -> Camera:
    """Another worker's camera, which begins its seconds anew."""
    kept = camera.reviews.remember(now, START + now)
    other = Camera(run="b-")
    other.reviews.recall(msgspec.json.decode(msgspec.json.encode(kept), type=ReviewsMemory))
    return other


def test_another_worker_goes_on_with_an_open_item() -> None:
    camera = Camera()
    camera.there(100, 105, 1)
    other = handed_over(camera, 105.0)
    told = other.reviews.update(Tracks(live=(track(9, 0.0),)), (), 0.0, START + 108)
    assert [type(each) for each in told] == [ReviewUpdated, ReviewUpdated]
    assert told[-1].review == "porch-r1"
    assert told[-1].tracks == ("porch-1", "porch-9")
    assert seconds(told[-1].started) == 95.0


def test_another_worker_ends_what_was_over_meanwhile() -> None:
    camera = Camera()
    camera.there(100, 105, 1)
    other = handed_over(camera, 105.0)
    told = other.reviews.update(Tracks(), (), 0.0, START + 300)
    assert [type(each) for each in told] == [ReviewUpdated, ReviewEnded]
    assert seconds(told[-1].ended) == pytest.approx(114.8)


def test_who_was_in_a_zone_still_is_for_another_worker() -> None:
    camera = Camera()
    who = track(1, 100.0)
    camera.at(100.0, who, changes=[entering("door", who)])
    other = handed_over(camera, 100.0)
    told = other.reviews.update(Tracks(live=(track(1, 0.0),)), (), 0.0, START + 300)
    assert [type(each) for each in told] == [ReviewUpdated, ReviewEnded, ReviewStarted]
    assert (told[-1].severity, told[-1].zones) == ("alert", ("door",))
    assert (told[0].review, told[-1].review) == ("porch-r1", "porch-b-r1")


def test_nothing_open_is_nothing_to_keep() -> None:
    assert Camera().reviews.remember(5.0, START) == ReviewsMemory()
    camera = Camera()
    camera.reviews.recall(ReviewsMemory())
    assert camera.at(0.0) == []


@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_items_begin_and_end_in_turn_and_cover_what_fits(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 60.0)
    dice, camera = random.Random(seed), Camera()  # noqa: S311
    active: list[float] = []
    for step in range(1500):
        now = step / 5
        present = [each for each in range(1, 4) if dice.random() < 0.02 or each == step // 90 % 9]
        live = [track(each, now, still=dice.random() < 0.1) for each in present]
        active += [now for each in live if not each.still][:1]
        camera.at(now, *live)
    camera.told += camera.reviews.finish(300.0, START + 300)
    spans: list[tuple[float, float]] = []
    opened: ReviewStarted | None = None
    for each in camera.told:
        if isinstance(each, ReviewStarted):
            assert opened is None
            opened = each
        elif isinstance(each, ReviewEnded):
            assert opened is not None
            assert each.review == opened.review
            spans.append((seconds(each.started), seconds(each.ended)))
            opened = None
    assert opened is None
    assert len({each.review for each in camera.told}) == len(spans)
    assert all(any(begin <= now <= end for begin, end in spans) for now in active)
    assert all(end - begin <= 60 + 5 + 10 + 0.2 for begin, end in spans)


def test_times_are_in_utc() -> None:
    camera = Camera()
    camera.there(0, 1, 1)
    assert camera.told[0].started.tzinfo is UTC
