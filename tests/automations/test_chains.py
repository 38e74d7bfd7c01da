"""Automations that trigger each other without end are stopped; those that mean it are not."""

from typing import Any

from hub.api import AutomationFinished, AutomationTriggered, EventFired


def test_two_that_trigger_each_other_are_stopped_with_words(home: Any, caplog: Any) -> None:
    home.load(
        """
        - {alias: Ping, triggers: {trigger: event, event_type: ping}, actions: {event: pong}}
        - {alias: Pong, triggers: {trigger: event, event_type: pong}, actions: {event: ping}}
        """
    )
    home.event("ping")
    assert len(home.hub.events.of(AutomationTriggered)) == 20
    (told,) = [each for each in caplog.messages if "without end" in each]
    assert told == (
        "automation 'Ping': not run: automations trigger each other without end "
        "(... -> Pong -> Ping -> Pong -> Ping)"
    )


def test_the_rest_of_the_hub_goes_on(home: Any) -> None:
    home.load(
        """
        - {alias: Loop, triggers: {trigger: event, event_type: go}, actions: {event: go}}
        - alias: Other
          triggers: {trigger: event, event_type: bell}
          actions: {action: test.note, data: {text: rang}}
        """
    )
    home.event("go")
    home.event("bell")
    assert home.notes == ["rang"]


def test_a_chain_through_its_own_entity_is_seen(home: Any) -> None:
    home.load(
        """
        alias: Other
        mode: parallel
        triggers:
          - {trigger: event, event_type: automation.finished}
          - {trigger: event, event_type: go}
        actions: {variables: {a: 1}}
        """
    )
    home.event("go")
    assert len(home.hub.events.of(AutomationFinished)) == 20


def test_one_that_waits_and_starts_itself_again_is_a_timer(home: Any) -> None:
    home.load(
        """
        alias: Clock
        mode: queued
        triggers: {trigger: event, event_type: go}
        actions: [{action: test.note, data: {text: tick}}, {delay: 2}, {event: go}]
        """
    )
    home.event("go")
    home.wait(100)
    assert len(home.notes) == 51


def test_a_chain_whose_causes_nobody_tells_is_stopped_too(home: Any, caplog: Any) -> None:
    async def careless(call: Any) -> None:
        home.hub.fire(EventFired(name="go"))

    from hub.api import ActionSpec

    home.hub.actions.register(ActionSpec(name="test.careless", description="."), careless)
    home.learn()
    home.load(
        "{alias: A, triggers: {trigger: event, event_type: go}, actions: {action: test.careless}}"
    )
    home.event("go")
    assert len(home.hub.events.of(AutomationTriggered)) == 1000
    assert [each for each in caplog.messages if "triggered 1000 times at once" in each]


def test_many_events_one_after_the_other_are_no_chain(home: Any) -> None:
    home.load(
        """
        alias: Count
        triggers: {trigger: event, event_type: go}
        actions: {action: test.note, data: {text: "{{ trigger.event.data.n }}"}}
        """
    )
    for n in range(100):
        home.event("go", n=n)
    assert home.notes == list(range(100))
