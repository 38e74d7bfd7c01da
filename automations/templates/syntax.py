"""What a template says, read from its syntax and not computed: for checks before anything runs."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from msgspec import Struct

from automations.templates.sandbox import SANDBOX

N = TypeVar("N", bound=nodes.Node)

# A template is parsed to be compiled and soon after to be checked.
_RECENT: Final = 64  # templates

ASKS: Final = frozenset({"states", "is_state", "state_attr", "is_state_attr", "has_value"})
"""Functions, filters and tests whose first argument is an entity."""

_GUARDS: Final = frozenset({"defined", "undefined", "none"})
_DEFAULTS: Final = frozenset({"default", "d"})
# Names that mean something to Jinja itself.
_SPECIAL: Final = frozenset({"self", "super", "caller", "varargs", "kwargs", "loop"})
# What can be asked of `states` itself, and what every mapping has.
_OWN: Final = frozenset({"get", "items", "keys", "values"})


SAME: Final[Mapping[str, bool]] = {"eq": True, "in": True, "ne": False, "notin": False}
"""Comparisons that ask whether two are the same, and whether they hold when they are."""

BIGGER: Final = frozenset({"gt", "gteq", "lt", "lteq"})
"""Comparisons of numbers."""


class Compared(Struct, frozen=True):
    """A state compared with something written out: whose state, how, and with what."""

    of: tuple[str, ...]
    how: str
    values: tuple[object, ...]


class Said(Struct, frozen=True):
    """What a template says.

    ``names`` are variables it needs, without those it asks whether they are there; ``entities``
    are written out; ``fields`` are chains such as ``("trigger", "event", "data", "camera")``;
    ``results`` are all it can give where those are texts written out; ``always`` is its only
    result where that is true or false.
    """

    names: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    fields: tuple[tuple[str, ...], ...] = ()
    compared: tuple[Compared, ...] = ()
    results: tuple[str, ...] = ()
    always: bool | None = None


@lru_cache(maxsize=_RECENT)
def tree_of(source: str) -> nodes.Template:
    """Return a template's syntax; raises ``TemplateSyntaxError``."""
    return SANDBOX.parse(source.strip())


@lru_cache(maxsize=4096)
def said(source: str) -> Said:
    """Return what a template says; of one that does not compile, nothing."""
    try:
        tree = tree_of(source)
        return _said(tree)
    except (TemplateSyntaxError, RecursionError):
        return Said()


class _Nodes:
    """The nodes of a template by their kind, found in one walk."""

    def __init__(self, tree: nodes.Template) -> None:
        self.tree = tree
        self._kinds: dict[type[nodes.Node], list[nodes.Node]] = {}
        below: list[nodes.Node] = [tree]
        while below:
            node = below.pop()
            self._kinds.setdefault(type(node), []).append(node)
            below.extend(node.iter_child_nodes())

    def of(self, kind: type[N]) -> list[N]:
        """Return the nodes of a kind."""
        return self._kinds.get(kind, [])  # type: ignore[return-value] # filed by their kind

    def outer(self) -> Iterator[tuple[str, ...]]:
        """Yield chains of attributes that are not part of a longer one."""
        chained: list[nodes.Getattr | nodes.Getitem] = []
        chained += [*self.of(nodes.Getattr), *self.of(nodes.Getitem)]
        inner = {id(each.node) for each in chained}
        for each in chained:
            if id(each) not in inner and (chain := _chain(each)):
                yield chain


def _said(tree: nodes.Template) -> Said:
    found = _Nodes(tree)
    asked, guarded = _asked(found)
    own = {each.name for each in found.of(nodes.Name) if each.ctx != "load"}
    own |= {each.name for each in found.of(nodes.Macro)} | _SPECIAL
    free = {each.name for each in found.of(nodes.Name)} - own
    fields = {
        each
        for each in found.outer()
        if each[0] in free and not any(_begins(each, g) for g in guarded)
    }
    return Said(
        names=tuple(sorted(free - SANDBOX.globals.keys() - asked)),
        entities=tuple(sorted({*_entities(found, "states" not in own)})),
        fields=tuple(sorted(fields)),
        compared=tuple(_comparisons(found)),
        results=tuple(_results(found)),
        always=_always(tree),
    )


def _asked(found: _Nodes) -> tuple[set[str], set[tuple[str, ...]]]:
    """Return names, and chains, of which the template asks whether they are there."""
    guards: list[nodes.Node] = []
    guards += [each.node for each in found.of(nodes.Test) if each.name in _GUARDS]
    filters = [each for each in found.of(nodes.Filter) if each.name in _DEFAULTS]
    guards += [each.node for each in filters if each.node is not None]
    chains: set[tuple[str, ...]] = set()
    for each in guards:
        chained = each.find_all((nodes.Getattr, nodes.Getitem, nodes.Name))
        chains |= {chain for inside in (each, *chained) if (chain := _chain(inside))}
    return {each[0] for each in chains}, {each for each in chains if len(each) > 1}


def _begins(chain: tuple[str, ...], guard: tuple[str, ...]) -> bool:
    shared = min(len(chain), len(guard))
    return chain[:shared] == guard[:shared]


def _chain(node: nodes.Node) -> tuple[str, ...]:
    """Return a chain of names; nothing for what begins with anything but a name."""
    parts: list[str] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            parts.append(node.attr)
        elif isinstance(node, nodes.Getitem):
            step = node.arg.value if isinstance(node.arg, nodes.Const) else None
            parts = [*parts, step] if isinstance(step, str) else []
        else:
            return ()
        node = node.node
    return (node.name, *reversed(parts))


def _entities(found: _Nodes, plain: bool) -> Iterator[str]:
    for call in found.of(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {*ASKS, "expand"}:
            yield from _texts(call.args if call.node.name == "expand" else call.args[:1])
    for asks in (*found.of(nodes.Filter), *found.of(nodes.Test)):
        if asks.name in ASKS and asks.node is not None:
            yield from _texts([asks.node])
    for chain in found.outer() if plain else ():
        root, first, rest = chain[0], chain[1:2], chain[2:3]
        if root == "states" and "." in "".join(first):
            yield first[0]
        elif root == "states" and rest and rest[0] not in _OWN:
            yield f"{first[0]}.{rest[0]}"


def _texts(values: Iterable[nodes.Node]) -> Iterator[str]:
    for each in values:
        for value in _constants(each) or ():
            if isinstance(value, str):
                yield value.strip().lower()


def _comparisons(found: _Nodes) -> Iterator[Compared]:
    for each in found.of(nodes.Compare):
        if len(each.ops) == 1:
            yield from _comparison(each.ops[0].op, each.expr, each.ops[0].expr)
            if each.ops[0].op in {"eq", "ne"}:
                yield from _comparison(each.ops[0].op, each.ops[0].expr, each.expr)
    for call in found.of(nodes.Call):
        named = isinstance(call.node, nodes.Name) and call.node.name == "is_state"
        entity = next(iter(_texts(call.args[:1])), None)
        values = _constants(call.args[1]) if len(call.args) > 1 else None
        if named and entity and values is not None:
            yield Compared(of=(entity,), how="in", values=values)


def _comparison(how: str, left: nodes.Node, right: nodes.Node) -> Iterator[Compared]:
    of, values = _state_of(left), _constants(right)
    if of and values is not None:
        yield Compared(of=of, how=how, values=values)


def _state_of(node: nodes.Node) -> tuple[str, ...]:
    """Return whose state an expression is: an entity, or a chain of a variable's."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        return tuple(_texts(node.args[:1])) if node.node.name == "states" else ()
    if isinstance(node, nodes.Filter) and node.name == "states" and node.node is not None:
        return tuple(_texts([node.node]))
    chain = _chain(node)
    if chain[:1] == ("states",) and chain[3:] == ("state",):
        return (f"{chain[1]}.{chain[2]}",)
    return chain if chain[:1] == ("trigger",) else ()


def _constants(node: nodes.Node) -> tuple[object, ...] | None:
    """Return what is written out, one or several of a list; none where something is computed."""
    if isinstance(node, nodes.Const):
        return tuple(node.value) if isinstance(node.value, list | tuple) else (node.value,)
    items = node.items if isinstance(node, nodes.List | nodes.Tuple) else []
    found = tuple(each.value for each in items if isinstance(each, nodes.Const))
    return found if items and len(found) == len(items) else None


def _only(tree: nodes.Template) -> nodes.Node | None:
    """Return the one expression a template is."""
    body = tree.body
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
        return None
    return body[0].nodes[0]


def _always(tree: nodes.Template) -> bool | None:
    value = getattr(_only(tree), "value", None)
    if isinstance(value, bool):
        return value
    written = getattr(_only(tree), "data", "").strip().lower()
    return {"true": True, "false": False}.get(written)


def _results(found: _Nodes) -> Iterator[str]:
    """Yield the texts a template can give, where it chooses among some."""
    body = found.tree.body
    if (only := _only(found.tree)) is not None:
        yield from _choices(only)
    elif len(body) == 1 and isinstance(body[0], nodes.If):
        written = [node for each in found.of(nodes.Output) for node in each.nodes]
        texts = [each.data.strip() for each in written if isinstance(each, nodes.TemplateData)]
        if len(texts) == len(written):
            yield from sorted(filter(None, texts))


def _choices(node: nodes.Node | None) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value.strip()
    elif isinstance(node, nodes.CondExpr):
        yield from _choices(node.expr1)
        yield from _choices(node.expr2)
