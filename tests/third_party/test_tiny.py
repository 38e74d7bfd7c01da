"""A third party's camera and notifier, from ``pip install`` to YAML."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.product import Product

pytestmark = pytest.mark.slow

_GOOD = """
cameras:
  toy:
    platform: tiny
    fps: 10
    detect: {detector: builtin}
    zones: {all: {polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}}
notify:
  file: {platform: tiny, file: messages.jsonl}
automation:
  - alias: Seen
    triggers: [{trigger: zone, camera: toy, zone: all, event: enter}]
    actions: [{action: notify.file, data: {message: "{{ trigger.object }}"}}]
"""


def watchpost(
    *arguments: str, plugins: Path, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments],
        env={**os.environ, "PYTHONPATH": str(plugins), **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_its_camera_and_notifier_are_used_from_yaml(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(_GOOD)
    checked = watchpost("check", "-c", str(tmp_path), plugins=tiny)
    assert checked.stdout.startswith("OK: 1 camera, 1 zone, 1 automation, 2 notifiers")
    assert checked.returncode == 0


def test_its_options_are_checked_like_our_own(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(_GOOD.replace("fps: 10", "fps: fast\n    fsp: 3"))
    checked = watchpost("check", "-c", str(tmp_path), plugins=tiny)
    told = [each for each in checked.stdout.splitlines() if ": error: " in each]
    assert told[:2] == [
        f"{tmp_path}/configuration.yaml:5:10: error: expected a number, got 'fast'",
        f"{tmp_path}/configuration.yaml:6:5: error: unknown key 'fsp'. Did you mean 'fps'?",
    ]
    assert checked.returncode == 1


def test_it_is_listed_with_what_it_offers(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(_GOOD)
    listed = watchpost("plugins", "-c", str(tmp_path), "--json", plugins=tiny)
    (row,) = [each for each in json.loads(listed.stdout) if each["name"] == "tiny"]
    assert (row["version"], row["distribution"], row["state"]) == (
        "0.3.0",
        "watchpost-tiny",
        "used",
    )
    assert row["kinds"] == ["camera platform", "notifier platform"]


def test_broken_it_is_a_line_and_not_the_end(tiny: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for each in tiny.iterdir():
        if each.suffix == ".dist-info":
            (broken / each.name).symlink_to(each)
    (broken / "watchpost_tiny.py").write_text("import no_such_module\n")
    (tmp_path / "configuration.yaml").write_text(_GOOD)
    listed = watchpost("plugins", "-c", str(tmp_path), plugins=broken)
    assert "broken: ModuleNotFoundError: No module named 'no_such_module'" in listed.stdout
    assert listed.returncode == 0
    assert "Traceback" not in listed.stdout + listed.stderr
    checked = watchpost("check", "-c", str(tmp_path), plugins=broken)
    assert (
        f"{tmp_path}/configuration.yaml:4:15: error: the plugin 'tiny' is broken" in checked.stdout
    )


def test_its_camera_gives_packets_that_decode(tiny: Path) -> None:
    script = """
import av
from hub.api import Role
from hub.core.components import load
from hub.api import Camera

camera = load("tiny", "tiny", Camera)("toy", {"fps": 30, "width": 320, "height": 240})
stream = camera.format(Role.MAIN)
decoder = av.CodecContext.create(stream.codec, "r")
packets = camera.packets(Role.MAIN)
for _ in range(3):
    given = next(packets)
    packet = av.Packet(given.data)
    (frame,) = decoder.decode(packet)
    print(frame.width, frame.height, round(given.pts, 3), given.key)
packets.close()
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(tiny)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        "320 240 0.0 True",
        "320 240 0.033 True",
        "320 240 0.067 True",
    ]


@pytest.mark.timeout(120)
@pytest.mark.xdist_group("product")
def test_its_camera_is_watched_and_its_notifier_brings_the_message(
    tiny: Path, tmp_path: Path
) -> None:
    messages = tmp_path / "messages.jsonl"
    yaml = _GOOD.replace("file: messages.jsonl", f"file: {messages}")
    (tmp_path / "configuration.yaml").write_text(yaml)
    with Product(tmp_path, PYTHONPATH=str(tiny)) as product:
        finished = product.event("automation.finished", seconds=60)

        assert finished["result"] == "finished", finished
        assert json.loads(messages.read_text().splitlines()[0])["text"] == "person"
