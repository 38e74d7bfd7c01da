"""Home Assistant's YAML, read as it does, and nothing outside the folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from msgspec import Struct

MAIN: Final = "configuration.yaml"
_LARGEST: Final = 4 * 1024 * 1024  # bytes of one file
_DEEPEST: Final = 20  # files that include each other
# UI-made ones are in these files, also where the main file does not say so.
_USUAL: Final = {"automation": "automations.yaml", "script": "scripts.yaml", "scene": "scenes.yaml"}


class Found(Struct, frozen=True):
    """Something in a section, and the file it comes from."""

    section: str
    name: str
    raw: Any
    file: str


class House:
    """What a folder holds; ``faults`` are files that could not be read, with line and reason."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self.faults: list[str] = []
        self.found: list[Found] = []
        root = self._file(self._folder / MAIN, 0)
        self.sections: Mapping[str, Any] = root if isinstance(root, Mapping) else {}
        self._gather(self.sections, MAIN)
        for name, package in self._packages():
            self._gather(package, f"package {name}")
        for section, name in _USUAL.items():
            if not any(each.section == section for each in self.found):
                self._gather({section: self._file(self._folder / name, 0, needed=False)}, name)

    def _packages(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        own = self.sections.get("homeassistant")
        packages = own.get("packages") if isinstance(own, Mapping) else None
        if isinstance(packages, Mapping):
            for name, package in packages.items():
                if isinstance(package, Mapping):
                    yield str(name), package

    def _gather(self, sections: Mapping[str, Any], file: str) -> None:
        for key, value in sections.items():
            section = str(key).split(" ", maxsplit=1)[0]
            if section == "script" and isinstance(value, Mapping):
                self.found += [Found(section, str(name), raw, file) for name, raw in value.items()]
            elif section in _USUAL and section != "script":
                for raw in value if isinstance(value, list) else [value]:
                    if isinstance(raw, Mapping):
                        name = str(raw.get("alias") or raw.get("name") or raw.get("id") or section)
                        self.found.append(Found(section, name, dict(raw), file))

    def _file(self, path: Path, depth: int, *, needed: bool = True) -> Any:
        said = path.name if path.parent == self._folder else str(path)
        if not path.resolve().is_relative_to(self._folder) or depth > _DEEPEST:
            self.faults.append(f"{said}: it is outside the folder, or files include each other")
            return None
        if not path.is_file():
            if needed:
                self.faults.append(f"{said}: there is no such file")
            return None
        if path.stat().st_size > _LARGEST:
            self.faults.append(f"{said}: it is larger than 4 MiB")
            return None
        try:
            return _loader(self, path, depth)(path.read_text("utf-8")).get_single_data()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = "" if mark is None else f":{mark.line + 1}"
            self.faults.append(f"{said}{line}: {error.problem}")
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
            self.faults.append(f"{said}: {error}")
        return None

    def include(self, path: Path, depth: int, kind: str) -> Any:
        """Return what an ``!include`` brings."""
        if kind == "!include":
            return self._file(path, depth + 1)
        files = sorted(path.rglob("*.yaml")) if path.is_dir() else []
        values = [(each.stem, self._file(each, depth + 1)) for each in files]
        if kind == "!include_dir_named":
            return dict(values)
        if kind == "!include_dir_list":
            return [value for _, value in values]
        if kind == "!include_dir_merge_list":
            return [item for _, value in values if isinstance(value, list) for item in value]
        return {k: v for _, value in values if isinstance(value, dict) for k, v in value.items()}


def _loader(house: House, path: Path, depth: int) -> type[yaml.SafeLoader]:
    class Loader(yaml.SafeLoader):
        """Reads plain YAML and Home Assistant's own tags."""

    def tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
        word = loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else ""
        if suffix.startswith("include"):
            return house.include(path.parent / str(word), depth, f"!{suffix}")
        return f"{suffix} {word}"  # a secret stays one: only its name is told

    Loader.add_multi_constructor("!", tagged)
    return Loader
