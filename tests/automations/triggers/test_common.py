"""What all triggers share: id, index, alias, variables, enabled, both spellings."""

from typing import Any

import pytest

from hub.api import Cancel, Fire, Invalid, Known, NotReady, Trigger


@pytest.mark.feature("trigger: id, several triggers", "supported")
def test_a_trigger_tells_which_it_is(home: Any) -> None:
    home.load(
        """
        alias: Test
        trigger:
          - {platform: event, event_type: one}
          - {platform: event, event_type: two, id: second, alias: The second}
          - [{trigger: event, event_type: three, id: 3}]
        action:
          - service: test.note
            data_template:
              text: "{{ trigger.id }}|{{ trigger.idx }}|{{ trigger.alias }}|{{ trigger.platform }}"
        """
    )
    for name in ("one", "two", "three"):
        home.event(name)
    assert home.notes == ["0|0|None|event", "second|1|The second|event", "3|2|None|event"]


@pytest.mark.feature("trigger: variables", "supported")
def test_a_trigger_brings_variables_of_its_own(home: Any) -> None:
    home.load(
        """
        alias: Test
        triggers:
          - {trigger: event, event_type: one, variables: {who: "{{ trigger.event.data.n + 1 }}"}}
        variables: {who: nobody, more: "{{ who }}!"}
        actions: {action: test.note, data: {text: "{{ who }} {{ more }}"}}
        """
    )
    home.event("one", n=4)
    assert home.notes == ["5 5!"]


@pytest.mark.feature("trigger: enabled", "supported")
def test_a_trigger_that_is_switched_off_still_counts(home: Any) -> None:
    home.load(
        """
        alias: Test
        triggers:
          - {trigger: event, event_type: one, enabled: false}
          - {trigger: event, event_type: two}
        actions: {action: test.note, data: {text: "{{ trigger.idx }}"}}
        """
    )
    home.event("one")
    home.event("two")
    assert home.notes == [1]


class Moody(Trigger):
    """A plugin's trigger, not ready at first."""

    KEY = "moody"
    moods: list[Exception] = []  # noqa: RUF012 - set by each test
    fire: Fire | None = None

    def attach(self, fire: Fire) -> Cancel:
        if Moody.moods:
            raise Moody.moods.pop(0)
        Moody.fire = fire
        return lambda: None


def _moody(home: Any) -> None:
    known = home.hub.known
    home.hub.known = Known(actions=known.actions, triggers={**known.triggers, "moody": Moody})
    home.load(
        """
        alias: Test
        triggers: {trigger: moody}
        actions: {action: test.note, data: {text: "{{ trigger.mood }} {{ trigger.platform }}"}}
        """
    )


def test_a_plugins_trigger_is_used_like_ours(home: Any) -> None:
    _moody(home)
    assert Moody.fire is not None
    fire = Moody.fire

    async def go() -> None:
        fire({"mood": "good"}, None)

    home.hub.run(go())
    assert home.notes == ["good moody"]


def test_a_trigger_whose_plugin_is_not_ready_is_tried_again(home: Any, caplog: Any) -> None:
    Moody.moods, Moody.fire = [NotReady("no broker"), NotReady("no broker")], None
    _moody(home)
    home.wait(4.9)
    assert Moody.fire is None
    home.wait(10)
    assert Moody.fire is not None
    assert len([each for each in caplog.messages if "waits: no broker" in each]) == 1


def test_a_trigger_that_cannot_be_attached_is_told(home: Any, caplog: Any) -> None:
    Moody.moods, Moody.fire = [Invalid("this cannot be")], None
    _moody(home)
    home.wait(60)
    assert Moody.fire is None
    assert "automation 'Test': triggers: this cannot be" in caplog.messages
