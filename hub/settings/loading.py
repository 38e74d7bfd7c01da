"""From a folder of YAML files to one document, with every mistake in them found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.api import Place, did_you_mean
from hub.settings.composer import Composer, Tag
from hub.settings.document import Document, Places
from hub.settings.environment import change, override
from hub.settings.files import Unopened, beneath, read, yaml_files
from hub.settings.findings import Findings
from hub.settings.nodes import BROKEN, Broken, Budget, Node, TooMuch
from hub.settings.packages import merged
from hub.settings.repair import repair
from hub.settings.scalars import bare
from hub.settings.secrets import Secrets

MAIN: Final = "configuration.yaml"
# A value of the environment shorter than this is a port or a word, not a password.
_SECRET_LENGTH: Final = 8


def load(place: Path, environ: Mapping[str, str], changes: Sequence[str] = ()) -> Document:
    """Read a configuration: a folder, or the file to begin with.

    ``changes`` are ``PATH=VALUE`` texts. Whatever is wrong with it all is in the document.
    """
    folder, main = (place.parent, place.name) if place.is_file() else (place, MAIN)
    loading = _Loading(folder, environ)
    root = merged(loading.main(main), loading.findings)
    root = override(root, environ, loading.word, loading.findings)
    root = change(root, changes, loading.word, loading.findings)
    tree = root.plain()
    found = loading.findings
    nodes = list(root.walk())
    return Document(
        folder=folder,
        tree=tree if isinstance(tree, dict) else {},
        places=Places(root),
        problems=tuple(found.problems),
        warnings=tuple(found.warnings),
        left_out=tuple(found.left_out),
        wounds=tuple(path for path, node in nodes if isinstance(node.value, Broken)),
        guesses=tuple(path for path, node in nodes if node.guessed),
        secrets=frozenset(found.secrets),
        files=tuple(dict.fromkeys(found.files)),
    )


class _Loading:
    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ
        self._budget = Budget()
        self._full = False
        self._open: list[Path] = []
        self.findings = Findings()
        self._secrets = Secrets(folder, self.findings, lambda path: self._compose(path, {}))

    def main(self, name: str) -> Node:
        """Return the root mapping."""
        path = self._folder / name
        start = Place(file=str(path), line=1, column=1)
        if not path.exists():
            hint = "Create it, or name another folder: -c FOLDER"
            self.findings.error(start, f"there is no {name} in {self._folder}", hint)
            return Node({}, start, {})
        root = self._file(path)
        if root.value is None or isinstance(root.value, Broken):
            return Node({}, start, {})
        if isinstance(root.value, dict):
            return root
        self.findings.error(root.place, "expected sections such as 'cameras:'")
        return Node({}, start, {})

    def word(self, text: str, file: str) -> Node:
        """Read a value that did not come from a file."""
        composer = Composer(file, self._tags(self._folder), self._budget, self.findings)
        return self._text(text, composer)

    def _file(self, path: Path) -> Node:
        """Read a file and all that it includes."""
        self._open.append(path.resolve())
        try:
            return self._compose(path, self._tags(path.parent))
        finally:
            self._open.pop()

    def _compose(self, path: Path, tags: Mapping[str, Tag]) -> Node:
        self.findings.files.append(path)
        try:
            text = read(path)
        except Unopened as error:
            place = Place(file=str(path), line=error.line, column=error.column)
            self.findings.error(place, f"the file {error}")
            return Node(BROKEN, place)
        return self._text(text, Composer(str(path), tags, self._budget, self.findings))

    def _text(self, text: str, composer: Composer) -> Node:
        start = Place(file=composer.file, line=1, column=1)
        repaired = repair(text)
        for each in repaired.mistakes:
            place = Place(file=composer.file, line=each.line + 1, column=each.column + 1)
            self.findings.error(place, each.words, each.hint)
        composer.guessed = repaired.guessed
        try:
            root = composer.compose(repaired.text)
        except TooMuch as error:
            if not self._full:
                self.findings.error(error.place, str(error))
            self._full = True
            return Node(BROKEN, error.place)
        if root is None:
            return Node(BROKEN if repaired.mistakes else None, start)
        return root

    def _tags(self, folder: Path) -> dict[str, Tag]:
        """Return what each tag does in a file of this folder."""
        return {
            "!secret": lambda word, place: self._secrets.find(word, folder, place),
            "!env_var": self._env_var,
            "!include": lambda word, place: self._include(folder / word, place),
            "!include_dir_list": lambda word, place: Node(
                [node for _, node in self._all(folder / word, place)], place
            ),
            "!include_dir_named": lambda word, place: self._named(folder / word, place),
            "!include_dir_merge_list": lambda word, place: self._merge_list(folder / word, place),
            "!include_dir_merge_named": lambda word, place: self._merge_named(folder / word, place),
        }

    def _env_var(self, words: str, place: Place) -> Node:
        name, _, default = words.strip().partition(" ")
        if name in self._environ:
            value = bare(self._environ[name])
            if isinstance(value, str) and len(value) >= _SECRET_LENGTH:
                self.findings.secret(value)
            return Node(value, place)
        if default:
            return Node(bare(default.strip()), place)
        hint = did_you_mean(name, self._environ) or f"Set it, or write: !env_var {name} DEFAULT"
        self.findings.error(place, f"the environment has no variable '{name}'", hint)
        return Node(BROKEN, place)

    def _include(self, path: Path, place: Place) -> Node:
        if not self._allowed(path, place):
            return Node(BROKEN, place)
        if not path.is_file():
            self.findings.error(place, f"there is no file '{self._shown(path)}'", _similar(path))
            return Node(BROKEN, place)
        if path.resolve() in self._open:
            ring = self._open[self._open.index(path.resolve()) :]
            names = " -> ".join([*(each.name for each in ring), path.name])
            self.findings.error(place, f"files include each other in a ring: {names}")
            return Node(BROKEN, place)
        return self._file(path)

    def _all(self, folder: Path, place: Place) -> list[tuple[Path, Node]]:
        """Return what each file of a folder holds; empty files hold nothing."""
        if not self._allowed(folder, place):
            return []
        if not folder.is_dir():
            self.findings.error(
                place, f"there is no folder '{self._shown(folder)}'", _similar(folder)
            )
            return []
        read = ((path, self._include(path, place)) for path in yaml_files(folder))
        return [(path, node) for path, node in read if node.value is not None]

    def _named(self, folder: Path, place: Place) -> Node:
        found = self._all(folder, place)
        keys: dict[str, Place] = {}
        values: dict[str, Node] = {}
        for path, node in found:
            self._add(path.stem, node, node.place, (values, keys))
        return Node(values, place, keys)

    def _merge_list(self, folder: Path, place: Place) -> Node:
        items: list[Node] = []
        for path, node in self._all(folder, place):
            if isinstance(node.value, list):
                items += node.value
            elif not isinstance(node.value, Broken):
                self.findings.error(node.place, f"expected '{path.name}' to hold a list")
        return Node(items, place)

    def _merge_named(self, folder: Path, place: Place) -> Node:
        keys: dict[str, Place] = {}
        values: dict[str, Node] = {}
        for path, node in self._all(folder, place):
            if isinstance(node.value, dict):
                for key, value in node.value.items():
                    self._add(key, value, (node.keys or {}).get(key, value.place), (values, keys))
            elif not isinstance(node.value, Broken):
                self.findings.error(
                    node.place, f"expected '{path.name}' to hold 'name: value' lines"
                )
        return Node(values, place, keys)

    def _add(
        self, key: str, node: Node, place: Place, to: tuple[dict[str, Node], dict[str, Place]]
    ) -> None:
        values, keys = to
        if key in values:
            self.findings.error(place, f"key '{key}' appears twice; the first is in {keys[key]}")
            self.findings.dropped(f"the second '{key}' ({place.file}:{place.line})")
            return
        values[key], keys[key] = node, place

    def _allowed(self, path: Path, place: Place) -> bool:
        if beneath(path, self._folder):
            return True
        self.findings.error(place, f"'{path}' is outside the configuration folder {self._folder}")
        return False

    def _shown(self, path: Path) -> str:
        return (
            str(path.relative_to(self._folder)) if path.is_relative_to(self._folder) else str(path)
        )


def _similar(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    names = (each.name for each in path.parent.iterdir() if not each.name.startswith("."))
    return did_you_mean(path.name, names)
