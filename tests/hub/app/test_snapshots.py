"""``camera.snapshot`` writes pictures, and bounds how many."""

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.api import ActionFailed, KnownCamera, NotReady
from hub.app import snapshots
from hub.app.actions import SNAPSHOT
from hub.app.snapshots import Snapshots
from hub.testing import TestHub


def offer(hub: TestHub, zone: str = "UTC") -> Path:
    media = hub.paths.media
    taker = Snapshots(hub.pictures, hub.clock, ZoneInfo(zone), media)
    hub.actions.register(SNAPSHOT, taker.take)
    return media


@pytest.fixture
def hub() -> TestHub:
    return TestHub(cameras={"porch": KnownCamera()})


def test_a_snapshot_answers_with_the_path_of_a_jpeg(hub: TestHub) -> None:
    with hub:
        media = offer(hub, "Asia/Tokyo")
        answer = hub.run(hub.actions.call("camera.snapshot", {"camera": "porch"}))
        taken = hub.clock.now().astimezone(ZoneInfo("Asia/Tokyo"))

        assert answer
        path = Path(str(answer["path"]))
        assert path.parent == media / "snapshots" / "porch" / f"{taken:%Y-%m-%d}"
        assert path.name.startswith(f"{taken:%H%M%S}")
        assert path.read_bytes() == hub.pictures.jpeg
        assert path.stat().st_mode & 0o777 == 0o640


def test_only_the_newest_are_kept(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "KEPT", 3)
    with hub:
        media = offer(hub)
        paths = []
        for _ in range(5):
            answer = hub.run(hub.actions.call("camera.snapshot", {"camera": "porch"}))
            assert answer
            paths.append(Path(str(answer["path"])))
            hub.run(hub.clock.advance(hours=20))

        assert sorted(media.rglob("*.jpg")) == paths[2:]
        assert not paths[0].parent.exists()


def test_a_camera_that_shows_nothing_is_said(hub: TestHub) -> None:
    with hub:
        media = offer(hub)
        hub.pictures.jpeg = NotReady("no frame yet")
        with pytest.raises((ActionFailed, NotReady), match="no frame yet"):
            hub.run(hub.actions.call("camera.snapshot", {"camera": "porch"}))

        assert not list(media.rglob("*.*"))


@pytest.mark.parametrize("name", ["../etc", "/etc/passwd", "", "Porch Cam"])
def test_a_name_never_becomes_a_path(hub: TestHub, name: str) -> None:
    with hub:
        media = offer(hub)
        with pytest.raises(Exception, match=r"name|text"):
            hub.run(hub.actions.call("camera.snapshot", {"camera": name}))

        assert not list(media.rglob("*"))


def test_snapshots_of_one_moment_are_files_of_their_own(hub: TestHub) -> None:
    async def together() -> list[object]:
        calls = [hub.actions.call("camera.snapshot", {"camera": "porch"}) for _ in range(20)]
        return [answer and answer["path"] for answer in await asyncio.gather(*calls)]

    with hub:
        media = offer(hub)
        paths = hub.run(together())

        assert sorted(map(str, media.rglob("*.jpg"))) == sorted(set(map(str, paths)))
        assert len(set(paths)) == 20
        assert not [*media.rglob("*.part")]


def test_a_folder_that_cannot_be_written_is_said(hub: TestHub) -> None:
    with hub:
        media = offer(hub)
        (media / "snapshots").write_text("a file where the folder should be")
        with pytest.raises(ActionFailed, match="the picture cannot be stored: "):
            hub.run(hub.actions.call("camera.snapshot", {"camera": "porch"}))
