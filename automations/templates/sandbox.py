"""The one Jinja environment: sandboxed, bounded, with Home Assistant's functions in it."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import UndefinedError
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from automations.templates import bounds, functions
from automations.templates.rendering import missed


def _formatted(left: object, right: object) -> None:
    bounds.pattern(left)
    if isinstance(left, str):
        bounds.printable(right)


_BOUNDS: Mapping[str, Callable[[Any, Any], None]] = {
    "*": bounds.product,
    "**": bounds.power,
    "+": bounds.addition,
    "%": _formatted,
}


class Missing(Undefined):
    """A name that is not there: nothing when written out (said once), an error when used."""

    __slots__ = ()

    def __str__(self) -> str:
        if self._undefined_exception is not UndefinedError:  # not missing but forbidden
            self._fail_with_undefined_error()
        missed(self._undefined_message)
        return ""

    @property
    def words(self) -> str:
        """Say what is missing."""
        return self._undefined_message


class _Generator(CodeGenerator):
    """Writes code that joins texts through ``bounds``, as ``a ~ b`` can double a text each time."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's
        self.write("environment.concat((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with bounds on sizes; whoever renders bounds the time."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(_BOUNDS)
    concat = staticmethod(bounds.joined)

    def __init__(self) -> None:
        super().__init__(
            undefined=Missing,
            finalize=bounds.written,
            optimized=False,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        for name in ("lipsum", "cycler", "joiner"):
            del self.globals[name]
        self.globals.update(functions.GLOBALS)
        self.filters.update(functions.FILTERS)
        self.filters.update(_bounded_filters(self.filters))
        self.tests.update(functions.TESTS)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        _BOUNDS[operator](left, right)
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str):
            bounds.method(owner, __obj.__name__, args)
            bounds.printable([*args, *kwargs.values()])
            if __obj.__name__ == "join":
                return bounds.joined(_between(owner, args[0] if args else ()))
        return super().call(__context, __obj, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        bounds.pattern(value.__self__)
        write = wrapped

        @functools.wraps(write)
        def call(*given: Any, **named: Any) -> str:
            bounds.printable([*given, *named.values()])
            return write(*given, **named)

        return call


def _between(separator: str, parts: Iterable[Any]) -> Iterable[str]:
    for at, each in enumerate(parts):
        if at:
            yield separator
        yield each


def _formatted_all(*given: Any) -> None:
    bounds.pattern(given[0])
    bounds.printable(given[1:])


def _printed(*given: Any) -> None:
    bounds.printable([each for each in given if not isinstance(each, Context)])


# Filters that write out what they are given.
_WRITING: Final = (
    "string", "tojson", "float", "int", "bool", "lower", "upper", "title", "capitalize", "trim",
    "urlencode", "escape", "e", "forceescape", "striptags", "pprint", "wordcount", "truncate",
    "wordwrap", "urlize", "xmlattr",
)  # fmt: skip


def _bounded_filters(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    def guarded(name: str, guard: Callable[..., None]) -> Callable[..., Any]:
        inner = filters[name]

        @functools.wraps(inner)
        def call(*given: Any, **named: Any) -> Any:
            guard(*given, *named.values())
            return inner(*given, **named)

        return call

    def widths(*given: Any) -> None:
        for each in given[1:]:
            bounds.length(each)

    def join(value: Iterable[Any], d: str = "", attribute: str | None = None) -> str:
        if attribute is not None:
            value = (SANDBOX.getattr(each, attribute) for each in value)
        return bounds.joined(_between(str(d), value))

    return {
        **{name: guarded(name, _printed) for name in _WRITING},
        "batch": guarded("batch", widths),
        "center": guarded("center", widths),
        "format": guarded("format", _formatted_all),
        "indent": guarded("indent", widths),
        "join": join,
        "replace": guarded("replace", lambda *given: bounds.replacement(*given[1:4])),
        "slice": guarded("slice", widths),
    }


SANDBOX = Sandbox()
