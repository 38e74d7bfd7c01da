"""The first minute of somebody who has no camera yet."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.end_to_end.product import Product, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.xdist_group("product")]


def test_the_first_start_shows_the_main_job_without_camera_or_internet(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with Product(None, **home) as product:
        entered = product.event("zone.entered", seconds=40)
        finished = product.event("automation.finished", after=entered["sequence"])
        picture = product.get("/api/cameras/porch/picture.jpg?boxes=1")
        page = product.get("/").decode()
        said = product.output()

        assert (entered["camera"], entered["object"]) == ("porch", "person")
        assert finished["result"] == "finished", finished
        assert picture.startswith(b"\xff\xd8\xff")
        assert "Watchpost" in page
        assert str(tmp_path / "config" / "watchpost") in said
        assert f"http://127.0.0.1:{product.port}" in said
        assert "porch: person entered" in said
        assert "Automation '" in said


def test_states_and_counting_go_on_after_a_restart(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with Product(None, **home) as product:
        first = product.event("automation.finished", seconds=40)["sequence"]
    with Product(None, **home) as product:
        started = wait_for(
            "second start",
            lambda: [e for e in product.events("hub.started") if e["sequence"] > first],
        )
        kept = product.events("automation.finished")

        assert started
        assert kept
        assert kept[0]["sequence"] == first
        sequences = [each["sequence"] for each in product.events()]
        assert sequences == sorted(set(sequences))
        assert datetime.fromisoformat(kept[0]["time"]).tzinfo


def test_entities_of_a_camera_that_was_removed_are_gone(tmp_path: Path) -> None:
    file = tmp_path / "configuration.yaml"
    file.write_text("cameras: {yard: {platform: demo, detect: {detector: builtin}}}\n")
    with Product(tmp_path) as product:
        product.event("camera.online")
    file.write_text("cameras: {yard: {platform: dmo}}\n")
    with Product(tmp_path) as product:
        product.event("hub.started")
        assert "camera.yard" in product.get("/api/state").decode()  # a mistake loses nothing
    file.write_text("cameras: {shed: {platform: demo, detect: {detector: builtin}}}\n")
    with Product(tmp_path) as product:
        product.event("hub.started")
        states = product.get("/api/state").decode()

        assert "camera.shed" in states
        assert "camera.yard" not in states


def test_automations_can_still_tell_somebody_when_the_hub_stops(tmp_path: Path) -> None:
    file = tmp_path / "configuration.yaml"
    file.write_text(
        "notify: {phone: {platform: log}}\n"
        "automation:\n"
        "  triggers: {trigger: homeassistant, event: shutdown}\n"
        "  actions:\n"
        "    - delay: 0.2\n"
        "    - {action: notify.phone, data: {message: good night}}\n"
        "    - {action: persistent_notification.create, data: {message: good night}}\n"
    )
    with Product(tmp_path) as product:
        product.event("hub.started")
        seconds = product.stop()
        said = product.output()

        assert "good night" in said
        assert "there is no action" not in said
        assert seconds < 5
