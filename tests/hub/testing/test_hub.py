import asyncio
from collections.abc import Sequence
from typing import ClassVar

import pytest
import voluptuous as vol

from hub.api import (
    ActionFailed,
    CameraOnline,
    HubStarted,
    Invalid,
    KnownCamera,
    NotReady,
    Service,
    schema,
)
from hub.testing import JPEG, TestContext, TestHub


class Doorbell(Service):
    """A service like a plugin's own."""

    KEY = "doorbell"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("chime", "What to play.", "ding"): schema.text,
    }
    stopped: ClassVar[list[str]] = []

    async def start(self) -> None:
        self.context.bus.listen(CameraOnline, self._ring)
        self.task = self.context.spawn(self._wait(), "wait")

    async def stop(self) -> None:
        self.stopped.append(self.context.name)

    def _ring(self, event: CameraOnline) -> None:
        self.context.states.set("sensor.chime", self.options["chime"], cause=event.sequence)

    async def _wait(self) -> None:
        await self.context.clock.sleep(3600)


def test_a_service_lives_on_it_as_on_the_hub() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            doorbell = await hub.service(Doorbell, {"chime": "dong"})
            hub.fire(CameraOnline(camera="porch"))
            state = hub.states.get("sensor.chime")
            assert state is not None
            assert state.state == "dong"
            assert hub.context("other").ask(Doorbell) is doorbell
            assert hub.events.types == ["camera.online", "state.changed"]
        assert doorbell.task.cancelled()
        assert Doorbell.stopped == ["doorbell"]

    asyncio.run(scene())


def test_options_are_checked_as_the_configurations_are() -> None:
    with TestHub() as hub, pytest.raises(vol.Invalid):
        hub.run(hub.service(Doorbell, {"chine": "dong"}))


def test_a_listener_that_raised_fails_the_test() -> None:
    def broken(event: HubStarted) -> None:
        raise ValueError("oh")

    with pytest.raises(AssertionError, match="broken"), TestHub() as hub:  # noqa: PT012
        hub.bus.listen(HubStarted, broken)
        hub.fire(HubStarted())
    with TestHub(tolerant=True) as hub:
        hub.bus.listen(HubStarted, broken)
        hub.fire(HubStarted())


def test_a_task_that_raised_fails_the_test() -> None:
    async def fail() -> None:
        raise ValueError("oh")

    async def scene() -> None:
        async with TestHub() as hub:
            hub.context("garden").spawn(fail(), "water")  # type: ignore[unused-awaitable]
            await hub.settled()

    with pytest.raises(AssertionError, match="garden: water"):
        asyncio.run(scene())


def test_fake_actions_remember_answer_and_raise() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            hub.fake_action("notify.phone", answer={"id": 1})
            hub.fake_action("light.on", schema={schema.required("entity", "Which."): schema.text})
            hub.fake_action("siren.on", raises=ActionFailed("no power"))
            assert await hub.actions.call("notify.phone", {"any": 1}) == {"id": 1}
            with pytest.raises(Invalid):
                await hub.actions.call("light.on", {})
            with pytest.raises(ActionFailed, match="no power"):
                await hub.actions.call("siren.on", {})
            assert [each.name for each in hub.calls] == ["notify.phone", "siren.on"]

    asyncio.run(scene())


def test_pictures_show_known_cameras_only() -> None:
    async def scene() -> None:
        async with TestHub(cameras={"porch": KnownCamera()}) as hub:
            assert await hub.pictures.latest("porch") == JPEG
            with pytest.raises(Invalid):
                await hub.pictures.latest("cellar")
            hub.pictures.jpeg = NotReady("no frame yet")
            with pytest.raises(NotReady):
                await hub.pictures.latest("porch")

    asyncio.run(scene())


def test_the_journal_answers_like_the_real_one() -> None:
    async def scene() -> Sequence[bytes]:
        async with TestHub() as hub:
            hub.fire(HubStarted())
            hub.fire(CameraOnline(camera="a"))
            hub.fire(CameraOnline(camera="b"))
            assert len(await hub.journal.recent()) == 3
            assert await hub.journal.recent(limit=0) == []
            return await hub.journal.recent(limit=1, types=["camera.online"])

    (row,) = asyncio.run(scene())
    assert b'"camera":"b"' in row


def test_asking_for_what_nobody_offers_is_not_ready() -> None:
    with TestHub() as hub, pytest.raises(NotReady, match="no Doorbell"):
        hub.context().ask(Doorbell)


def test_folders_are_there_and_gone_afterwards() -> None:
    with TestHub() as hub:
        context: TestContext = hub.context()
        (context.paths.data / "x").write_text("y")
    assert not context.paths.data.exists()
