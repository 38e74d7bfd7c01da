"""Reading files beneath the configuration folder, and none outside it.

A configuration is text that may come from elsewhere (a forum, a blueprint, a backup), so what
it includes stays beneath its own folder, symbolic links followed, and has a bounded size.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LARGEST: Final = 5 * 1024 * 1024  # bytes; ten thousand automations are about 3 MB


class Unopened(Exception):
    """A file cannot be read; ``line`` and ``column`` count from 1 where they are known."""

    def __init__(self, words: str, line: int = 1, column: int = 1) -> None:
        super().__init__(words)
        self.line = line
        self.column = column


def read(path: Path) -> str:
    """Return a file's text; raises ``Unopened``."""
    if not path.is_file():
        raise Unopened("is not a file" if path.exists() else "does not exist")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Unopened(f"cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise Unopened(f"is larger than {LARGEST // 1024 // 1024} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Unopened("is not text in UTF-8", line, column) from error


def beneath(path: Path, folder: Path) -> bool:
    """Say whether a path, links followed, lies in a folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the ``*.yaml`` beneath a folder in order of name; hidden ones and secrets are not."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if name.endswith(".yaml") and not name.startswith(".") and name != "secrets.yaml":
                yield Path(place, name)
