"""Notes come, are replaced, go, and outlive the hub."""

import asyncio

import pytest

from hub.api import Answer, Invalid, NotificationCreated
from hub.testing import TestHub
from integrations.persistent_notification.service import KIND, MOST, Notes


async def create(hub: TestHub, **data: object) -> Answer:
    return await hub.actions.call(f"{KIND}.create", data)


def test_a_note_is_an_entity_and_an_event() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await hub.service(Notes)
            answer = await create(hub, message="At the door", title="Porch", notification_id="door")
            state = hub.states.get(f"{KIND}.door")
            (event,) = hub.events.of(NotificationCreated)

            assert answer == {"notification_id": "door"}
            assert state.state == "notifying"
            assert state.attributes == {
                "title": "Porch",
                "message": "At the door",
                "created": hub.clock.now().isoformat(),
            }
            assert (event.notification, event.title, event.message) == (
                "door",
                "Porch",
                "At the door",
            )

    asyncio.run(story())


def test_a_note_replaces_the_one_of_its_id_and_others_get_ids_of_their_own() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await hub.service(Notes)
            for message in ("first", "second"):
                await create(hub, message=message, notification_id="door")
            answers = [await create(hub, message="third"), await create(hub, message="fourth")]
            assert hub.states.get(f"{KIND}.door").attributes["message"] == "second"
            assert len(hub.states.all()) == 3
            assert answers[0] != answers[1]

    asyncio.run(story())


def test_a_dismissed_note_is_gone_and_dismissing_it_again_is_no_error() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await hub.service(Notes)
            answer = await create(hub, message="At the door")
            for _ in range(2):
                await hub.actions.call(f"{KIND}.dismiss", answer)
            assert not hub.states.all()

    asyncio.run(story())


def test_ids_of_home_assistant_users_work() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await hub.service(Notes)
            answer = await create(hub, message=21.5, notification_id="Front-Door.1")
            assert answer == {"notification_id": "front_door_1"}
            await hub.actions.call(f"{KIND}.dismiss", {"notification_id": "Front-Door.1"})
            assert not hub.states.all()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "'message' is missing"),
        ({"message": ""}, "got an empty one"),
        ({"message": "x", "notification_id": "a b"}, "'a b' is not an id"),
        ({"message": "x", "titel": "y"}, "Did you mean 'title'"),
    ],
)
def test_wrong_data_is_explained(data: dict[str, object], words: str) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await hub.service(Notes)
            with pytest.raises(Invalid, match=words):
                await create(hub, **data)

    asyncio.run(story())


def test_notes_survive_a_restart_and_can_be_dismissed_after_it() -> None:
    async def story() -> None:
        async with TestHub() as before:
            await before.service(Notes)
            await create(before, message="At the door", notification_id="door")
            kept = list(before.states.all().values())
        async with TestHub() as after:
            after.states.restore(kept)
            await after.service(Notes)
            assert after.states.get(f"{KIND}.door").attributes["message"] == "At the door"
            await after.actions.call(f"{KIND}.dismiss", {"notification_id": "door"})
            assert not after.states.all()

    asyncio.run(story())


def test_too_many_notes_lose_the_oldest() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await hub.service(Notes)
            for number in range(MOST + 2):
                await create(hub, message=str(number), notification_id=f"n{number}")
                await hub.clock.advance(1)
            messages = {each.attributes["message"] for each in hub.states.all().values()}
            assert messages == {str(number) for number in range(2, MOST + 2)}

    asyncio.run(story())
