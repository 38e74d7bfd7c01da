"""From YAML text to nodes, without ever building what a hostile file asks for.

It works on the parser's events: tags build nothing but what is listed here, depth and number
of values are counted before they exist, and an alias is shared, not copied.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import yaml

from hub.api import Place, did_you_mean
from hub.settings import scalars
from hub.settings.nodes import BROKEN, Broken, Budget, Node
from hub.settings.syntax import events, position

_STRUCTURES: Final = {f"{scalars.PREFIX}map", f"{scalars.PREFIX}seq"}
_OWN: Final = {f"{scalars.PREFIX}{kind}" for kind in ("str", "int", "float", "bool", "null")}
# The tag under which repaired text marks what had to be cut out of it.
CUT: Final = "!watchpost:cut"

Tag = Callable[[str, Place], Node]
"""Makes a node of the word after a tag such as ``!secret``."""


class Report(Protocol):
    """Where mistakes are told."""

    def error(self, place: Place, words: str, hint: str = "") -> None: ...

    def dropped(self, line: str) -> None: ...


@dataclass(slots=True)
class Composer:
    """Builds the nodes of one text; mistakes go to the report and leave broken nodes."""

    file: str
    tags: Mapping[str, Tag]
    budget: Budget
    report: Report
    guessed: Mapping[int, int] = field(default_factory=dict)
    anchors: dict[str, Node] = field(default_factory=dict)

    def compose(self, text: str) -> Node | None:
        """Return the root, or none for a text without any; raises ``Unreadable`` or ``TooMuch``."""
        stream = events(text)
        root: Node | None = None
        for event in stream:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if root is not None:
                self.report.error(
                    self._place(event), "a file holds one document, here begins another"
                )
                break
            root = self._node(next(stream), stream, 1)
        return root

    def _node(self, event: yaml.Event, stream: Iterator[yaml.Event], depth: int) -> Node:
        place = self._place(event)
        self.budget.take(1, place)
        self.budget.check_depth(depth, place)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place, depth)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, place)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._tagless(event, Node(self._items(stream, depth), place))
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._tagless(event, self._mapping(place, stream, depth))
        else:
            raise TypeError(f"the parser gave {event} where a value begins")
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent, place: Place, depth: int) -> Node:
        name = event.anchor or ""
        node = self.anchors.get(name)
        if node is None:
            hint = did_you_mean(name, self.anchors) or "Put quotes around a text with '*'."
            self.report.error(place, f"'*{name}' refers to no anchor above it", hint)
            return Node(BROKEN, place)
        self.budget.take(node.size, place)
        self.budget.check_depth(depth + node.height, place)
        return node

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Node:
        if event.tag is None or event.tag == "!":
            plain = event.implicit[0] and event.tag is None
            return Node(scalars.bare(event.value) if plain else event.value, place)
        if event.tag in self.tags:
            return self.tags[event.tag](event.value, place)
        if event.tag in _OWN:
            try:
                return Node(scalars.tagged(event.tag, event.value), place)
            except ValueError as error:
                self.report.error(place, str(error))
                return Node(BROKEN, place)
        return self._unknown_tag(event.tag, place)

    def _tagless(self, event: yaml.CollectionStartEvent, node: Node) -> Node:
        if event.tag is None or event.tag == "!" or event.tag in _STRUCTURES:
            return node
        if event.tag in self.tags:
            words = f"'{event.tag}' takes a single word, not a list or mapping"
            self.report.error(node.place, words)
            return Node(BROKEN, node.place)
        return self._unknown_tag(event.tag, node.place)

    def _unknown_tag(self, tag: str, place: Place) -> Node:
        if tag == CUT:
            return Node(BROKEN, place)
        foreign = tag.startswith(scalars.PREFIX)
        shown = f"!!{tag.removeprefix(scalars.PREFIX)}" if foreign else tag
        hint = "" if foreign else did_you_mean(shown, self.tags)
        self.report.error(place, f"the tag '{shown}' is not known", hint)
        return Node(BROKEN, place)

    def _items(self, stream: Iterator[yaml.Event], depth: int) -> list[Node]:
        items = []
        for event in stream:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._marked(event, self._node(event, stream, depth + 1)))
        return items

    def _mapping(self, place: Place, stream: Iterator[yaml.Event], depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        merged: list[tuple[Place, Node]] = []
        broken = False
        for event in stream:
            if isinstance(event, yaml.MappingEndEvent):
                break
            template = isinstance(event, yaml.MappingStartEvent)
            key = self._key(event, stream, depth)
            value = self._marked(event, self._node(next(stream), stream, depth + 1))
            if key == "<<":
                merged.append((self._place(event), value))
            elif key is not None and key in values:
                self._twice(key, self._place(event), keys[key])
            elif key is not None:
                values[key], keys[key] = value, self._place(event)
            broken = broken or template
        for at, value in merged:
            self._merge(value, at, values, keys)
        return Node(BROKEN, place) if broken else Node(values, place, keys)

    def _key(self, event: yaml.Event, stream: Iterator[yaml.Event], depth: int) -> str | None:
        """Return a key as it was written: ``on`` is a fine key, and so is ``1``."""
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent) and event.tag in {None, "!", f"{scalars.PREFIX}str"}:
            if event.value or not event.implicit[0]:
                return str(event.value)
            self.report.error(place, "a key is missing before ':'")
            return None
        node = self._node(event, stream, depth + 1)
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, dict):
            hint = 'Such as: "{{ trigger.object }}"'
            self.report.error(place, "a template needs quotes around it", hint)
        else:
            self.report.error(place, "a key must be a text")
        return None

    def _merge(
        self, value: Node, at: Place, values: dict[str, Node], keys: dict[str, Place]
    ) -> None:
        """Add what ``<<`` brings; where that cannot be read, a mark of it stays under its key."""
        for node in value.value if isinstance(value.value, list) else [value]:
            if isinstance(node.value, Broken):
                values["<<"], keys["<<"] = node, at
            elif not isinstance(node.value, dict):
                self.report.error(node.place, "'<<' takes a mapping, or a list of mappings")
            for name, each in node.entries() if isinstance(node.value, dict) else ():
                self.budget.take(each.size, at)
                values.setdefault(str(name), each)
                keys.setdefault(str(name), (node.keys or {}).get(str(name), node.place))

    def _twice(self, key: str, place: Place, first: Place) -> None:
        where = f"line {first.line}" if first.file == place.file else str(first)
        self.report.error(place, f"key '{key}' appears twice; the first is in {where}")
        self.report.dropped(f"the second '{key}' ({place.file}:{place.line})")

    def _marked(self, event: yaml.Event, node: Node) -> Node:
        """Return the node, marked if the indentation of its line was guessed."""
        node.guessed = node.guessed or position(event)[0] in self.guessed
        return node

    def _place(self, event: yaml.Event) -> Place:
        line, column = position(event)
        left = self.guessed.get(line, 0)
        return Place(file=self.file, line=line + 1, column=max(column - left, 0) + 1)
