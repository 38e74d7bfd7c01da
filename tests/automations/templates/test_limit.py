"""The time a template may take, where it ends and where it must not."""

from weakref import WeakKeyDictionary

import pytest

from automations.templates.bounds import Limit, TooMuch


class Thing:
    """Something that can be forgotten."""


def test_time_that_runs_out_while_things_are_forgotten_is_said_afterwards() -> None:
    things = [Thing() for _ in range(200_000)]
    table = WeakKeyDictionary((each, 1) for each in things)
    with pytest.raises(TooMuch, match="50 ms"), Limit():  # noqa: PT012 - a scene
        things.clear()  # a callback for each, whose errors Python swallows
        while True:
            pass

    assert not table
