"""Detectors that raise, hang, or take their process down, beside one that works."""

import json
from pathlib import Path

import pytest

from tests.end_to_end.product import Product, lines_with, wait_for
from tests.hub.shelf import Shelf

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.xdist_group("product")]

MOODY = """
    import ctypes, threading
    from hub.api import Detector, hookimpl, schema

    class Moody(Detector):
        KEY = "moody"
        LABELS = ("person",)
        SCHEMA = {schema.required("mood", "What it does."): schema.choice("raise", "hang", "crash")}
        labels, size = LABELS, (320, 320)

        def load(self):
            self._asked = 0

        def submit(self, region, camera, done):
            self._asked += 1
            if self._asked < 4:
                done([])
            elif self.options["mood"] == "raise":
                raise RuntimeError("out of memory")
            elif self.options["mood"] == "crash":
                ctypes.string_at(0)

    @hookimpl
    def hub_components():
        return [Moody]
"""
ZONE = "zones: {all: {polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}}"


def house(folder: Path, **moods: str) -> Product:
    """A hub with a camera for each mood, and one for a detector that works."""
    plugins = folder / "installed"
    plugins.mkdir()
    Shelf(plugins).put("moody", MOODY)
    lines = ["detectors:", "  builtin: {platform: builtin}"]
    lines += [f"  {name}: {{platform: moody, mood: {mood}}}" for name, mood in moods.items()]
    lines += ["cameras:"]
    for name in (*moods, "builtin"):
        lines += [f"  at_{name}: {{platform: demo, detect: {{detector: {name}}}, {ZONE}}}"]
    (folder / "configuration.yaml").write_text("\n".join(lines) + "\n")
    return Product(folder, HOME=str(folder), PYTHONPATH=str(plugins))


def told(product: Product, *words: str) -> list[str]:
    return lines_with(product.output(), *words)


def test_those_that_raise_and_hang_are_replaced_and_nobody_else_notices(tmp_path: Path) -> None:
    with house(tmp_path, rash="raise", stuck="hang") as product:
        for name, words in (("rash", "out of memory"), ("stuck", "has not answered for 10 s")):
            wait_for(name, lambda n=name, w=words: told(product, f"Detector {n} cannot run", w), 40)
        after = product.events()[-1]["sequence"]
        for camera in ("at_rash", "at_stuck", "at_builtin"):
            wait_for(
                f"a person {camera}",
                lambda c=camera: [
                    each
                    for each in product.events("zone.entered")
                    if each["camera"] == c and each["sequence"] > after
                ],
                60,
            )
        assert product.events("worker.lost", "camera.offline") == []
        assert len(told(product, "cannot run")) == 2
        (spent,) = json.loads(product.get("/api/detectors"))["detectors"]
        assert spent["name"] == "builtin"
        assert spent["inference_ms"]["value"] > 0


def test_one_that_crashes_its_process_is_left_out_after_three_times(tmp_path: Path) -> None:
    with house(tmp_path, wild="crash") as product:
        wait_for("ingest", lambda: product.workers().get("ingest"))
        ingest = product.workers()["ingest"]
        wait_for("the blame", lambda: told(product, "Detector wild cannot run", "3 times"), 90)
        after = product.events()[-1]["sequence"]
        product.event("zone.entered", after=after, seconds=60)

        lost = product.events("worker.lost")
        assert [each["worker"] for each in lost] == ["vision"] * 3
        assert "SIGSEGV" in lost[0]["reason"]
        assert product.workers()["ingest"] == ingest
        assert product.events("camera.offline") == []
