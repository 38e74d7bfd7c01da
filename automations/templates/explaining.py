"""What a template looked at: the names and entities in it, each with its value just now."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import TemplateError, nodes

from automations.templates.functions import DIRECT
from automations.templates.rendering import FAULTS
from automations.templates.sandbox import SANDBOX, Missing
from automations.templates.simple import Closure, closure

_MOST: Final = 8  # values
_TEXT: Final = 60  # characters of one


def looked_at(source: str, variables: Mapping[str, Any]) -> str:
    """Say what the names in a template are: ``trigger.score is 0.42, states('sun.sun') is 'up'``.

    Call it while the template's hub can be asked. What cannot be told is left out.
    """
    said = []
    for words, get in _parts(source):
        try:
            value = get(variables)
        except FAULTS:
            continue
        said.append(f"{words} is {_short(value)}")
    return ", ".join(said[:_MOST])


@lru_cache(maxsize=512)
def _parts(source: str) -> tuple[tuple[str, Closure], ...]:
    try:
        tree = SANDBOX.parse(source.strip())
    except (TemplateError, RecursionError):
        return ()
    found: dict[str, Closure] = {}
    for node in _outermost(tree):
        get = closure(node)
        if get is not None:
            found.setdefault(_text(node), get)
    return tuple(found.items())


def _outermost(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        if _is_chain(child) or _is_question(child):
            yield child
        elif not isinstance(child, nodes.Const):
            yield from _outermost(child)


def _is_chain(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Name):
        return node.ctx == "load" and node.name not in SANDBOX.globals
    if isinstance(node, nodes.Getattr):
        return _is_chain(node.node)
    return (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and _is_chain(node.node)
    )


def _is_question(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in DIRECT
        and bool(node.args)
        and all(isinstance(each, nodes.Const) for each in node.args)
    )


def _text(node: nodes.Node) -> str:
    write: Callable[[Any], str] | None = _WRITE.get(type(node))
    return "" if write is None else write(node)


_WRITE: Final[Mapping[type, Callable[[Any], str]]] = {
    nodes.Name: lambda node: node.name,
    nodes.Const: lambda node: repr(node.value),
    nodes.Getattr: lambda node: f"{_text(node.node)}.{node.attr}",
    nodes.Getitem: lambda node: f"{_text(node.node)}[{_text(node.arg)}]",
    nodes.Call: lambda node: f"{_text(node.node)}({', '.join(map(_text, node.args))})",
}


def _short(value: object) -> str:
    if isinstance(value, Missing):
        return "not there"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}..."
