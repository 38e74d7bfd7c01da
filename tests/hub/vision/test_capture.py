"""Which frames are kept for training: the doubtful, the disputed, and now and then one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from hub.api import Box, Detection
from hub.vision.capture import Captures, Catch, disagree
from hub.vision.facts import Look, Motion, Priority, Tracks
from hub.vision.inference import Answer, Sight
from hub.vision.plan import CapturePlan, CaptureRule
from tests.hub.vision.stills import hit, noise, person

DOUBT = CaptureRule(when="score", between=(0.3, 0.6), objects=("person",), pause=10.0)
NOW_AND_THEN = CaptureRule(when="every", every=60.0)
DISPUTE = CaptureRule(when="disagree", other="small", objects=("person",), pause=5.0)
HERE, THERE = person(0.2), person(0.8)
FRAME = noise()


def captures(*rules: CaptureRule) -> Captures:
    return Captures(CapturePlan(rules=rules))


def sight() -> Sight:
    look = Look(places=(Box(0, 0, 1, 1),), priority=Priority.NEW)
    return Sight(
        look=look, cut=FRAME.region, size=(640, 360), motion=Motion(), tracks=Tracks(), now=0.0
    )


@dataclass
class Other:
    """A second detector; answers when told to."""

    sees: Answer = ()
    at_once: bool = True
    asked: list[Sight] = field(default_factory=list)
    waiting: list[Callable[[Answer], None]] = field(default_factory=list)

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        self.asked.append(sight)
        self.waiting.append(done)
        if self.at_once:
            self.answer()

    def answer(self) -> None:
        while self.waiting:
            self.waiting.pop(0)(self.sees)


def look(rules: Captures, now: float, *seen: Detection, asked: bool = True) -> list[Catch]:
    return rules.look(seen, (), FRAME, now, sight() if asked else None)


@pytest.mark.parametrize(
    ("score", "label", "kept"),
    [
        (0.29, "person", False),
        (0.3, "person", True),
        (0.45, "person", True),
        (0.6, "person", True),
        (0.61, "person", False),
        (0.45, "dog", False),
    ],
)
def test_a_doubtful_detection_of_what_is_wanted_is_kept(
    score: float, label: str, kept: bool
) -> None:
    caught = look(captures(DOUBT), 0.0, hit(HERE, 0.9), hit(THERE, score, label))
    assert len(caught) == kept
    if caught:
        assert (caught[0].rule, caught[0].frame) == (DOUBT, FRAME)
        assert len(caught[0].seen) == 2


def test_a_rule_takes_no_more_than_one_in_its_pause() -> None:
    rules = captures(DOUBT)
    kept = [now for now in range(35) if look(rules, float(now), hit(HERE, 0.4))]
    assert kept == [0, 10, 20, 30]


def test_now_and_then_one_is_kept_whatever_it_shows() -> None:
    rules = captures(NOW_AND_THEN)
    kept = [now for now in range(200) if look(rules, float(now), asked=False)]
    assert kept == [0, 60, 120, 180]


def test_rules_have_their_pace_each_and_others_begin_anew() -> None:
    rules = captures(DOUBT, NOW_AND_THEN)
    assert len(look(rules, 0.0, hit(HERE, 0.4))) == 2
    assert look(rules, 5.0, hit(HERE, 0.4)) == []
    rules.replan(CapturePlan(rules=(DOUBT, NOW_AND_THEN), keep=5))
    assert look(rules, 6.0, hit(HERE, 0.4)) == []
    rules.replan(CapturePlan(rules=(NOW_AND_THEN,)))
    assert len(look(rules, 7.0, hit(HERE, 0.4))) == 1


def disputing(other: Other) -> Captures:
    rules = captures(DISPUTE)
    rules.compare_with({"small": other})
    return rules


def test_what_another_detector_sees_otherwise_is_kept_with_both_opinions() -> None:
    other = Other(sees=[hit(HERE, 0.8), hit(THERE, 0.9)])
    (caught,) = look(disputing(other), 0.0, hit(HERE, 0.9))
    assert caught.seen == (hit(HERE, 0.9),)
    assert caught.other == (hit(HERE, 0.8), hit(THERE, 0.9))
    assert other.asked[0].look == Look(places=(Box(0, 0, 1, 1),), priority=Priority.REFRESH)


def test_where_both_agree_nothing_is_kept_and_the_other_is_not_asked_again_at_once() -> None:
    other = Other(sees=[hit(HERE, 0.8)])
    rules = disputing(other)
    for now in range(12):
        assert look(rules, float(now), hit(HERE, 0.9)) == []
    assert len(other.asked) == 3


def test_a_late_answer_is_taken_with_a_later_frame() -> None:
    other = Other(sees=[], at_once=False)
    rules = disputing(other)
    assert look(rules, 0.0, hit(HERE, 0.9)) == []
    other.answer()
    (caught,) = look(rules, 1.0)
    assert caught.seen == (hit(HERE, 0.9),)


def test_one_that_hangs_or_has_nothing_to_say_is_left_alone() -> None:
    other = Other(at_once=False)
    rules = disputing(other)
    for now in range(0, 100, 10):
        look(rules, float(now), hit(HERE, 0.9))
    assert len(other.asked) == 4
    other.sees = None
    other.answer()
    assert look(rules, 200.0, hit(HERE, 0.9)) == []
    assert len(other.asked) == 5


def test_nobody_else_is_asked_where_the_detector_itself_was_not() -> None:
    other = Other()
    assert look(disputing(other), 0.0, asked=False) == []
    assert other.asked == []
    assert look(captures(DISPUTE), 0.0, hit(HERE, 0.9)) == []


@pytest.mark.parametrize(
    ("some", "others", "differ"),
    [
        ([], [], False),
        ([hit(HERE, 0.9)], [], True),
        ([], [hit(HERE, 0.9)], True),
        ([hit(HERE, 0.4)], [], False),
        ([hit(HERE, 0.9)], [hit(HERE, 0.25)], False),
        ([hit(HERE, 0.9)], [hit(HERE, 0.1)], True),
        ([hit(HERE, 0.9)], [hit(THERE, 0.9)], True),
        ([hit(HERE, 0.9)], [hit(HERE, 0.9, "dog")], True),
        ([hit(HERE, 0.9, "dog")], [], False),
    ],
)
def test_detectors_disagree_where_one_is_sure_and_the_other_does_not_suspect_it(
    some: Sequence[Detection], others: Sequence[Detection], differ: bool
) -> None:
    assert disagree(some, others, ("person",)) is differ
    assert disagree(others, some, ("person",)) is differ
