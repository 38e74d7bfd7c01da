"""Simple expressions as Python closures: names, attributes, comparisons, and, or, not.

Most conditions are no more than ``trigger.score > 0.5``; entering Jinja for one costs many
times what it computes. What is built here gives exactly what Jinja would, also for names that
are not there; whatever is not simple is left to Jinja (``None``).
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2 import nodes

from automations.templates.functions import DIRECT
from automations.templates.sandbox import SANDBOX

Closure = Callable[[Mapping[str, Any]], Any]

_COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}
# Names that mean something to Jinja itself.
_SPECIAL: Final = frozenset({"self", "super", "caller", "varargs", "kwargs", "loop"})
# A mapping's own methods come before its keys, as in Jinja.
_METHODS: Final = frozenset(dir(dict))
_ABSENT: Final = object()


def pieces(template: nodes.Template) -> list[Closure] | None:
    """Return what a template writes out, one closure each; none when it is not simple."""
    found: list[Closure] = []
    for block in template.body:
        if not isinstance(block, nodes.Output):
            return None
        for node in block.nodes:
            made = _fixed(node.data) if isinstance(node, nodes.TemplateData) else closure(node)
            if made is None:
                return None
            found.append(made)
    return found


def closure(node: nodes.Node) -> Closure | None:
    """Return an expression as a closure over the variables, or none when it is not simple."""
    make = _MAKERS.get(type(node))
    return None if make is None else make(node)


def _fixed(value: object) -> Closure:
    return lambda _: value


def _const(node: nodes.Const) -> Closure:
    return _fixed(node.value)


def _name(node: nodes.Name) -> Closure | None:
    if node.name in _SPECIAL or node.ctx != "load":
        return None
    name = node.name
    fallback = SANDBOX.globals.get(name, _ABSENT)

    def get(variables: Mapping[str, Any]) -> Any:
        try:
            return variables[name]
        except KeyError:
            return SANDBOX.undefined(name=name) if fallback is _ABSENT else fallback

    return get


def _attribute(node: nodes.Getattr) -> Closure | None:
    of = closure(node.node)
    if of is None or node.ctx != "load":
        return None
    name = node.attr
    if name in _METHODS:
        return lambda variables: SANDBOX.getattr(of(variables), name)

    def get(variables: Mapping[str, Any]) -> Any:
        thing = of(variables)
        if type(thing) is dict:
            try:
                return thing[name]
            except KeyError:
                return SANDBOX.undefined(obj=thing, name=name)
        return SANDBOX.getattr(thing, name)

    return get


def _item(node: nodes.Getitem) -> Closure | None:
    of = closure(node.node)
    if of is None or node.ctx != "load" or not isinstance(node.arg, nodes.Const):
        return None
    key = node.arg.value
    return lambda variables: SANDBOX.getitem(of(variables), key)


def _compare(node: nodes.Compare) -> Closure | None:
    first = closure(node.expr)
    rest = [(_COMPARE[each.op], closure(each.expr)) for each in node.ops]
    if first is None:
        return None
    known = [(compare, right) for compare, right in rest if right is not None]
    if len(known) != len(rest):
        return None
    if len(known) == 1:
        return _comparison(first, *known[0])
    return _chain(first, known)


def _comparison(left: Closure, compare: Callable[[Any, Any], Any], right: Closure) -> Closure:
    return lambda variables: compare(left(variables), right(variables))


def _chain(first: Closure, rest: list[tuple[Callable[[Any, Any], Any], Closure]]) -> Closure:
    def run(variables: Mapping[str, Any]) -> Any:
        left, result = first(variables), True
        for compare, right in rest:
            value = right(variables)
            result = compare(left, value)
            if not result:
                return result
            left = value
        return result

    return run


def _and(node: nodes.And) -> Closure | None:
    left, right = closure(node.left), closure(node.right)
    if left is None or right is None:
        return None
    return lambda variables: left(variables) and right(variables)


def _or(node: nodes.Or) -> Closure | None:
    left, right = closure(node.left), closure(node.right)
    if left is None or right is None:
        return None
    return lambda variables: left(variables) or right(variables)


def _not(node: nodes.Not) -> Closure | None:
    inner = closure(node.node)
    return None if inner is None else lambda variables: not inner(variables)


def _negative(node: nodes.Neg) -> Closure | None:
    inner = closure(node.node)
    return None if inner is None else lambda variables: -inner(variables)


def _call(node: nodes.Call) -> Closure | None:
    if not isinstance(node.node, nodes.Name) or node.node.name not in DIRECT:
        return None
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return None
    name: str = node.node.name
    function: Callable[..., Any] = DIRECT[name]
    arguments = [made for each in node.args if (made := closure(each)) is not None]
    if len(arguments) != len(node.args):
        return None

    def run(variables: Mapping[str, Any]) -> Any:
        if name in variables:
            raise TypeError(f"'{type(variables[name]).__name__}' object is not callable")
        return function(*[each(variables) for each in arguments])

    return run


_MAKERS: Final[Mapping[type[nodes.Node], Callable[[Any], Closure | None]]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.Getattr: _attribute,
    nodes.Getitem: _item,
    nodes.Compare: _compare,
    nodes.And: _and,
    nodes.Or: _or,
    nodes.Not: _not,
    nodes.Neg: _negative,
    nodes.Call: _call,
}
