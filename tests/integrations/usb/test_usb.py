"""USB cameras; without one, what can be known without one."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import pytest
import voluptuous as vol

from hub.api import NotReady, Packet, Role
from hub.ingest.formats import jpeg_size
from integrations.usb.camera import UsbCamera
from integrations.usb.capture import pictures
from tests.hub.ingest.harness import Offline, Online, StreamPacket, camera, running
from tests.servers.mjpeg import jpegs

OPTIONS = {"source": 0, "width": 640, "height": 360, "fps": 15}
DEVICE = Path("/dev/video0")


def test_a_number_or_a_path_below_dev_names_a_camera() -> None:
    assert camera("desk", "usb", source=0).options == {
        "source": 0, "width": 1280, "height": 720, "fps": 15,
    }  # fmt: skip
    by_id = "/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920_5F2E6F7F-video-index0"
    assert UsbCamera("desk", {**OPTIONS, "source": by_id}).path == Path(by_id)
    assert UsbCamera("desk", {**OPTIONS, "source": 2}).path == Path("/dev/video2")


@pytest.mark.parametrize(
    "source", [-1, 64, True, "0", "video0", "/dev/sda", "/dev/video0/../sda", "/etc/passwd", ""]
)
def test_what_is_no_camera_is_refused(source: object) -> None:
    with pytest.raises(vol.Invalid):
        camera("desk", "usb", source=source)


def test_a_camera_that_is_not_plugged_in_is_said_to_be_that() -> None:
    absent = UsbCamera("desk", {**OPTIONS, "source": 63})
    with pytest.raises(NotReady, match="no camera at /dev/video63"):
        next(iter(absent.packets(Role.MAIN)))
    with running() as (worker, ear):
        worker.plan(camera("desk", "usb", ear.path, source=63))
        assert worker.wait(Offline)[0].reason == "no camera at /dev/video63"


def made_of(container: av.container.InputContainer, count: int) -> Iterator[Packet]:
    with container:
        yield from islice(pictures(container), count)


def test_raw_pictures_are_made_into_jpeg_once(film: Path, tmp_path: Path) -> None:
    with av.open(str(film)) as container:
        frames = [each.to_ndarray(format="yuyv422") for each in container.decode(video=0)]
    path = tmp_path / "camera.yuyv"  # what most cameras without JPEG give
    path.write_bytes(b"".join(each.tobytes() for each in frames))
    raw = {"video_size": "320x240", "pixel_format": "yuyv422", "framerate": "15"}
    packets = list(made_of(av.open(str(path), format="rawvideo", options=raw), 30))
    assert [jpeg_size(each.data) for each in packets] == [(320, 240)] * 30
    assert [each.pts for each in packets] == pytest.approx([n / 15 for n in range(30)], abs=1e-3)
    assert all(each.key for each in packets)
    decoded = av.CodecContext.create("mjpeg", "r").decode(av.Packet(packets[9].data))[0]
    grey = decoded.to_ndarray(format="gray").astype(int)
    stretched = (frames[9][:, :, 0].astype(int) - 16) * 255 / 219  # television levels to a JPEG's
    assert abs(grey - stretched).mean() < 2


def test_jpeg_pictures_are_passed_on_as_they_are(film: Path, tmp_path: Path) -> None:
    frames = jpegs(film)[:10]
    path = tmp_path / "camera.mjpeg"
    path.write_bytes(b"".join(frames))
    packets = list(made_of(av.open(str(path), format="mjpeg"), 10))
    assert [each.data for each in packets] == frames


@pytest.mark.skipif(not DEVICE.exists(), reason=f"no camera at {DEVICE} on this machine")
def test_a_real_camera_gives_pictures() -> None:
    with running() as (worker, ear):
        worker.plan(camera("desk", "usb", ear.path, source=0))
        worker.wait(Online)
        ear.last().wait(StreamPacket, 10)
