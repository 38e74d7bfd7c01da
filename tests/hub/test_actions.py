import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from hub.actions import ActionRegistry
from hub.api import (
    ActionCall,
    ActionFailed,
    ActionSpec,
    Answer,
    Invalid,
    NotReady,
    Rejected,
    UnknownAction,
    schema,
)

SPEC = ActionSpec(
    name="notify.phone",
    description="Send a message.",
    schema={
        schema.required("message", "What to say."): schema.text,
        schema.optional("priority", "How urgent.", 3): schema.whole(1, 5),
        schema.optional("place", "Where."): {schema.optional("x", "Across."): schema.number(0, 1)},
    },
)
NOTHING = ActionSpec(name="hub.beep", description="Beep.")


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    return asyncio.run(work)


class Handler:
    """Remembers calls, and answers or raises."""

    def __init__(self, answer: Answer = None, error: Exception | None = None) -> None:
        self.calls: list[ActionCall] = []
        self.answer = answer
        self.error = error

    async def __call__(self, call: ActionCall) -> Answer:
        self.calls.append(call)
        if self.error is not None:
            raise self.error
        return self.answer


def test_a_call_is_validated_handled_and_answered() -> None:
    actions = ActionRegistry()
    handler = Handler({"path": "a.jpg"})
    actions.register(SPEC, handler)
    assert run(actions.call("notify.phone", {"message": "hi"}, cause=7)) == {"path": "a.jpg"}
    data = {"message": "hi", "priority": 3}
    assert handler.calls == [ActionCall(name="notify.phone", data=data, cause=7)]


def test_an_action_without_options_takes_none() -> None:
    actions = ActionRegistry()
    handler = Handler()
    actions.register(NOTHING, handler)
    run(actions.call("hub.beep", {}))
    assert handler.calls[0].data == {}
    with pytest.raises(Invalid, match=r"hub\.beep: 'loud' is not one of its options$"):
        run(actions.call("hub.beep", {"loud": True}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "notify.phone: 'message' is missing"),
        (
            {"mesage": "x", "message": "y"},
            "notify.phone: 'mesage' is not one of its options. Did you mean 'message'?",
        ),
        (
            {"message": "y", "priority": 9},
            "notify.phone: 'priority': expected a number from 1 to 5, got 9",
        ),
        (
            {"message": 5, "priority": "high"},
            "notify.phone: 'message': expected a text, got 5: write it in quotes; "  # noqa: ISC004
            "'priority': expected a number, got 'high'",
        ),
        (
            {"message": "y", "place": {"x": 2}},
            "notify.phone: 'place.x': expected a number from 0 to 1, got 2",
        ),
        ({"message": "y", "place": {"y": 2}}, "notify.phone: 'place.y' is not one of its options"),
    ],
)
def test_wrong_data_is_explained_and_never_reaches_the_handler(
    data: dict[str, object], words: str
) -> None:
    actions = ActionRegistry()
    handler = Handler()
    actions.register(SPEC, handler)
    with pytest.raises(Invalid) as caught:
        run(actions.call("notify.phone", data))
    assert str(caught.value) == words
    assert handler.calls == []


def test_an_unknown_action_is_explained() -> None:
    actions = ActionRegistry()
    actions.register(SPEC, Handler())
    with pytest.raises(UnknownAction, match=r"no action 'notify\.fone'.*Did you mean 'notify\.ph"):
        run(actions.call("notify.fone", {}))


def test_a_name_is_taken_once_and_free_again_after_cancelling() -> None:
    actions = ActionRegistry()
    cancel = actions.register(NOTHING, Handler())
    with pytest.raises(Invalid, match="registered already"):
        actions.register(NOTHING, Handler())
    assert actions.known() == {"hub.beep": NOTHING}
    cancel()
    actions.register(NOTHING, Handler())
    cancel()  # the first owner's: the second stays
    assert actions.known() == {"hub.beep": NOTHING}


@pytest.mark.parametrize("name", ["beep", "hub.", "Hub.beep", "hub.beep.loud", ""])
def test_what_is_not_an_actions_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="is not an action's name"):
        ActionRegistry().register(ActionSpec(name=name, description="?"), Handler())


@pytest.mark.parametrize("error", [NotReady("the phone is off"), Rejected("the phone is off")])
def test_an_outside_that_fails_is_a_failed_action(error: Exception) -> None:
    actions = ActionRegistry()
    actions.register(NOTHING, Handler(error=error))
    with pytest.raises(ActionFailed) as caught:
        run(actions.call("hub.beep", {}))
    assert str(caught.value) == "hub.beep: the phone is off"
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [ActionFailed("no film"), Invalid("there is no camera 'x'")])
def test_a_handlers_own_verdict_passes_through(error: Exception) -> None:
    actions = ActionRegistry()
    actions.register(NOTHING, Handler(error=error))
    with pytest.raises(type(error)) as caught:
        run(actions.call("hub.beep", {}))
    assert caught.value is error


def test_a_bug_in_a_handler_is_a_failed_action_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    actions = ActionRegistry()
    actions.register(NOTHING, Handler(error=ZeroDivisionError("by zero")))
    for _ in range(3):
        with pytest.raises(ActionFailed, match=r"hub\.beep failed: ZeroDivisionError: by zero"):
            run(actions.call("hub.beep", {}))
    (record,) = caplog.records
    assert record.exc_info is not None


def test_a_cancelled_call_is_cancelled() -> None:
    async def scene() -> None:
        async def forever(call: ActionCall) -> Answer:
            await asyncio.sleep(3600)
            return None

        actions = ActionRegistry()
        actions.register(NOTHING, forever)
        task = asyncio.ensure_future(actions.call("hub.beep", {}))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scene())


def test_a_call_that_never_waits_needs_no_event_loop() -> None:
    actions = ActionRegistry()
    actions.register(NOTHING, Handler({"done": True}))
    call = actions.call("hub.beep", {})
    with pytest.raises(StopIteration) as ended:
        call.send(None)
    assert ended.value.value == {"done": True}


def test_an_error_that_holds_a_password_is_told_without_it() -> None:
    async def send(_: ActionCall) -> Answer:
        raise ConnectionError("POST https://bot:s3cret-word@api.example/send failed")

    async def story() -> None:
        actions = ActionRegistry()
        actions.register(ActionSpec(name="notify.phone", description="d", schema={}), send)
        with pytest.raises(ActionFailed, match=r"notify\.phone failed") as caught:
            await actions.call("notify.phone", {})
        assert "s3cret-word" not in str(caught.value)

    asyncio.run(story())
