"""What a template says, read from its syntax and not computed: for checks before anything runs."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from msgspec import Struct

from automations.templates.sandbox import SANDBOX

# A template is parsed to be compiled and soon after to be checked.
_RECENT: Final = 64  # templates

ASKS: Final = frozenset({"states", "is_state", "state_attr", "is_state_attr", "has_value"})
"""Functions, filters and tests whose first argument is an entity."""

_GUARDS: Final = frozenset({"defined", "undefined", "none"})
_DEFAULTS: Final = frozenset({"default", "d"})
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


def _said(tree: nodes.Template) -> Said:
    asked, guarded = _asked(tree)
    free = find_undeclared_variables(tree)
    names = free - SANDBOX.globals.keys() - asked
    chains = {
        chain for each in _outer(tree) if (chain := _chain(each)) and chain[:1] not in guarded
    }
    fields = {
        each for each in chains if each[0] in free and not any(_begins(each, g) for g in guarded)
    }
    return Said(
        names=tuple(sorted(names)),
        entities=tuple(sorted({*_entities(tree, "states" not in _stored(tree))})),
        fields=tuple(sorted(fields)),
        compared=tuple(_comparisons(tree)),
        results=tuple(_results(tree)),
        always=_always(tree),
    )


def _asked(tree: nodes.Template) -> tuple[set[str], set[tuple[str, ...]]]:
    """Return names, and chains, of which the template asks whether they are there."""
    names: set[str] = set()
    chains: set[tuple[str, ...]] = set()
    guards = [each.node for each in tree.find_all(nodes.Test) if each.name in _GUARDS]
    guards += [
        each.node
        for each in tree.find_all(nodes.Filter)
        if each.name in _DEFAULTS and each.node is not None
    ]
    for each in guards:
        for inside in [each, *each.find_all((nodes.Getattr, nodes.Getitem, nodes.Name))]:
            if chain := _chain(inside):
                chains.add(chain)
                names.add(chain[0])
    return names, {each for each in chains if len(each) > 1}


def _begins(chain: tuple[str, ...], guard: tuple[str, ...]) -> bool:
    shared = min(len(chain), len(guard))
    return chain[:shared] == guard[:shared]


def _outer(tree: nodes.Template) -> Iterator[nodes.Node]:
    """Yield chains of attributes that are not part of a longer one."""
    inner = set()
    for each in tree.find_all((nodes.Getattr, nodes.Getitem)):
        if id(each) not in inner:
            yield each
        below = each.node  # type: ignore[attr-defined] # both have one
        while isinstance(below, nodes.Getattr | nodes.Getitem):
            inner.add(id(below))
            below = below.node


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


def _stored(tree: nodes.Template) -> set[str]:
    return {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}


def _entities(tree: nodes.Template, plain: bool) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {*ASKS, "expand"}:
            yield from _texts(call.args if call.node.name == "expand" else call.args[:1])
    for asks in tree.find_all((nodes.Filter, nodes.Test)):
        if asks.name in ASKS and asks.node is not None:
            yield from _texts([asks.node])
    for chain in map(_chain, _outer(tree) if plain else ()):
        if len(chain) > 2 and chain[0] == "states" and "." not in chain[1] and chain[2] not in _OWN:  # noqa: PLR2004
            yield f"{chain[1]}.{chain[2]}"
        elif len(chain) > 1 and chain[0] == "states" and "." in chain[1]:
            yield chain[1]


def _texts(values: Iterable[nodes.Node]) -> Iterator[str]:
    for each in values:
        for value in _constants(each) or ():
            if isinstance(value, str):
                yield value.strip().lower()


def _comparisons(tree: nodes.Template) -> Iterator[Compared]:
    for each in tree.find_all(nodes.Compare):
        if len(each.ops) == 1:
            yield from _comparison(each.ops[0].op, each.expr, each.ops[0].expr)
            if each.ops[0].op in {"eq", "ne"}:
                yield from _comparison(each.ops[0].op, each.ops[0].expr, each.expr)
    for call in tree.find_all(nodes.Call):
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


def _results(tree: nodes.Template) -> Iterator[str]:
    """Yield the texts a template can give, where it chooses among some."""
    only = _only(tree)
    if only is not None:
        yield from _choices(only)
    elif len(tree.body) == 1 and isinstance(tree.body[0], nodes.If):
        written = [each.data.strip() for each in tree.find_all(nodes.TemplateData)]
        outputs = list(tree.find_all(nodes.Output))
        if all(isinstance(n, nodes.TemplateData) for each in outputs for n in each.nodes):
            yield from (each for each in written if each)


def _choices(node: nodes.Node | None) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value.strip()
    elif isinstance(node, nodes.CondExpr):
        yield from _choices(node.expr1)
        yield from _choices(node.expr2)
