"""A YAML document that remembers where everything was written.

Nodes are shared where YAML shares them (anchors and aliases), so a document that doubles
itself twenty times stays small here; ``size`` and ``height`` say what it would be spelled out,
and the ``Budget`` refuses it before anybody walks it.
"""

from collections.abc import Iterator
from typing import Final

from hub.api import Path, Place

Scalar = str | int | float | bool | None


class Broken:
    """Stands where a value would be, had it not been wrong. What was wrong is reported already."""


BROKEN: Final = Broken()

# A camera with zones has about 60 nodes and an automation about 40: enough for 5,000 of either.
# With a node at some 250 bytes it also keeps a hostile file under 50 MB of memory.
MOST_NODES: Final = 200_000
DEEPEST: Final = 60  # levels; an automation nests about ten


class TooMuch(Exception):
    """The configuration is larger or deeper than any real one."""

    def __init__(self, words: str, place: Place) -> None:
        super().__init__(words)
        self.place = place


class Node:
    """A value, the place it was written at, and for a mapping the places of its keys.

    ``guessed`` says that it may belong elsewhere: its indentation is wrong.
    """

    __slots__ = ("guessed", "height", "keys", "place", "size", "value")

    def __init__(
        self,
        value: "Scalar | Broken | list[Node] | dict[str, Node]",
        place: Place,
        keys: dict[str, Place] | None = None,
    ) -> None:
        self.value = value
        self.place = place
        self.keys = keys
        self.guessed = False
        self.size: int = 1
        self.height: int = 1
        for _, inside in self.entries():
            self.size += inside.size
            self.height = max(self.height, inside.height + 1)

    def entries(self) -> "Iterator[tuple[str | int, Node]]":
        """Yield the nodes directly inside, each with its key or index."""
        if isinstance(self.value, dict):
            yield from self.value.items()
        elif isinstance(self.value, list):
            yield from enumerate(self.value)

    def inside(self, step: str | int) -> "Node | None":
        """Return what is directly inside under a key or index, if anything is."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def plain(self) -> object:
        """Return the value as plain dicts and lists; what is broken becomes none."""
        match self.value:
            case dict() as mapping:
                return {key: node.plain() for key, node in mapping.items()}
            case list() as items:
                return [node.plain() for node in items]
            case Broken():
                return None
            case scalar:
                return scalar

    def walk(self, path: Path = ()) -> "Iterator[tuple[Path, Node]]":
        """Yield this node and all inside it, each with its path."""
        yield path, self
        for key, node in self.entries():
            yield from node.walk((*path, key))


class Budget:
    """How much a whole configuration may still hold."""

    def __init__(self, nodes: int = MOST_NODES) -> None:
        self._left = nodes

    def take(self, nodes: int, place: Place) -> None:
        """Account for some more nodes; raises ``TooMuch``."""
        self._left -= nodes
        if self._left < 0:
            raise TooMuch(f"the configuration holds more than {MOST_NODES:,} values", place)

    def check_depth(self, depth: int, place: Place) -> None:
        """Raise ``TooMuch`` for something nested too deep."""
        if depth > DEEPEST:
            raise TooMuch(f"nested more than {DEEPEST} levels deep", place)
