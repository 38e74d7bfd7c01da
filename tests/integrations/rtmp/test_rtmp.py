"""RTMP streams, over real connections."""

from itertools import pairwise
from pathlib import Path

import pytest
import voluptuous as vol

from tests.hub.ingest.harness import Offline, Online, StreamPacket, StreamStart, camera, running
from tests.servers import RtmpServer


def test_pictures_come_soon_and_with_even_times(film: Path) -> None:
    with RtmpServer(film) as server, running() as (worker, ear):
        worker.plan(camera("garden", "rtmp", ear.path, source=server.url()))
        worker.wait(Online, limit=3)
        packets = ear.last().wait(StreamPacket, 60)
        start = ear.last().of(StreamStart)[0]
        assert (start.format.codec, start.format.width) == ("h264", 320)
        assert start.format.extradata[:1] == b"\x01"  # as FLV has it
        steps = [b.pts - a.pts for a, b in pairwise(packets)]
        assert all(step == pytest.approx(0.04, abs=0.002) for step in steps)


def test_what_is_no_camera_is_said_in_plain_words() -> None:
    with running() as (worker, ear):
        worker.plan(
            camera("nobody", "rtmp", ear.path, source="rtmp://127.0.0.1:1/live/cam"),
            camera("nameless", "rtmp", ear.path, source="rtmp://no.such.host.invalid/live/cam"),
        )
        worker.wait(Offline, 2)
        assert {each.camera: each.reason for each in worker.of(Offline)} == {
            "nobody": "nothing answers at 127.0.0.1:1",
            "nameless": "the name no.such.host.invalid does not resolve",
        }


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(vol.Invalid, match="begins with rtmp:// or rtmps://"):
        camera("garden", "rtmp", source="http://10.0.0.7/live")
