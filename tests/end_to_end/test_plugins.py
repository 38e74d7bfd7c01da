"""Plugins that misbehave, beside the rest of the hub."""

import json
import time
from pathlib import Path

import pytest

from tests.end_to_end.product import Product, lines_with, wait_for
from tests.hub.shelf import Shelf

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.xdist_group("product")]

HOUSE = """\
cameras: {yard: {platform: demo, detect: {detector: builtin}}}
rude: {}
automation:
  - alias: Fine
    triggers: {trigger: homeassistant, event: start}
    actions: {action: notify.log, data: {message: the hub is up}}
"""

RAISES = """
    from hub.api import Service, hookimpl
    class Rude(Service):
        KEY = "rude"
        async def start(self):
            raise RuntimeError("boom")
    @hookimpl
    def hub_components():
        return (Rude,)
"""

BLOCKS = """
    import time
    from hub.api import CameraOnline, Service, hookimpl
    class Rude(Service):
        KEY = "rude"
        async def start(self):
            self.context.bus.listen(CameraOnline, self.block)
        def block(self, event):
            self.context.clock.call_later(1, lambda: time.sleep(3600))
    @hookimpl
    def hub_components():
        return (Rude,)
"""

BROKEN = "import no_such_module\n"


def house(folder: Path, plugin: str) -> Product:
    plugins = folder / "plugins"
    plugins.mkdir()
    Shelf(plugins).put("rude", plugin)
    (folder / "configuration.yaml").write_text(HOUSE)
    return Product(folder, PYTHONPATH=str(plugins))


@pytest.mark.parametrize("plugin", [RAISES, BROKEN])
def test_a_broken_plugin_is_said_and_the_rest_runs(tmp_path: Path, plugin: str) -> None:
    with house(tmp_path, plugin) as product:
        product.event("object.appeared", seconds=40)
        said = product.output()

        assert lines_with(said, "rude")
        assert lines_with(said, "the hub is up")
        assert json.loads(product.get("/health"))["status"] == "ok"


def test_a_plugin_that_blocks_is_named_and_the_hub_still_ends(tmp_path: Path) -> None:
    with house(tmp_path, BLOCKS) as product:
        named = wait_for(
            "name of the plugin that blocks",
            lambda: lines_with(product.output(), "rude", "shelf_rude.py"),
        )
        workers = product.workers()
        begin = time.monotonic()
        product.stop()

        assert named
        assert time.monotonic() - begin < 5
        for pid in workers.values():
            wait_for("end of a worker", lambda pid=pid: not Path(f"/proc/{pid}").exists())  # type: ignore[misc]
