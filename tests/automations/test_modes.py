"""What happens when a trigger matches while a run goes on, and who stops whom."""

import asyncio
from typing import Any

import pytest

from hub.api import ActionCall, ActionSpec, AutomationTriggered


def _load(home: Any, rest: str = "", delay: str = "10") -> None:
    home.load(
        f"""
        alias: Test
        {rest}
        triggers: {{trigger: event, event_type: go}}
        actions:
          - {{action: test.note, data: {{text: "begin {{{{ trigger.event.data.n }}}}"}}}}
          - {{delay: {delay}}}
          - {{action: test.note, data: {{text: "end {{{{ trigger.event.data.n }}}}"}}}}
        """
    )


@pytest.mark.feature("mode: single", "supported")
def test_single_refuses_and_says_so_once(home: Any, caplog: Any) -> None:
    _load(home)
    for n in (1, 2, 3):
        home.event("go", n=n)
    home.wait(11)
    home.event("go", n=4)
    assert home.notes == ["begin 1", "end 1", "begin 4"]
    assert [each for each in caplog.messages if "still runs" in each] == [
        "automation 'Test' was triggered while it still runs (mode single, 1 running)"
    ]


@pytest.mark.feature("mode: max_exceeded", "supported")
def test_max_exceeded_may_be_silent(home: Any, caplog: Any) -> None:
    _load(home, "max_exceeded: silent")
    home.event("go", n=1)
    home.event("go", n=2)
    assert not [each for each in caplog.messages if "still runs" in each]


@pytest.mark.feature("mode: restart", "supported")
def test_restart_cancels_what_runs(home: Any) -> None:
    _load(home, "mode: restart")
    home.event("go", n=1)
    home.wait(5)
    home.event("go", n=2)
    home.wait(11)
    assert home.notes == ["begin 1", "begin 2", "end 2"]
    assert home.results == [("cancelled", ""), ("finished", "")]


@pytest.mark.feature("mode: queued, max", "supported")
def test_queued_runs_one_after_the_other_up_to_max(home: Any) -> None:
    _load(home, "mode: queued\n        max: 3")
    for n in (1, 2, 3, 4):
        home.event("go", n=n)
    home.wait(31)
    assert home.notes == ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]


def test_a_long_queue_of_quick_runs_is_worked_off(home: Any) -> None:
    _load(home, "mode: queued\n        max: 2000", '"{{ 10 if trigger.event.data.n == 0 else 0 }}"')
    for n in range(1500):
        home.hub.run(_fire(home, n))
    home.wait(11)
    assert len(home.notes) == 3000


async def _fire(home: Any, n: int) -> None:
    from hub.api import EventFired

    home.hub.fire(EventFired(name="go", data={"n": n}))


@pytest.mark.feature("mode: parallel, max", "supported")
def test_parallel_runs_at_once_up_to_max(home: Any) -> None:
    _load(home, "mode: parallel\n        max: 2")
    for n in (1, 2, 3):
        home.event("go", n=n)
    home.wait(11)
    assert home.notes == ["begin 1", "begin 2", "end 1", "end 2"]


def test_each_run_is_named_apart(home: Any) -> None:
    _load(home, "mode: parallel")
    home.event("go", n=1)
    home.event("go", n=2)
    runs = {each.run for each in home.hub.events.of(AutomationTriggered)}
    assert len(runs) == 2


def test_stopping_ends_the_queue_too(home: Any) -> None:
    _load(home, "mode: queued")
    home.event("go", n=1)
    home.event("go", n=2)
    home.call("automation.turn_off", entity_id="automation.test")
    home.wait(30)
    assert home.notes == ["begin 1"]


def _handle(home: Any, handler: Any) -> None:
    home.hub.actions.register(ActionSpec(name="test.odd", description="Odd."), handler)
    home.learn()


def test_a_run_that_never_waits_needs_no_task(home: Any) -> None:
    seen: list[object] = []

    async def handler(call: ActionCall) -> None:
        seen.append(asyncio.current_task())

    _handle(home, handler)

    async def go() -> None:
        from hub.api import EventFired

        before = asyncio.all_tasks()
        home.hub.fire(EventFired(name="go"))
        assert asyncio.all_tasks() == before
        assert asyncio.current_task() in before
        assert len(seen) == 1

    home.load("{alias: T, triggers: {trigger: event, event_type: go}, actions: {action: test.odd}}")
    home.hub.run(go())
    assert not isinstance(seen[0], asyncio.Task)


def test_an_actions_timeout_works_before_there_is_a_task_and_after(home: Any) -> None:
    """``asyncio.timeout`` asks for the current task, which is then another object."""

    async def handler(call: ActionCall) -> None:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            await home.hub.actions.call("test.note", {"text": "timed out"})

    _handle(home, handler)
    home.actions("[{action: test.odd}, {action: test.odd}]")
    for _ in range(500):  # until both are over, ten seconds at most
        if len(home.notes) == 2:
            break
        home.hub.run(asyncio.sleep(0.02))
    assert home.notes == ["timed out", "timed out"]
    assert home.results == [("finished", "")]


def test_an_actions_group_of_tasks_works_before_there_is_a_task(home: Any) -> None:
    async def handler(call: ActionCall) -> None:
        async def note(text: str) -> None:
            await home.hub.actions.call("test.note", {"text": text})

        async with asyncio.TaskGroup() as group:
            group.create_task(note("one"))
            group.create_task(note("two"))

    _handle(home, handler)
    home.actions("[{action: test.odd}, {action: test.note, data: {text: end}}]")
    assert home.notes == ["one", "two", "end"]


def test_an_action_that_cancels_itself_is_cancelled_at_its_next_wait(home: Any) -> None:
    async def handler(call: ActionCall) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        assert task.cancelling() == 1

    _handle(home, handler)
    home.actions("[{action: test.odd}, {delay: 1}, {action: test.note, data: {text: never}}]")
    home.wait(2)
    assert home.notes == []
    assert home.results == [("cancelled", "")]


def test_an_automation_may_restart_itself(home: Any) -> None:
    home.load(
        """
        alias: Test
        mode: restart
        triggers: {trigger: event, event_type: go}
        actions:
          - {delay: 2}
          - {action: test.note, data: {text: "{{ trigger.event.data.n }}"}}
          - if: "{{ trigger.event.data.n < 2 }}"
            then: {event: go, event_data: {n: "{{ trigger.event.data.n + 1 }}"}}
          - {delay: 1}
          - {action: test.note, data: {text: "end {{ trigger.event.data.n }}"}}
        """
    )
    home.event("go", n=1)
    home.wait(10)
    assert home.notes == [1, 2, "end 2"]


def test_a_bug_in_a_plugins_condition_loses_nothing_else(clumsy_home: Any) -> None:
    from hub.api import Condition, Known

    class Broken(Condition):
        KEY = "broken"

        def holds(self, variables: Any) -> bool:
            raise KeyError("a plugin's bug")

    home = clumsy_home
    known = home.hub.known
    home.hub.known = Known(
        actions=known.actions, triggers=known.triggers, conditions={"broken": Broken}
    )
    home.load(
        """
        - alias: Bad
          triggers: {trigger: event, event_type: go}
          actions: [{condition: broken}, {action: test.note, data: {text: never}}]
        - alias: Good
          triggers: {trigger: event, event_type: go}
          actions: {action: test.note, data: {text: good}}
        """
    )
    home.event("go")
    home.event("go")
    assert home.notes == ["good", "good"]
    assert ("failed", "something unexpected, see the log") in home.results


@pytest.mark.parametrize("mode", ["single", "restart", "queued", "parallel"])
def test_no_run_is_left_behind(home: Any, mode: str) -> None:
    _load(home, f"mode: {mode}", "0.5")
    for n in range(10):
        home.event("go", n=n)
        home.wait(0.3)
    home.wait(30)
    begun = home.hub.events.of(AutomationTriggered)
    assert len(home.results) == len(begun) > 1
    assert home.attributes("automation.test")["current"] == 0
    assert home.attributes("automation.test")["runs"] == len(begun)
