import threading

from hub.api import Box
from hub.vision.inference import Waited, together
from tests.hub.vision.eyes import Heard, Slow, region, sight, thing

LEFT, RIGHT = Box(0.0, 0.0, 0.5, 1.0), Box(0.5, 0.0, 1.0, 1.0)


def test_a_recording_waits_for_its_answer() -> None:
    slow = Slow()
    heard = Heard()
    threading.Thread(target=lambda: (slow.came.acquire(), slow.answer(thing(LEFT)))).start()
    Waited(slow, "porch").look(sight(), heard)
    assert heard.answers == [[thing(LEFT)]]


def test_a_person_at_the_seam_of_two_regions_is_one_person() -> None:
    left, right = Box(0.0, 0.0, 0.55, 1.0), Box(0.45, 0.0, 1.0, 1.0)
    whole, cut = thing(Box(0.40, 0.2, 0.53, 0.9), 0.8), thing(Box(0.45, 0.2, 0.53, 0.9), 0.95)
    both = [(region(left), [whole]), (region(right), [cut])]
    assert together(both) == together(both[::-1]) == [whole]


def test_a_hand_that_reaches_into_another_region_is_nobody_else() -> None:
    left, right = Box(0.0, 0.0, 0.55, 1.0), Box(0.45, 0.0, 1.0, 1.0)
    whole, hand = thing(Box(0.25, 0.2, 0.53, 0.9), 0.8), thing(Box(0.45, 0.5, 0.53, 0.6), 0.95)
    both = [(region(left), [whole]), (region(right), [hand])]
    assert together(both) == together(both[::-1]) == [whole]


def test_two_who_stand_close_in_one_region_stay_two() -> None:
    close = [thing(Box(0.40, 0.2, 0.53, 0.9)), thing(Box(0.42, 0.2, 0.55, 0.9), 0.7)]
    assert together([(region(), close)]) == close


def test_what_makes_no_sense_was_not_seen() -> None:
    good, nan, endless = thing(LEFT), float("nan"), float("inf")
    odd = [
        thing(Box(nan, 0.1, 0.5, 0.9)),
        thing(Box(0.1, 0.1, endless, 0.9)),
        thing(LEFT, nan),
        thing(LEFT, endless),
        thing(LEFT, label=""),
        thing(Box(0.5, 0.5, 0.5, 0.9)),
        thing(Box(0.9, 0.1, 0.5, 0.9)),
        thing(Box(1.2, 0.1, 1.5, 0.9)),
    ]
    assert together([(region(), [odd[0], good, *odd])]) == [good]


def test_different_things_in_one_place_stay() -> None:
    box = Box(0.46, 0.2, 0.54, 0.9)
    pair = [(region(LEFT), [thing(box)]), (region(RIGHT), [thing(box, label="dog")])]
    assert len(together(pair)) == 2
