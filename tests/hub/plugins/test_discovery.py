"""Plugins installed as pip would leave them, good ones and bad ones."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hub.api import Camera, Detector, Notifier, Service
from hub.plugins import Registry
from hub.settings import Unavailable
from tests.hub.shelf import Shelf, shelf

_TWO = """
    from hub.api import Camera, Event, Notifier, Trigger, hookimpl, schema

    class Eye(Camera):
        KEY = "two.eye"

    class Bell(Notifier):
        KEY = "two"
        async def send(self, message): ...

    class Rung(Event, frozen=True):
        '''A bell was rung.'''

    class When(Trigger):
        KEY = "two"
        def attach(self, fire): ...

    @hookimpl
    def hub_components():
        yield Eye
        yield Bell

    @hookimpl
    def hub_events():
        return [Rung]

    @hookimpl
    def hub_automations():
        return [When]
"""


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Shelf]:
    with shelf(tmp_path) as ours:
        yield ours


def test_names_are_read_without_importing_anything(plugins: Shelf) -> None:
    plugins.put("two", _TWO)
    plugins.put("bomb", "raise SystemExit('imported')")
    registry = plugins.registry()
    assert registry.names == {"two", "bomb"}
    assert registry.loaded == frozenset()
    assert "shelf_two" not in sys.modules
    two = registry.plugins["two"]
    assert (two.distribution, two.version, two.state) == ("plugin-two", "1.2", "installed")


def test_a_component_is_found_by_kind_and_key(plugins: Shelf) -> None:
    plugins.put("two", _TWO)
    registry = plugins.registry()
    assert registry.find(Camera, "two.eye").component.KEY == "two.eye"
    assert registry.find(Notifier, "two").plugin == "two"  # type: ignore[type-abstract]
    assert registry.loaded == {"two"}
    assert registry.plugins["two"].kinds == ("camera platform", "notifier platform")


def test_hub_events_hub_automations_and_hub_components_are_asked(plugins: Shelf) -> None:
    plugins.put("two", _TWO)
    registry = plugins.registry()
    assert "rung" not in registry.events()
    assert "zone.entered" in registry.events()
    registry.components("two")
    assert registry.events()["rung"].__name__ == "Rung"
    assert set(registry.triggers()) == {"two"}
    assert registry.conditions() == {}


def test_what_nobody_offers_is_said_with_what_may_be_meant(plugins: Shelf) -> None:
    plugins.put("two", _TWO)
    registry = plugins.registry()
    with pytest.raises(Unavailable, match="unknown camera platform 'tow'") as missing:
        registry.find(Camera, "tow")
    assert missing.value.hint == "Did you mean 'two'?"
    with pytest.raises(Unavailable, match=r"'two\.eye' is a camera platform, not a service"):
        registry.find(Service, "two.eye")
    with pytest.raises(Unavailable, match=r"the plugin 'two' offers no detector platform 'two\.x'"):
        registry.find(Detector, "two.x")  # type: ignore[type-abstract]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def (:", "SyntaxError: invalid syntax"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (
            "from hub.api import hookimpl\n@hookimpl\ndef hub_components():\n    return 1 / 0\n",
            "ZeroDivisionError: division by zero",
        ),
        (
            "from hub.api import hookimpl\n@hookimpl\ndef hub_components():\n    return 7\n",
            "a hook answered 7, which is not a list",
        ),
        (
            "from hub.api import hookimpl\n@hookimpl\ndef hub_components(extra):\n    return []\n",
            "its hooks do not fit",
        ),
        (
            "from hub.api import hookimpl\n@hookimpl\ndef hub_components():\n    return [int]\n",
            "which is not a component",
        ),
        (
            """
            from hub.api import Camera, hookimpl

            class Thief(Camera):
                KEY = "rtsp"

            @hookimpl
            def hub_components():
                return [Thief]
            """,
            "it offers Thief as 'rtsp', which must begin with 'bad'",
        ),
    ],
)
def test_a_broken_plugin_loses_only_itself(plugins: Shelf, source: str, reason: str) -> None:
    plugins.put("bad", source)
    plugins.put("two", _TWO)
    registry = plugins.registry()
    for _ in range(2):
        with pytest.raises(Unavailable, match="the plugin 'bad' is broken"):
            registry.components("bad")
    assert registry.plugins["bad"].state == "broken"
    assert reason in registry.plugins["bad"].reason
    assert registry.find(Camera, "two.eye")


def test_a_plugin_for_another_hub_is_incompatible(plugins: Shelf) -> None:
    plugins.put("future", "HUB_API = 99")
    plugins.put("old", "raise RuntimeError('never imported')", requires="watchpost<0.0.1")
    registry = plugins.registry()
    for name in ("future", "old"):
        with pytest.raises(Unavailable, match="is incompatible"):
            registry.components(name)
        assert registry.plugins[name].state == "incompatible"
    assert registry.plugins["future"].reason == "it was written for hub API 99, this is 1"
    assert registry.plugins["old"].reason.startswith("it needs watchpost<0.0.1, this is ")


def test_of_two_with_one_name_the_first_by_distribution_is_used(plugins: Shelf) -> None:
    plugins.put("two", "raise RuntimeError('not this one')", distribution="zebra", module="shelf_z")
    plugins.put("two", _TWO, distribution="aardvark")
    registry = plugins.registry()
    assert registry.plugins["two"].distribution == "aardvark"
    assert registry.plugins["two"].rivals == ("zebra",)
    assert registry.components("two")


def test_a_module_belongs_to_its_plugin() -> None:
    registry = Registry.discover()
    assert registry.owner("integrations.demo") == "demo"
    assert registry.owner("integrations.demo.scene") == "demo"
    assert registry.owner("automations.runs") == "automation"
    assert registry.owner("integrations") is None
    assert registry.owner("hub.bus") is None
    assert registry.owner("asyncio.events") is None


def test_a_third_party_package_belongs_to_its_plugin_as_a_whole(plugins: Shelf) -> None:
    plugins.put("two", _TWO)
    assert plugins.registry().owner("shelf_two.deep.inside") == "two"


def test_hub_commands_of_broken_plugins_are_not_there(plugins: Shelf) -> None:
    plugins.put("bad", "1 / 0")
    plugins.put(
        "tool",
        """
        import click
        from hub.api import hookimpl

        @click.command()
        def dig(): ...

        @hookimpl
        def hub_commands():
            return [dig]
        """,
    )
    found = plugins.registry().commands()
    assert [each.name for each in found if isinstance(each, click.Command)] == ["dig"]


def test_our_own_plugins_all_load() -> None:
    registry = Registry.discover()
    ours = {n for n, each in registry.plugins.items() if each.distribution == "watchpost"}
    for name in ours:
        registry.components(name)
    assert {each.state for n, each in registry.plugins.items() if n in ours} == {"loaded"}


def test_what_raises_is_logged_once(plugins: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    plugins.put("two", _TWO)
    registry = plugins.registry()
    for _ in range(3):
        with pytest.raises(Unavailable, match="the plugin 'two' failed: KeyError: 'x'"):
            registry.guarded("two", lambda: {}["x"])
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info
