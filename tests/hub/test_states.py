import asyncio

import pytest

from hub.api import Invalid, State, StateChanged
from hub.testing import START, TestHub


def test_a_new_state_is_kept_and_told() -> None:
    with TestHub() as hub:
        made = hub.states.set("light.hall", "on", {"brightness": 5}, cause=7)
        assert hub.states.get("light.hall") is made
        (event,) = hub.events.of(StateChanged)
        assert (event.entity, event.old, event.new, event.cause) == ("light.hall", None, made, 7)
        assert made.changed == made.updated == START


def test_what_did_not_change_is_not_told() -> None:
    with TestHub() as hub:
        first = hub.states.set("light.hall", "on", {"brightness": 5})
        assert hub.states.set("light.hall", "on", {"brightness": 5}) is first
        assert len(hub.events.all) == 1


def test_attributes_alone_do_not_move_the_time_of_the_state() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            hub.states.set("light.hall", "on")
            await hub.clock.advance(minutes=1)
            changed = hub.states.set("light.hall", "on", {"brightness": 5})
            assert changed.changed == START
            assert changed.updated == hub.clock.now()
            await hub.clock.advance(minutes=1)
            off = hub.states.set("light.hall", "off")
            assert off.changed == off.updated == hub.clock.now()
            assert off.attributes == {}
            assert len(hub.events.all) == 3

    asyncio.run(scene())


def test_attributes_are_a_copy() -> None:
    with TestHub() as hub:
        given = {"brightness": 5}
        hub.states.set("light.hall", "on", given)
        given["brightness"] = 6
        hub.states.set("light.hall", "on", given)
        assert [each.new and each.new.attributes for each in hub.events.of(StateChanged)] == [
            {"brightness": 5},
            {"brightness": 6},
        ]


def test_a_listener_finds_the_new_state_already_there() -> None:
    with TestHub() as hub:
        seen: list[State | None] = []
        hub.bus.listen(StateChanged, lambda event: seen.append(hub.states.get(event.entity)))
        assert seen == []
        assert [hub.states.set("light.hall", "on")] == seen


def test_a_removed_entity_is_gone_and_told_once() -> None:
    with TestHub() as hub:
        old = hub.states.set("light.hall", "on")
        hub.states.remove("light.hall")
        hub.states.remove("light.hall")
        assert hub.states.get("light.hall") is None
        assert [(each.old, each.new) for each in hub.events.of(StateChanged)] == [
            (None, old),
            (old, None),
        ]


def test_restored_states_are_there_without_a_word() -> None:
    with TestHub() as hub:
        old = State(entity="light.hall", state="on", changed=START, updated=START)
        hub.states.restore([old])
        assert hub.states.get("light.hall") == old
        assert hub.states.set("light.hall", "on") is old
        assert hub.events.all == []


def test_the_view_of_all_follows_and_cannot_be_written() -> None:
    with TestHub() as hub:
        view = hub.states.all()
        hub.states.set("light.hall", "on")
        assert list(view) == ["light.hall"]
        with pytest.raises(TypeError):
            view["light.hall"] = "off"  # type: ignore[index]


@pytest.mark.parametrize(
    "entity", ["", "light", "light.", ".hall", "Light.hall", "light.a b", "a.b.c", "light.x\n"]
)
def test_what_is_not_an_entity_is_refused(entity: str) -> None:
    with TestHub() as hub:
        with pytest.raises(Invalid, match="is not an entity"):
            hub.states.set(entity, "on")
        assert hub.events.all == []


@pytest.mark.parametrize("value", [object(), "\ud800", {(1, 2): 3}])
def test_what_cannot_be_written_down_is_refused(value: object) -> None:
    with TestHub() as hub:
        hub.states.set("light.hall", "on")
        with pytest.raises(Invalid, match=r"light.hall does not hold plain values"):
            hub.states.set("light.hall", "off", {"odd": value})
        found = hub.states.get("light.hall")
        assert found
        assert found.state == "on"
