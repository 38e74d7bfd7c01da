"""The product's source, parsed once, and everything it offers to users and plugins."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.plugins import Registry

PACKAGES = ("automations", "detectors", "hub", "integrations", "web")


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module of the product; ``path`` is relative to the project."""

    path: str
    text: str
    tree: ast.Module

    def calls(self, name: str) -> Iterator[ast.Call]:
        """Yield the calls of a function, by the last part of its name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and called(node).rpartition(".")[2] == name:
                yield node


def called(call: ast.Call) -> str:
    """Return what is called, as it is written."""
    return ast.unparse(call.func)


@pytest.fixture(scope="session")
def modules(root: Path) -> list[Module]:
    files = sorted(
        path
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
        if "node_modules" not in path.parts
    )
    texts = {path: path.read_text() for path in files}
    return [
        Module(path=path.relative_to(root).as_posix(), text=text, tree=ast.parse(text))
        for path, text in texts.items()
    ]


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Every installed plugin, loaded."""
    found = Registry.discover()
    for name in sorted(found.names):
        found.components(name)
    return found
