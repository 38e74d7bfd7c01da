"""Templates made to do harm: each gives a result or fails in words, soon and within bounds."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automations.templates import Template, TemplateFailed, fault
from automations.templates.functions import FILTERS, GLOBALS
from hub.testing import TestHub

_VALUES = st.sampled_from(
    ["1", "-1", "0", "1e308", "10**9", "'x' * 200000", "['x' * 200000] * 2000", "none", "{}",
     "range(99999)", "[[[]]]", "'{0.__class__}'", "''.__class__", "states", "now()", "tau", "nope",
     "'(a+)+$'", "('a' * 40) ~ '!'", "{'a': {'a': ['x' * 99999] * 99}}", "'%9d'"]
)  # fmt: skip
_NAMES = st.sampled_from(sorted({*FILTERS, "string", "list", "join", "center", "format", "map"}))
_CALLS = st.sampled_from(sorted(name for name, each in GLOBALS.items() if callable(each)))


@st.composite
def _hostile(draw: st.DrawFn) -> str:
    given_ = ", ".join(draw(st.lists(_VALUES, max_size=3)))
    if draw(st.booleans()):
        whole = f"{draw(_CALLS)}({given_})"
    else:
        whole = f"({draw(_VALUES)}) | {draw(_NAMES)}({given_})"
    for name in draw(st.lists(_NAMES, max_size=2)):
        whole += f" | {name}"
    return "{{ " + whole + " }}"


@settings(max_examples=150, deadline=None)
@given(source=_hostile())
def test_a_hostile_template_ends_soon_within_bounds(source: str) -> None:
    if fault(source) is not None:
        return
    with TestHub() as hub:
        template = Template(source, hub.context(), "here")
        started = time.process_time()
        try:
            result = template({})
        except TemplateFailed:
            result = ""
        assert time.process_time() - started < 1.0
        assert not isinstance(result, str) or len(result) <= 262_144


@pytest.mark.parametrize("value", ["''.format", "dict", "states", "5"])
def test_only_a_macro_becomes_a_function(value: str) -> None:
    with TestHub() as hub, pytest.raises(TemplateFailed, match="needs a macro"):
        Template("{{ (" + value + ") | as_function }}", hub.context(), "here")({})
