"""Who decodes: what the build knows and the machine has, and the processor when that fails.

There is no such hardware where tests run, so devices are empty files, and FFmpeg's own failure to
open them is what is taken in.
"""

import logging
from pathlib import Path

import pytest
from av.codec.hwaccel import hwdevices_available

from hub.vision.decoding import Decoder, Frame
from hub.vision.hardware import Hardware
from tests.hub.vision.scenes import Encoded, encode, walk

KINDS = ["vaapi", "qsv", "cuda"]


@pytest.fixture(scope="module", params=["h264", "hevc"])
def clip(request: pytest.FixtureRequest) -> Encoded:
    return encode(walk(2, 10), codec=request.param)


@pytest.fixture
def nodes(tmp_path: Path) -> Path:
    """A system that lists a graphics card of either make, which are none."""
    (tmp_path / "dri").mkdir()
    (tmp_path / "dri" / "renderD128").touch()
    (tmp_path / "nvidia0").touch()
    return tmp_path


def decoded(decoder: Decoder, clip: Encoded) -> list[Frame]:
    frames = [
        frame
        for each in clip.packets
        for frame in decoder.decode(each.data, each.pts, each.pts, key=each.key)
    ]
    return [*frames, *decoder.flush()]


def said(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= level]


def test_the_first_kind_that_is_known_and_here_is_taken(nodes: Path) -> None:
    assert Hardware(nodes, lambda: KINDS).choose("auto", "h264") == "vaapi"
    assert Hardware(nodes, lambda: ["cuda", "qsv"]).choose("auto", "hevc") == "qsv"
    assert Hardware(nodes, lambda: ["cuda"]).choose("auto", "av1") == "cuda"
    (nodes / "dri" / "renderD128").unlink()
    assert Hardware(nodes, lambda: KINDS).choose("auto", "h264") == "cuda"


@pytest.mark.parametrize("codec", ["mjpeg", "vp9", "mpeg4", "png"])
def test_other_codecs_are_for_the_processor(codec: str, nodes: Path) -> None:
    assert Hardware(nodes, lambda: KINDS).choose("auto", codec) is None


def test_none_is_none_whatever_there_is(nodes: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert Hardware(nodes, lambda: KINDS).choose("none", "h264") is None
    assert said(caplog, logging.DEBUG) == []


def test_where_auto_finds_nothing_that_is_for_those_who_ask(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hardware = Hardware(tmp_path, lambda: ["qsv"])
    for _ in range(3):
        assert hardware.choose("auto", "h264") is None
    assert said(caplog) == []
    (line,) = said(caplog, logging.DEBUG)
    assert line.startswith("Decoding h264 in software: this build of FFmpeg has no VAAPI; ")
    assert f"there is no device {tmp_path}/dri/renderD*" in line


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_for_and_is_not_here_is_a_warning_with_a_way_out_once(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hardware = Hardware(tmp_path, lambda: KINDS)
    for _ in range(3):
        assert hardware.choose(kind, "h264") is None
    (line,) = said(caplog, logging.WARNING)
    assert "there is no device" in line
    assert "in a container: pass it on" in line
    assert "'hwaccel: auto' takes what there is" in line


def test_what_this_build_does_not_know_is_told_as_that(
    nodes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Hardware(nodes, lambda: ["cuda"]).choose("vaapi", "hevc") is None
    assert "this build of FFmpeg has no VAAPI" in said(caplog, logging.WARNING)[0]


def test_a_device_that_may_not_be_used_is_told_with_the_remedy(
    nodes: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert Hardware(nodes, lambda: KINDS).choose("cuda", "h264") is None
    assert "nvidia0 may not be used: add this user to the group" in said(caplog)[0]


@pytest.mark.parametrize("wish", ["auto", "qsv", "cuda"])
def test_hardware_that_fails_costs_no_picture_and_is_not_tried_again(
    wish: str, clip: Encoded, nodes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if not {"qsv", "cuda"} <= set(hwdevices_available()):
        pytest.skip("this build of FFmpeg knows neither Quick Sync nor CUDA")
    caplog.set_level(logging.INFO)
    hardware = Hardware(nodes)
    for _ in range(3):
        decoder = Decoder(clip.form, wish, hardware)
        frames = decoded(decoder, clip)
        assert [each.pts for each in frames] == pytest.approx([n / 10 for n in range(20)], abs=1e-3)
        assert (decoder.kind, decoder.errors, decoder.frames) == (None, 0, 20)
    failed = [each for each in said(caplog) if f"cannot decode {clip.form.codec}" in each]
    kinds = {"auto": 2, "qsv": 1, "cuda": 1}[wish]
    assert len(failed) == kinds
    assert all("it fails on this machine" in each for each in failed)
    assert not any(each.startswith(f"Decoding {clip.form.codec} with") for each in said(caplog))


def test_a_stream_that_begins_with_nonsense_is_not_the_hardware_s_fault(
    nodes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = encode(walk(2, 10))
    if "qsv" not in hwdevices_available():
        pytest.skip("this build of FFmpeg does not know Quick Sync")
    hardware = Hardware(nodes, lambda: ["qsv"])
    decoder = Decoder(clip.form, "qsv", hardware)
    assert decoder.kind == "qsv"
    assert list(decoder.decode(b"\0\0\0\1\x65nonsense", 0.0, 0.0, key=True)) == []
    assert decoder.errors == 1
    assert said(caplog, logging.WARNING) == []
    assert len(decoded(decoder, clip)) == 20


def test_this_machine_s_own_choice_decodes(clip: Encoded) -> None:
    decoder = Decoder(clip.form, "auto")
    assert len(decoded(decoder, clip)) == 20
    assert decoder.errors == 0
