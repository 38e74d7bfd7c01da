"""A running hub takes up a changed configuration: by command, by signal, by action."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.end_to_end.product import Product, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.xdist_group("product")]

SLOW = """\
- alias: Slow
  triggers: {trigger: homeassistant, event: start}
  actions: [{delay: 6}, {event: slow}]
"""
ON_RELOAD = """\
- alias: After a reload
  triggers: {trigger: event, event_type: hub.reloaded}
  actions: [{event: WORD}]
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(
        "cameras: {porch: {platform: demo}}\nautomation: !include automations.yaml\n"
    )
    (tmp_path / "automations.yaml").write_text(SLOW)
    return tmp_path


def reload(house: Path, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", "reload", "-c", str(house)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "WATCHPOST__WEB__PORT": str(port)},
    )


def fired(product: Product, name: str) -> int:
    return sum(each["name"] == name for each in product.events("event.fired"))


def test_a_running_hub_takes_up_what_was_changed(house: Path) -> None:
    with Product(house) as product:
        product.event("hub.started")
        file = house / "automations.yaml"

        file.write_text(SLOW + ON_RELOAD.replace("WORD", "one"))
        done = reload(house, product.port)
        assert (done.returncode, done.stdout) == (0, "automation: 1 added, 1 kept\n"), done.stderr
        wait_for("reaction", lambda: fired(product, "one"))

        file.write_text(SLOW + ON_RELOAD.replace("WORD", "two").replace("event_type", "event_typ"))
        done = reload(house, product.port)
        assert done.returncode == 1
        assert "automations.yaml:5:" in done.stderr
        assert "Did you mean 'event_type'?" in done.stderr

        assert product.process
        product.process.send_signal(signal.SIGHUP)
        refused = product.event("hub.reloaded", product.events("hub.reloaded")[-1]["sequence"])
        assert "automations.yaml:5:" in refused["problems"][0]

        file.write_text(SLOW + ON_RELOAD.replace("WORD", "two"))
        said = call(product, "hub.reload")
        assert said == {"changed": {"automation": "1 changed, 1 kept"}, "restart": []}
        wait_for("reaction", lambda: fired(product, "two"))

        (house / "configuration.yaml").write_text(
            "cameras: {porch: {platform: demo, name: Front}}\n"
            "automation: !include automations.yaml\n"
        )
        done = reload(house, product.port)
        assert "Restart the hub for what changed in: cameras: porch" in done.stdout

        wait_for("what waited all the while", lambda: fired(product, "slow"))
        assert fired(product, "slow") == 1


def test_without_a_hub_it_says_so(house: Path) -> None:
    done = reload(house, 0)
    assert done.returncode == 1
    assert "no hub is running on this configuration" in done.stderr


def call(product: Product, action: str) -> object:
    request = urllib.request.Request(
        f"http://127.0.0.1:{product.port}/api/actions/{action}",
        b"{}",
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
        return json.loads(answer.read())["answer"]
