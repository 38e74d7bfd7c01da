"""Ends in the middle of a visit: nobody is counted twice, and nothing that was counted is lost."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.product import Product, kill, wait_for
from tests.servers.rtsp import RtspServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.xdist_group("product")]

# One person walks in from below, and out to the right after seven seconds; then nobody comes for
# another seven.
CONFIGURATION = """\
cameras:
  porch:
    platform: rtsp
    source: !secret porch_url
    detect: {fps: 6, objects: [person]}
    zones:
      scene: {polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], leave_after: 1s}
"""
ENTERED = "sensor.porch_scene_entered_today"


@pytest.fixture
def house(tmp_path: Path, camera: RtspServer) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    (tmp_path / "secrets.yaml").write_text(f"porch_url: {camera.url()}\n")
    (tmp_path / "secrets.yaml").chmod(0o600)
    return tmp_path


def run(house: Path, data: Path) -> Product:
    return Product(house, WATCHPOST_MODELS=str(data / "models"))


def states(product: Product) -> dict[str, str]:
    found = json.loads(product.get("/api/state"))["states"]
    return {entity: each["state"] for entity, each in found.items()}


def test_a_killed_vision_worker_counts_nobody_twice(
    house: Path, data: Path, camera: RtspServer
) -> None:
    with run(house, data) as product:
        entered = product.event("zone.entered", seconds=60)
        kill(product.workers()["vision"])
        lost = product.event("worker.lost")
        left = product.event("zone.left", after=lost["sequence"], seconds=60)
        # Whoever comes next is another: all before that is about the first, however long it took.
        following = product.event("zone.entered", after=left["sequence"], seconds=60)
        before = [
            each
            for each in product.events("zone.entered", "zone.left")
            if each["sequence"] < following["sequence"]
        ]

        assert Counter((each["type"], each["track"]) for each in before) == {
            ("zone.entered", entered["track"]): 1,
            ("zone.left", entered["track"]): 1,
        }
        assert following["track"] != entered["track"]
        assert left["seconds"] == pytest.approx(4.8, abs=0.5)  # as without an end
        wait_for(
            "as many entries counted as told",
            lambda: states(product).get(ENTERED) == str(len(product.events("zone.entered"))),
        )


def test_what_was_counted_outlives_the_hub(house: Path, data: Path, camera: RtspServer) -> None:
    with run(house, data) as product:
        product.event("zone.left", seconds=60)
        counted = states(product)[ENTERED]
        product.stop()
    with run(house, data) as product:
        now = wait_for("the number of entries", lambda: states(product).get(ENTERED))
        entries = len(product.events("zone.entered"))

        assert int(counted) >= 1
        assert int(now) in {int(counted), entries}
