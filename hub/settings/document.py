"""A configuration as it was read: plain values, and where each was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as Folder

from hub.api import Path, Place, Problem
from hub.settings.nodes import Node


class Places:
    """Where the keys and values of a configuration were written."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def value(self, path: Path) -> Place:
        """Return where a value begins; for one that is not there, where its nearest holder is."""
        return self._find(path, key=False)

    def key(self, path: Path) -> Place:
        """Return where a value's key is; for an item of a list, the item."""
        return self._find(path, key=True)

    def of(self, problem: Problem) -> Place:
        """Return where a problem is."""
        return problem.place or self._find(problem.path, key=problem.on_key)

    def _find(self, path: Path, *, key: bool) -> Place:
        node, holder = self._root, self._root.place
        for step in path:
            inside = node.inside(step)
            if inside is None:
                return holder
            holder = node.keys[step] if node.keys and isinstance(step, str) else inside.place
            node = inside
        return holder if key else node.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The plain ``tree``, its ``places``, and all that was wrong with the files themselves.

    ``wounds`` are the paths of values that could not be read and are none in the tree: whoever
    needs one has been told already. ``guesses`` are those of values whose indentation was wrong,
    so that they may belong elsewhere. ``files`` are all that was read.
    """

    folder: Folder
    tree: Mapping[str, object]
    places: Places = field(repr=False)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()
    wounds: tuple[Path, ...] = ()
    guesses: tuple[Path, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    files: tuple[Folder, ...] = ()

    def placed(self, problem: Problem) -> Problem:
        """Return the problem with its place filled in."""
        return replace(problem, place=self.places.of(problem))
