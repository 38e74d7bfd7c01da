"""``!secret NAME``: values kept in a file of their own, which is not shared or committed."""

import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.api import Place, did_you_mean
from hub.settings.findings import Findings
from hub.settings.nodes import BROKEN, Broken, Node

FILE: Final = "secrets.yaml"


@dataclass(slots=True)
class Secrets:
    """Looks names up in the ``secrets.yaml`` beside a file, then in those of the folders above."""

    root: Path
    findings: Findings
    read: Callable[[Path], Node]
    _known: dict[Path, Node | None] = field(default_factory=dict)

    def find(self, name: str, folder: Path, place: Place) -> Node:
        """Return the secret as a node at the place of its use."""
        names: set[str] = set()
        for each in self._files(folder):
            values = self._load(each)
            if values is None:
                return Node(BROKEN, place)  # reported where the file is wrong
            found = values.inside(name)
            if found is not None:  # a list or mapping is reported where it is written
                return Node(BROKEN if isinstance(found.value, list | dict) else found.value, place)
            names |= {str(key) for key, _ in values.entries()}
        self.findings.error(place, *self._missing(name, names))
        return Node(BROKEN, place)

    def _missing(self, name: str, names: set[str]) -> tuple[str, str]:
        if names:
            return f"secret '{name}' is not in {FILE}", did_you_mean(name, names)
        return f"secret '{name}' is not known", f"Write '{name}: ...' into a file {FILE}."

    def _files(self, folder: Path) -> list[Path]:
        folders = [folder, *folder.parents]
        if self.root in folders:
            folders = folders[: folders.index(self.root) + 1]
        return [each / FILE for each in folders if (each / FILE).exists()]

    def _load(self, path: Path) -> Node | None:
        if path not in self._known:
            self._known[path] = self._check(path, self.read(path))
        return self._known[path]

    def _check(self, path: Path, root: Node) -> Node | None:
        if isinstance(root.value, Broken):
            return None
        if path.stat().st_mode & stat.S_IROTH:
            hint = f"To keep it to yourself, run: chmod 600 {path}"
            place = Place(file=str(path), line=1, column=1)
            self.findings.warning(place, f"every user of this machine can read {FILE}", hint)
        if root.value is None:
            return Node({}, root.place)
        if not isinstance(root.value, dict):
            self.findings.error(root.place, "secrets are lines of 'name: value'")
            return None
        for key, value in root.entries():
            if isinstance(value.value, list | dict):
                self.findings.error(value.place, f"secret '{key}' must be a text or a number")
            else:
                self.findings.secret(value.value)
        return root
