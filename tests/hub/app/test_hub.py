"""A whole hub, from its start to its stop, when something on the way does not go well."""

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hub.api import Invalid, NotReady, Service
from hub.app.hub import Hub
from hub.app.workers import _sockets
from hub.cli.configuration import configuration
from hub.settings import ComponentSettings


class Stuck(Service):
    """A service whose start never ends."""

    KEY = "stuck"

    async def start(self) -> None:
        await asyncio.sleep(3600)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text("web: {port: 0}\nhub: {data: data}\n")
    return tmp_path


def made(folder: Path, *services: type[Service]) -> Hub:
    """Return a hub as the command makes it, with more services."""
    settings, registry = configuration(folder)
    more = {
        each.KEY: ComponentSettings(
            name=each.KEY, plugin=each.KEY, key=each.KEY, component=each, options={}
        )
        for each in services
    }
    return Hub(replace(settings, services={**settings.services, **more}), registry)


def test_who_wants_to_stop_does_not_wait_for_a_start_that_hangs(folder: Path) -> None:
    async def story() -> tuple[float, list[str]]:
        hub, until, said = made(folder, Stuck), asyncio.Event(), list[str]()
        asyncio.get_running_loop().call_later(1.0, until.set)
        began = time.monotonic()
        await hub.run(until, lambda: said.append("ready"))
        return time.monotonic() - began, said

    took, said = asyncio.run(story())
    assert took < 4.5
    assert said == []


def test_a_second_hub_is_refused_and_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    temporary = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    async def story() -> None:
        ready, until = asyncio.Event(), asyncio.Event()
        running = asyncio.ensure_future(made(folder).run(until, ready.set))
        await ready.wait()
        with pytest.raises(Invalid, match="another hub"):
            await made(folder).run(asyncio.Event(), lambda: None)
        until.set()
        await running

    asyncio.run(story())
    assert [*temporary.iterdir()] == []


def test_a_database_that_cannot_be_opened_is_said_and_everything_is_stopped(folder: Path) -> None:
    (folder / "data" / "watchpost.db").mkdir(parents=True)

    async def story() -> None:
        hub = made(folder)
        with pytest.raises(NotReady, match=r"watchpost\.db"):
            await hub.run(asyncio.Event(), lambda: None)
        assert hub.lifecycle.states == {}

    asyncio.run(story())


def test_a_long_name_of_the_temporary_folder_does_not_keep_vision_from_listening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "x" * 100)  # noqa: S108 - only its length
    assert len(str(_sockets() / "vision.sock")) < 108
