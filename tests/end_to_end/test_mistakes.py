"""What happens to a house when part of it is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.product import Product, lines_with
from tests.servers.clips import Clip, make_clip
from tests.servers.rtsp import RtspServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.xdist_group("product")]

HALF_RIGHT = """\
cameras:
  yard: {platform: demo, detect: {detector: builtin}}
  porch: {platform: demo, widht: 640, zones: {door: {polygon: [[0, 0], [1, 1]]}}}
  shed: {platform: rtps, source: "rtsp://10.0.0.9/"}
automation:
  - alias: Fine
    triggers: {trigger: homeassistant, event: start}
    actions: {action: notify.log, data: {message: the hub is up}}
  - alias: Broken
    triggers: {trigger: zone, camera: porch, zone: dor, event: enter}
    actions: {action: notify.lgo, data: {message: hello}}
"""


def test_what_is_right_runs_and_the_rest_is_named(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(HALF_RIGHT)
    with Product(tmp_path) as product:
        product.event("automation.finished")
        said = product.output()
        cameras = product.health()

        assert cameras
        assert set(cameras["cameras"]) == {"yard", "porch"}
        for line, hint in ((3, "width"), (4, "rtsp"), (10, "porch"), (11, "notify.log")):
            assert lines_with(said, f"configuration.yaml:{line}:", "error:", hint), (line, hint)
        assert lines_with(said, "Left out", "camera 'shed'")
        assert lines_with(said, "Left out", "automation 'Broken'")
        assert lines_with(said, "the hub is up")


def test_strict_refuses_to_start(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(HALF_RIGHT)
    done = subprocess.run(
        [sys.executable, "-m", "hub", "run", "--strict", "-c", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "configuration.yaml:3:" in done.stderr
    assert "--strict" in done.stderr


def test_an_option_can_come_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("cameras: {yard: {platform: demo}}\n")
    with Product(
        tmp_path,
        WATCHPOST__CAMERAS__YARD__NAME="Back yard",
        WATCHPOST__CAMERAS__YARD__DETECT__DETECTOR="builtin",
    ) as product:
        product.event("camera.online")

        assert b"Back yard" in product.get("/api/state")


def test_without_the_model_the_builtin_detector_takes_over_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("cameras: {yard: {platform: demo}}\n")
    with Product(tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache")) as product:
        product.event("object.appeared", seconds=40)
        said = lines_with(product.output(), "openvino", "builtin")

        assert said
        assert "yolox_nano" in said[0]


def test_a_bad_camera_leaves_the_others_alone(tmp_path: Path) -> None:
    small = Clip.read(make_clip(tmp_path / "small.mp4", seconds=4, size=(320, 240)))
    large = Clip.read(make_clip(tmp_path / "large.mp4", seconds=4, size=(640, 480)))
    with RtspServer(small, paths=2) as good, RtspServer(small) as bad:
        (tmp_path / "configuration.yaml").write_text(
            "cameras:\n"
            f"  good: {{platform: rtsp, source: '{good.url()}', detect: {{detector: builtin}}}}\n"
            f"  bad: {{platform: rtsp, source: '{bad.url()}', detect: {{detector: builtin}}}}\n"
        )
        with Product(tmp_path) as product:
            product.event("camera.online", after=product.event("camera.online")["sequence"])
            workers = product.workers()
            bad.garbage()
            bad.corrupt()
            bad.switch(large)
            bad.jump(3600)
            bad.jump(-7200)
            bad.freeze()
            gone = product.event("camera.offline", seconds=25)
            bad.thaw()
            product.event("camera.online", after=gone["sequence"])
            picture = product.get("/api/cameras/good/picture.jpg?boxes=0")

            assert gone["camera"] == "bad"
            assert picture.startswith(b"\xff\xd8\xff")
            assert product.workers() == workers
            assert not [e for e in product.events("camera.offline") if e["camera"] == "good"]
