"""One camera and its streams: who shares a connection, and which stream speaks for the camera."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
import voluptuous as vol

from hub.api import Camera, Role, StreamFormat
from hub.core.stream import StreamPacket
from hub.ingest.holding import SMALL_FIRST, Holding, Wanted
from hub.ingest.messages import Offline, Online
from integrations.rtsp.camera import RtspCamera
from tests.servers import Clip, RtspServer

MAIN = (Role.MAIN,)


class Kept:
    """A sink that keeps what it gets, as a recorder might."""

    def __init__(self) -> None:
        self.formats: list[StreamFormat] = []
        self.packets: list[StreamPacket] = []
        self.ended = self.closed = False

    def begin(self, format: StreamFormat) -> None:  # noqa: A002 - it is the format
        self.formats.append(format)

    def take(self, packet: StreamPacket) -> None:
        self.packets.append(packet)

    def end(self) -> None:
        self.ended = True

    def close(self) -> None:
        self.closed = True


class Held:
    """A camera that is held, and what it said."""

    def __init__(self, make: Callable[[], Camera], *wanted: tuple[Kept, Sequence[Role]]) -> None:
        self.said: list[Online | Offline] = []
        sinks = [Wanted(roles=roles, make=lambda _, sink=sink: sink) for sink, roles in wanted]
        self.holding = Holding("porch", make, sinks, self.said.append)

    def until(self, what: Callable[[], object], limit: float = 10.0) -> None:
        end = time.monotonic() + limit
        while not what():
            assert time.monotonic() < end, self.said
            self.holding.check(time.monotonic())
            time.sleep(0.02)


@contextmanager
def held(
    streams: dict[str, object] | Callable[[], Camera], *wanted: tuple[Kept, Sequence[Role]]
) -> Iterator[Held]:
    made = streams
    if isinstance(streams, dict):
        options = vol.Schema(dict(RtspCamera.SCHEMA))(streams)
        made = lambda: RtspCamera("porch", options)  # noqa: E731
    camera = Held(made, *wanted)
    camera.holding.start()
    try:
        yield camera
    finally:
        camera.holding.stop()
        camera.holding.join(5.0)


def test_two_uses_of_one_stream_share_its_connection(clip: Clip) -> None:
    looked, recorded = Kept(), Kept()
    with (
        RtspServer(clip) as server,
        held({"source": server.url()}, (looked, SMALL_FIRST), (recorded, MAIN)) as porch,
    ):
        porch.until(lambda: len(recorded.packets) >= 30)
        assert server.connections == 1
        first = recorded.packets[:20]
        assert looked.packets[:20] == first
        assert first[0].key


def test_each_stream_that_is_wanted_has_a_connection_of_its_own(clip: Clip, small: Clip) -> None:
    looked, recorded = Kept(), Kept()
    with RtspServer(clip) as main, RtspServer(small) as sub:
        streams = {"streams": {"main": main.url(), "sub": sub.url()}}
        with held(streams, (looked, SMALL_FIRST), (recorded, MAIN)) as porch:
            porch.until(lambda: len(looked.packets) >= 20 and len(recorded.packets) >= 20)
            assert (looked.formats[0].width, recorded.formats[0].width) == (160, 320)
            assert (main.connections, sub.connections) == (1, 1)
            assert porch.holding.packets >= 40
            porch.holding.stop()
            assert looked.closed
            assert recorded.closed


def test_the_stream_that_is_looked_at_speaks_for_the_camera(
    clip: Clip, small: Clip, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    looked, recorded = Kept(), Kept()
    with RtspServer(clip) as main, RtspServer(small) as sub:
        main.refuse("404 Not Found")
        streams = {"streams": {"main": main.url(), "sub": sub.url()}}
        with held(streams, (looked, SMALL_FIRST), (recorded, MAIN)) as porch:
            porch.until(lambda: len(looked.packets) >= 20)
            porch.until(lambda: caplog.records)
            said = [each.getMessage() for each in caplog.records]
            assert said == [
                "Camera porch: main stream: the address has no stream (404)",
            ]
            main.refuse()
            porch.until(lambda: recorded.packets)
            assert caplog.records[-1].getMessage() == "Camera porch gives 320x240 as well"
            assert porch.said == [Online(camera="porch", codec="h264", width=160, height=128)]


def test_a_sub_stream_that_is_not_there_is_called_by_its_name(clip: Clip) -> None:
    looked = Kept()
    with RtspServer(clip) as server:
        streams = {"streams": {"main": server.url(), "sub": server.url("cam9")}}
        with held(streams, (looked, SMALL_FIRST)) as porch:
            porch.until(lambda: porch.said)
            reason = "sub stream: the address has no stream (404)"
            assert porch.said == [Offline(camera="porch", reason=reason)]
            assert server.connections == 1  # the main stream is nobody's business


def test_a_sub_stream_that_ends_is_called_by_its_name(clip: Clip, small: Clip) -> None:
    looked = Kept()
    with RtspServer(clip) as main, RtspServer(small) as sub:
        streams = {"streams": {"main": main.url(), "sub": sub.url()}}
        with held(streams, (looked, SMALL_FIRST)) as porch:
            porch.until(lambda: looked.packets)
            port = sub.port
            sub.stop()
            porch.until(lambda: len(porch.said) == 2)
            assert porch.said[1].reason in {
                "sub stream: closed the connection",
                f"sub stream: nothing answers at 127.0.0.1:{port}",
            }
            assert looked.ended


def test_a_camera_that_nobody_wants_is_held_all_the_same(clip: Clip) -> None:
    with RtspServer(clip) as server, held({"source": server.url()}) as porch:
        porch.until(lambda: porch.holding.packets > 5)
        assert porch.said == [Online(camera="porch", codec="h264", width=320, height=240)]


def test_a_camera_that_cannot_be_made_is_offline_once_and_made_later(
    clip: Clip, caplog: pytest.LogCaptureFixture
) -> None:
    looked, tries = Kept(), []
    with RtspServer(clip) as server:
        options = vol.Schema(dict(RtspCamera.SCHEMA))({"source": server.url()})

        def make() -> Camera:
            tries.append(1)
            if len(tries) < 3:
                raise RuntimeError("rtsp://viewer:hunter22@10.0.0.7/")
            return RtspCamera("porch", options)

        with held(make, (looked, SMALL_FIRST)) as porch:
            porch.until(lambda: looked.packets, limit=15)
            offline, online = porch.said
            assert offline == Offline(camera="porch", reason="its plugin failed (RuntimeError)")
            assert isinstance(online, Online)
            assert len([each for each in caplog.records if each.exc_info]) == 1


def test_a_camera_that_takes_for_ever_to_be_made_is_offline() -> None:
    free = threading.Event()

    def make() -> Camera:
        free.wait(20)
        raise RuntimeError

    with held(make) as porch:
        porch.holding.check(time.monotonic() + 30)
        assert porch.said == [Offline(camera="porch", reason="no answer yet")]
        porch.holding.stop()
        free.set()
