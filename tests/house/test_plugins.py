"""Every plugin of ours is complete: described, shown in YAML that works, tested, registered."""

import re
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from pathlib import Path

import pytest
import voluptuous as vol
import yaml

from hub.api import Described, Service
from hub.app.actions import SPECS
from hub.plugins import Registry
from hub.settings import open_configuration, sections
from tests.conftest import ROOT

BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A heading's worth of words, not just the key's name again.
FEWEST_WORDS = 2

# Not plugins: what several of them stand on, beneath them in setup.cfg's contracts.
FLOORS = {Path("detectors/heads")}
PLUGINS = sorted(
    {
        path.parent.relative_to(ROOT)
        for parent in ("integrations", "detectors")
        for path in (ROOT / parent).glob("*/__init__.py")
    }
    - FLOORS
)
FOLDERS = [*PLUGINS, Path("automations"), Path("web")]

# What the examples take for granted: cameras with zones, so that automations have something.
HOUSE = """
cameras:
  porch: {platform: demo, zones: {doorstep: {polygon: [[0, 0], [1, 0], [1, 1]]}}}
  garden: {platform: demo}
  drive: {platform: demo}
"""


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_plugin_has_a_readme_with_yaml_and_tests(folder: Path) -> None:
    readme = ROOT / folder / "README.md"

    assert readme.is_file()
    assert BLOCK.search(readme.read_text()), f"{readme} shows no YAML"
    assert list((ROOT / "tests" / folder).rglob("test_*.py")), f"no tests in tests/{folder}"


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_plugin_comes_through_the_door_of_everyone(folder: Path) -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = dict(
        line.split(" = ") for line in setup["options.entry_points"]["watchpost.plugins"].split("\n")
        if line
    )  # fmt: skip

    modules = {each.partition(":")[0] for each in listed.values()}
    assert ".".join(folder.parts) in modules


def _blocks() -> Iterator[object]:
    readmes = [
        ROOT / "README.md",
        *(ROOT / each / "README.md" for each in FOLDERS),
        *sorted((ROOT / "docs").glob("*.md")),
    ]
    for readme in readmes:
        if readme.is_file():
            for number, text in enumerate(BLOCK.findall(readme.read_text()), 1):
                name = readme.relative_to(ROOT).as_posix().removesuffix("/README.md")
                name = f"{name}-{number}"
                yield pytest.param(text, id=name)


@pytest.mark.parametrize("text", list(_blocks()))
def test_yaml_in_a_readme_or_page_is_accepted(
    text: str, tmp_path: Path, registry: Registry
) -> None:
    for name, written in _as_files(text).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(written)
        (tmp_path / name).chmod(0o600)
    settings = open_configuration(tmp_path, {}, registry, SPECS)

    assert [str(each) for each in settings.problems] == []


def test_everything_that_can_be_configured_is_described(registry: Registry) -> None:
    bare = [
        f"{owner}: {path}"
        for owner, schema in _schemas(registry)
        for path, description in _keys(schema)
        if len(description.split()) < FEWEST_WORDS
    ]

    assert bare == []


def test_all_of_our_plugins_were_looked_at(registry: Registry) -> None:
    assert {"rtsp", "demo", "mqtt", "openvino", "builtin", "automation", "web", "sql"} <= set(
        registry.loaded
    )
    assert len(list(_schemas(registry))) > 30
    assert sum(len(list(_keys(schema))) for _, schema in _schemas(registry)) > 100


def test_everything_that_is_offered_is_documented(registry: Registry) -> None:
    silent = [each.__name__ for each in _described(registry) if not vars(each).get("__doc__")]

    assert silent == []


def _described(registry: Registry) -> Iterator[type[Described]]:
    for name in sorted(registry.names):
        yield from registry.components(name)
    yield from registry.triggers().values()
    yield from registry.conditions().values()


def _schemas(registry: Registry) -> Iterator[tuple[str, object]]:
    for each in _described(registry):
        yield each.__name__, each.SCHEMA
        if issubclass(each, Service):
            yield from ((spec.name, spec.schema) for spec in each.ACTIONS)
    yield from ((spec.name, spec.schema) for spec in SPECS)
    for name in ("HUB", "CAMERA", "DETECT", "MOTION", "ZONE", "PLATFORM", "MESSAGE"):
        yield f"hub's {name}", getattr(sections, name)


def _keys(schema: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key with its description, of nested mappings and lists too."""
    if isinstance(schema, vol.Schema):
        yield from _keys(schema.schema, path)
    elif isinstance(schema, list | tuple):
        for each in schema:
            yield from _keys(each, path)
    elif isinstance(schema, Mapping):
        for key, value in schema.items():
            here = f"{path}.{key}".lstrip(".")
            yield here, str(getattr(key, "description", "") or "")
            yield from _keys(value, here)


def _as_files(text: str) -> dict[str, str]:
    """Return the configuration that an example is a part of, as files."""
    names = re.findall(r"!secret (\w+)", text)
    address = "rtsp://viewer:password@192.0.2.10/stream"
    secrets = "".join(f"{each}: {address if 'url' in each else 'secret'}\n" for each in names)
    includes = re.findall(r"!include (\S+)", text)
    models = re.findall(r"model: (\S+\.(?:onnx|xml|tflite))", text)
    files = {"secrets.yaml": secrets} | dict.fromkeys(includes, "[]\n") | dict.fromkeys(models, "")
    plain = yaml.load(text, _Loose)  # noqa: S506 - a safe loader that overlooks our tags
    if isinstance(plain, list):
        broker = "mqtt: {host: 127.0.0.1}\n" if "mqtt" in text else ""
        files["automations.yaml"] = text
        main = f"{HOUSE}{broker}automation: !include automations.yaml\n"
        return files | {"configuration.yaml": main}
    if "cameras" not in plain:
        text += HOUSE
    return files | {"configuration.yaml": text}


class _Loose(yaml.SafeLoader):
    """Reads YAML without minding ``!secret`` and its like."""


def _nothing(*_: object) -> None:
    return None


_Loose.add_multi_constructor("!", _nothing)
