"""A template in its place: compiled once, rendered often, its mistakes told in the user's words."""

import logging
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from automations.templates.bounds import Limit, joined
from automations.templates.explaining import looked_at
from automations.templates.instead import INSTEAD
from automations.templates.native import finished, parsed, truth
from automations.templates.rendering import FAULTS, Reads, Rendering, TemplateFailed, current
from automations.templates.sandbox import SANDBOX, Missing
from automations.templates.simple import Closure, pieces
from automations.templates.syntax import tree_of
from hub.api import Context, did_you_mean

_log = logging.getLogger("automations.templates")

_LONGEST: Final = 65_536  # characters of a template's source
_NO_FILTER: Final = re.compile(r"No (filter|test) named '(\w+)'")

Variables = Mapping[str, Any]


def is_template(value: object) -> bool:
    """Say whether a text has anything in it for Jinja."""
    return isinstance(value, str) and ("{{" in value or "{%" in value or "{#" in value)


def fault(source: str) -> str | None:
    """Say why a template does not compile, or none when it does."""
    try:
        _compiled(source)
    except TemplateSyntaxError as error:
        line = f" (line {error.lineno} of the template)" if "\n" in source.strip() else ""
        return f"the template does not compile: {_hinted(error.message or '')}{line}"
    except RecursionError:
        return "the template does not compile: it is nested too deeply"
    return None


class Template:
    """A compiled template; ``where`` says in the log where it stands.

    Without a hub it can be checked but not computed.
    """

    __slots__ = ("_context", "_evaluate", "_rendering", "_said", "source", "where")

    def __init__(self, source: str, context: Context | None, where: str = "") -> None:
        self.source = source
        self.where = where
        self._context = context
        self._evaluate = _compiled(source)
        # Without a hub it says nothing, and leaves no circle behind for each that is checked.
        self._rendering = Rendering(context, self._missing if context is not None else _ignored)
        self._said: set[str] = set()

    def __call__(self, variables: Variables) -> object:
        """Return the result; raises ``TemplateFailed``."""
        return self._in(self._rendering, variables)

    def holds(self, variables: Variables) -> bool:
        """Return the result as a condition's; raises ``TemplateFailed``."""
        result = self._in(self._rendering, variables)
        return result if result.__class__ is bool else truth(result)

    def tracked(self, variables: Variables, reads: Reads) -> object:
        """Return the result, filling in what it depends on; raises ``TemplateFailed``."""
        return self._in(Rendering(self._context, self._missing, reads), variables)

    def explain(self, variables: Variables) -> str:
        """Return what the template says and what it looked at, in words."""
        token = current.set(Rendering(self._context, _ignored))
        try:
            seen = looked_at(self.source, variables)
        finally:
            current.reset(token)
        return f"{self.source.strip()} ({seen})" if seen else self.source.strip()

    def _in(self, rendering: Rendering, variables: Variables) -> Any:
        token = current.set(rendering)
        try:
            return self._evaluate(variables)
        except FAULTS as error:
            raise TemplateFailed(f"template: {_words(error)}") from error
        finally:
            current.reset(token)

    def _missing(self, words: str) -> None:
        if words not in self._said:
            self._said.add(words)
            _log.warning("%s: template: %s, so it stands for nothing", self.where, words)


def _ignored(_: str) -> None:
    """Hear of a missing name once more: it is told already."""


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Closure:
    if len(source) > _LONGEST:
        raise TemplateSyntaxError(f"it is longer than {_LONGEST} characters", 1)
    tree = tree_of(source)
    _check_calls(tree)
    found = pieces(tree)
    if found is None:
        return _through_jinja(source)
    if len(found) == 1:
        return _single(found[0])
    return _text(found)


def _single(get: Closure) -> Closure:
    def evaluate(variables: Variables) -> object:
        value = get(variables)
        return value if value.__class__ is bool else finished(value)

    return evaluate


def _text(parts: list[Closure]) -> Closure:
    return lambda variables: parsed(joined(each(variables) for each in parts).strip())


def _through_jinja(source: str) -> Closure:
    template: JinjaTemplate = SANDBOX.from_string(source.strip())
    root: Callable[[Any], Any] = template.root_render_func

    def evaluate(variables: Variables) -> object:
        with Limit():
            # What new_context() does, without walking a ChainMap of all functions each time.
            names = {**SANDBOX.globals, **variables}
            text = joined(root(SANDBOX.context_class(SANDBOX, names, None, template.blocks)))
        return parsed(text.strip())

    return evaluate


def _check_calls(tree: nodes.Template) -> None:
    called = {
        call.node.name: call.lineno
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name not in SANDBOX.globals
    }
    if not called:
        return
    for name in sorted(find_undeclared_variables(tree) & called.keys()):
        raise TemplateSyntaxError(f"there is no function '{name}'", called[name])


def _hinted(message: str) -> str:
    if named := _NO_FILTER.search(message):
        if named[2] in INSTEAD:
            return f"'{named[2]}' is refused: {INSTEAD[named[2]]}"
        known = SANDBOX.filters if named[1] == "filter" else SANDBOX.tests
        return f"there is no {named[1]} '{named[2]}'. {did_you_mean(named[2], known)}".rstrip(". ")
    if named := re.search(r"there is no function '(\w+)'", message):
        if named[1] in INSTEAD:
            return f"'{named[1]}' is refused: {INSTEAD[named[1]]}"
        functions = [name for name, each in SANDBOX.globals.items() if callable(each)]
        return f"{message}. {did_you_mean(named[1], functions)}".rstrip(". ")
    return message


def _words(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    return str(error) or type(error).__name__


__all__ = ["Missing", "Template", "TemplateFailed", "Variables", "fault", "is_template"]
