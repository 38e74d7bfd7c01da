"""The demo as a camera: packets that any decoder takes, at a camera's own pace."""

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice

import av
import pytest
import voluptuous as vol

from hub.api import Packet, Role
from hub.core.components import load
from integrations.demo import hub_components
from integrations.demo.camera import DemoCamera
from integrations.demo.encoding import Encoder
from integrations.demo.perspective import View
from integrations.demo.scene import Scene


def camera(**options: object) -> DemoCamera:
    checked = vol.Schema(dict(DemoCamera.SCHEMA))({"width": 320, "height": 180, **options})
    return DemoCamera("front_porch", checked)


def decoded(packets: Iterator[Packet], extradata: bytes = b"") -> list[av.VideoFrame]:
    codec = av.CodecContext.create("h264", "r")
    assert isinstance(codec, av.VideoCodecContext)
    if extradata:
        codec.extradata = extradata
    frames = [frame for each in packets for frame in codec.decode(av.Packet(each.data))]
    return frames + codec.decode(None)


def test_it_is_found_by_its_name() -> None:
    assert list(hub_components()) == [DemoCamera]
    assert DemoCamera.KEY == "demo"
    assert load("demo", "demo", DemoCamera) is DemoCamera


def test_naming_it_costs_no_heavy_import() -> None:
    code = (
        "import integrations.demo, sys; integrations.demo.hub_components();"
        "print([each for each in ('cv2', 'av', 'numpy') if each in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"


def test_a_user_may_leave_out_every_option() -> None:
    options = vol.Schema(dict(DemoCamera.SCHEMA))({})

    assert (options["width"], options["height"], options["fps"]) == (640, 360, 10)
    assert options["time"] == "auto"


@pytest.mark.parametrize(
    "wrong", [{"width": 20}, {"fps": 100}, {"scene": "beach"}, {"time": "noon"}, {"colour": "red"}]
)
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(vol.Invalid):
        vol.Schema(dict(DemoCamera.SCHEMA))(wrong)


def test_its_packets_are_what_its_format_says() -> None:
    demo = camera(fps=30, time="day")
    form = demo.format(Role.MAIN)
    packets = list(islice(demo.packets(Role.MAIN), 12))
    frames = decoded(iter(packets), form.extradata)

    assert (form.codec, form.width, form.height) == ("h264", 320, 180)
    assert packets[0].key
    assert len(frames) == 12
    assert (frames[0].width, frames[0].height) == (320, 180)


def test_an_odd_size_is_made_even() -> None:
    form = camera(width=321, height=181).format(Role.MAIN)

    assert (form.width, form.height) == (320, 180)


def test_it_keeps_a_cameras_pace() -> None:
    packets = camera(fps=20, time="day").packets(Role.MAIN)
    next(packets)
    begun = time.monotonic()
    times = [each.pts for each in islice(packets, 10)]
    took = time.monotonic() - begun

    assert took > 0.35
    assert times == sorted(set(times))
    assert all((each * 20) == pytest.approx(round(each * 20)) for each in times)


def test_frames_missed_by_a_sleeping_machine_are_left_out() -> None:
    packets = camera(fps=20, time="day").packets(Role.MAIN)
    before = next(packets).pts
    time.sleep(0.5)
    next(packets)
    after = next(packets).pts

    assert after - before > 0.35


def test_it_can_be_let_go_at_any_time() -> None:
    packets = camera().packets(Role.MAIN)
    next(packets)
    packets.close()  # type: ignore[attr-defined]

    assert next(packets, None) is None


def test_who_joins_at_a_later_key_frame_can_decode_it() -> None:
    scene = Scene(View(width=320, height=180), 10.0, 1, time="day")
    encoder = Encoder(320, 180, 10.0)
    packets = list(encoder.encode((number, scene.frame(number)) for number in range(40)))
    keys = [index for index, each in enumerate(packets) if each.key]

    assert keys == [0, 15, 30]
    assert len(decoded(iter(packets[15:]))) == 25


def test_the_picture_survives_encoding() -> None:
    scene = Scene(View(width=320, height=180), 10.0, 1, time="day")
    encoder = Encoder(320, 180, 10.0)
    frames = [scene.frame(number) for number in range(40, 46)]
    shown = decoded(encoder.encode(enumerate(frames)))[-1].to_ndarray(format="yuv420p")

    assert abs(shown[:180].astype(int) - frames[-1][:180]).mean() < 4


def test_its_title_is_the_cameras_name_unless_told_otherwise() -> None:
    assert camera().scene is not None
    named, titled = camera(time="day").scene, camera(time="day", title="Yard").scene

    assert (named.frame(0)[160:175, :80] != titled.frame(0)[160:175, :80]).mean() > 0.05
