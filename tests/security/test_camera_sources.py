"""What a camera's address may be (S07), and that its password stays with us (S29)."""

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import voluptuous as vol

from hub.api import Camera, HubError, Pace, StreamSource
from hub.core.components import load
from hub.ingest.reading import Raw, read
from tests.hub.ingest.harness import Offline, Online, camera, running
from tests.servers import Clip, HlsServer, MjpegServer, RtspServer

NETWORK = {
    "rtsp": "rtsp://viewer:{}@127.0.0.1:1/x",
    "mjpeg": "http://viewer:{}@127.0.0.1:1/x",
    "hls": "http://viewer:{}@127.0.0.1:1/x.m3u8",
    "rtmp": "rtmp://viewer:{}@127.0.0.1:1/x/y",
}
ATTACKS = [
    "exec:id", "EXEC:id", " exec:id", "exec://id", "echo:rtsp://10.0.0.7/", "ffmpeg:rtsp://h/#video=h264",
    "file:///etc/passwd", "file:/etc/passwd", "concat:/etc/passwd|/etc/hosts", "CONCAT:a|b",
    "subfile,,start,0,end,9,,:/etc/passwd", "gopher://127.0.0.1/", "unix:/run/docker.sock",
    "data:video/mp4;base64,AAAA", "pipe:0", "async:file:/etc/passwd", "cache:http://h/", "fd:0",
    "crypto:/etc/passwd", "tcp://127.0.0.1:22", "udp://239.0.0.1:1", "srt://h:1", "lavfi:testsrc",
    "tee:/tmp/x", "md5:/tmp/x", "hls+file:///etc/passwd", "rtp://h:1", "ftp://h/x", "sftp://h/x",
    "rtsp:///etc/passwd", "/etc/passwd", "../../etc/passwd", "${CAMERA_URL}", "-i /etc/passwd",
    "rtsp://h/x\nexec:id", "rtsp://h/ -f lavfi", "rtsp://h\x00/x", "", "rtsp:exec:id",
]  # fmt: skip


@pytest.mark.parametrize("platform", NETWORK)
@pytest.mark.parametrize("address", ATTACKS)
def test_s07_what_is_no_camera_address_is_refused_by_the_schema(
    platform: str, address: str
) -> None:
    with pytest.raises(vol.Invalid, match=r"address|text"):
        camera("porch", platform, source=address)


@pytest.mark.parametrize("platform", NETWORK)
@pytest.mark.parametrize("source", [{"url": "exec:id"}, ["rtsp://h/"], 7, None, True])
def test_s07_an_address_is_a_text_and_nothing_else(platform: str, source: object) -> None:
    with pytest.raises(vol.Invalid, match="expected a text"):
        camera("porch", platform, source=source)


def test_s07_a_second_address_is_looked_at_as_closely() -> None:
    with pytest.raises(vol.Invalid, match="not with 'exec'"):
        camera("porch", "rtsp", streams={"main": "rtsp://10.0.0.7/main", "sub": "exec:id"})


@pytest.mark.parametrize(
    "path", [each for each in ATTACKS if not each.startswith(("/", "..", "$", "-"))]
)
def test_s07_a_recording_is_a_path_and_nothing_else(path: str) -> None:
    with pytest.raises(vol.Invalid):
        camera("yard", "file", source=path)


def told(source: StreamSource) -> Iterator[Raw]:
    with closing(read(source, threading.Event())) as items:  # type: ignore[type-var]
        for each in items:
            if isinstance(each, Raw):
                yield each


@pytest.mark.parametrize(
    "url",
    ["file:{}", "concat:{}", "subfile,,start,0,end,9999,,:{}", "async:file:{}", "cache:{}", "{}"],
)
@pytest.mark.parametrize("platform", NETWORK)
def test_s07_past_the_schema_ffmpeg_still_opens_no_other_protocol(
    film: Path, platform: str, url: str
) -> None:
    kind = load(platform, platform, Camera)
    good = camera("porch", platform, source=NETWORK[platform].format("x")).options
    (source,) = kind("porch", {**good, "source": url.format(film)}).streams()
    with pytest.raises(HubError):
        next(told(source))


@pytest.mark.parametrize("url", ["http://127.0.0.1:{}/x.mp4", "tcp://127.0.0.1:{}", "concat:{}|{}"])
def test_s07_a_recording_never_asks_the_network(url: str, film: Path) -> None:
    with MjpegServer(film) as canary:
        source = StreamSource(url=url.format(canary.port, film), protocols=("file",), pace=Pace.MAX)
        with pytest.raises(HubError):
            next(told(source))
        assert canary.connections == 0


def test_s07_a_recording_that_names_other_files_is_not_followed(film: Path, tmp_path: Path) -> None:
    playlist, script = tmp_path / "list.m3u8", tmp_path / "list.ffconcat"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{film}\n#EXT-X-ENDLIST\n")
    script.write_text(f"ffconcat version 1.0\nfile {film.name}\n")
    (tmp_path / film.name).write_bytes(film.read_bytes())
    for path in (playlist, script):
        (source,) = load("file", "file", Camera)(
            "yard", {"source": str(path), "loop": False, "pace": "max"}
        ).streams()
        with pytest.raises(HubError):
            next(told(source))


def test_s07_a_camera_that_redirects_to_a_file_gets_nowhere(film: Path) -> None:
    with MjpegServer(film) as server, running() as (worker, ear):
        server.redirect = f"file://{film}"
        worker.plan(camera("printer", "mjpeg", ear.path, source=server.url()))
        assert worker.wait(Offline)[0].camera == "printer"
        assert worker.of(Online) == []


def test_s07_a_playlist_that_names_a_file_gets_nowhere(film: Path) -> None:
    head = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n"
    with HlsServer(film) as server, running() as (worker, ear):
        server.playlist = f"{head}concat:{film}|{film}\n#EXT-X-ENDLIST\n"
        worker.plan(camera("harbour", "hls", ear.path, source=server.url()))
        assert worker.wait(Offline, limit=25)[0].camera == "harbour"
        assert worker.of(Online) == []


CANARY = "canary-9h3Jq/x#1"


@pytest.mark.parametrize("platform", NETWORK)
def test_s29_an_error_of_the_schema_does_not_repeat_the_address(platform: str) -> None:
    for broken in (f"viewer:{CANARY}@10.0.0.7/x", f"rtps://viewer:{CANARY}@10.0.0.7/x", CANARY):
        with pytest.raises(vol.Invalid) as refused:
            camera("porch", platform, source=broken)
        assert "canary" not in str(refused.value)


def test_s29_the_password_is_in_no_message_line_argument_or_representation(
    clip: Clip, film: Path
) -> None:
    cameras = [
        camera(name, name, source=url.format("canary-9h3Jq"), username="viewer", password=CANARY)
        for name, url in NETWORK.items()
    ]
    for each in cameras:
        (source,) = load(each.plugin, each.key, Camera)(each.name, each.options).streams()
        assert "canary" not in repr(source)
    with (
        RtspServer(clip, auth="digest") as wrong,
        RtspServer(clip, auth="basic", password=CANARY) as right,
        MjpegServer(film, auth="digest", password=CANARY) as dropped,
        running(WATCHPOST_LOG="DEBUG") as (worker, ear),
    ):
        worker.plan(
            *cameras,
            camera("wrong", "rtsp", ear.path, source=wrong.url(password=CANARY)),
            camera("right", "rtsp", ear.path, source=right.url()),
            camera("dropped", "mjpeg", ear.path, source=dropped.url()),
        )
        worker.wait(Offline, 5)
        worker.wait(Online, 2)
        right.stop()
        dropped.stop()
        worker.wait(Offline, 7)
        asyncio.run(asyncio.sleep(0.5))
        processes = subprocess.check_output(["ps", "-eo", "args"], text=True)
        worker.stop()
        assert "canary" not in worker.texts()
        assert "canary" not in processes.replace("pytest", "")
        assert {each.camera: each.reason for each in worker.of(Offline)}[
            "wrong"
        ] == "wrong password"
