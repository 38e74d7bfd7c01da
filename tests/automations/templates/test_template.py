"""What templates give, what they may not do, and that simple ones are as Jinja would have them."""

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from jinja2.exceptions import TemplateError

from automations.templates import Template, TemplateFailed, fault
from automations.templates.sandbox import SANDBOX
from automations.templates.simple import pieces
from hub.testing import TestHub

VARIABLES = {
    "trigger": {"score": 0.75, "object": "person", "count": 2, "none": None, "items": "mine"},
    "names": ["anna", "ben"],
    "number": 5,
    "text": "5",
    "empty": "",
    "yes": True,
}


@pytest.fixture
def hub() -> Iterator[TestHub]:
    with TestHub() as hub:
        hub.states.set("light.hall", "on", {"brightness": 200, "friendly_name": "Hall"})
        hub.states.set("light.porch", "off")
        hub.states.set("sensor.lux", "12.5", {"unit_of_measurement": "lx"})
        yield hub


def render(hub: TestHub, source: str, **more: Any) -> object:
    return Template(source, hub.context(), "here")({**VARIABLES, **more})


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("{{ 5 }}", 5),
        ("{{ 5.5 }}", 5.5),
        ("{{ '5' }}", 5),
        ("{{ '05' }}", "05"),
        ("{{ '1e5' }}", "1e5"),
        ("{{ '-3' }}", -3),
        ("{{ '0x1f' }}", "0x1f"),
        ("{{ '1_000' }}", "1_000"),
        ("{{ 1e20 }}", "1e+20"),
        ("{{ true }}", True),
        ("{{ none }}", None),
        ("{{ [1, 'a'] }}", [1, "a"]),
        ("{{ {'a': [1]} }}", {"a": [1]}),
        ("{{ 'yes' }}", "yes"),
        ("{{ \"'quoted'\" }}", "'quoted'"),
        ("  {{ 'around' }}  \n", "around"),
        ("plain", "plain"),
        ("{{ number }}{{ text }}", 55),
        ("{{ number + 1 }}", 6),
        ("{% if yes %}on{% else %}off{% endif %}", "on"),
        ("{{ '(1,2' }}", "(1,2"),
        ("{{ 'True' }}", True),
        ("{{ trigger.score | round(1) }}", 0.8),
        ("{{ names | join(', ') }}", "anna, ben"),
        ("{{ trigger.missing | default('x') }}", "x"),
    ],
)
def test_a_result_is_what_its_text_reads_as(hub: TestHub, source: str, result: object) -> None:
    got = render(hub, source)
    assert got == result
    assert type(got) is type(result)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("{{ states('light.hall') }}", "on"),
        ("{{ states('light.attic') }}", "unknown"),
        ("{{ states('sensor.lux', with_unit=True) }}", "12.5 lx"),
        ("{{ states.light.hall.state }}", "on"),
        ("{{ states.light.hall.attributes.brightness }}", 200),
        ("{{ states['light.hall'].name }}", "Hall"),
        ("{{ states.light | map(attribute='entity_id') | list }}", ["light.hall", "light.porch"]),
        ("{{ states.light | selectattr('state', 'eq', 'on') | list | count }}", 1),
        ("{{ states | list | count }}", 3),
        ("{{ is_state('light.hall', 'on') }}", True),
        ("{{ is_state('light.hall', ['off', 'on']) }}", True),
        ("{{ is_state('light.attic', 'on') }}", False),
        ("{{ 'light.hall' is is_state('on') }}", True),
        ("{{ 'light.hall' | states }}", "on"),
        ("{{ state_attr('light.hall', 'brightness') > 100 }}", True),
        ("{{ state_attr('light.porch', 'brightness') }}", None),
        ("{{ is_state_attr('light.hall', 'brightness', 200) }}", True),
        ("{{ has_value('light.attic') }}", False),
        ("{{ states('sensor.lux') | float > 10 }}", True),
        ("{{ states('light.hall') | float(0) }}", 0),
        ("{{ 'x' | int(7) }}", 7),
        ("{{ '2.9' | int }}", 2),
        ("{{ 'ff' | int(0, 16) }}", 255),
        ("{{ 'on' | bool }}", True),
        ("{{ 2.5 | round }}", 2),
        ("{{ 2.41 | round(1, 'ceil') }}", 2.5),
        ("{{ 2.3 | round(0, 'half') }}", 2.5),
        ("{{ 'x' | is_number }}", False),
        ("{{ average([1, 2, 6]) }}", 3.0),
        ("{{ median(1, 9, 2) }}", 2.0),
        ("{{ min(3, 1) }}{{ max([3, 4]) }}", 14),
        ("{{ iif(yes, 'a', 'b') }}", "a"),
        ("{{ none | iif('a', 'b', 'c') }}", "c"),
        ("{{ sqrt(16) }}", 4.0),
        ("{{ log(8, 2) | round }}", 3),
        ("{{ 4 | add(1) | multiply(2) }}", 10.0),
        ("{{ slugify('Grüße, Дом!') }}", "grusse_dom"),
        ("{{ {'a': [1, none]} | to_json }}", '{"a":[1,null]}'),
        ("{{ ('{\"a\": 3}' | from_json).a }}", 3),
        ("{{ '[' | from_json([]) }}", []),
        ("{{ 'porch_cam' | regex_match('PORCH', true) }}", True),
        ("{{ 'my porch' | regex_search('por') }}", True),
        ("{{ 'a1b22' | regex_findall('[0-9]+') }}", ["1", "22"]),
        ("{{ 'a1b22' | regex_findall_index('[0-9]+', 1) }}", 22),
        ("{{ 'a1' | regex_replace('[0-9]', 'x') }}", "ax"),
        ("{{ 'abc' is match('a') and 'abc' is search('c') }}", True),
        ("{{ now().hour }}", 12),
        ("{{ utcnow().isoformat() }}", "2026-06-01T12:00:00+00:00"),
        ("{{ (now() - timedelta(hours=1)).hour }}", 11),
        ("{{ today_at('07:30').minute }}", 30),
        ("{{ as_timestamp('2026-06-01T12:00:00+00:00') }}", 1780315200.0),
        ("{{ as_timestamp('x', 1) }}", 1),
        ("{{ 1780315200 | timestamp_custom('%H:%M') }}", "12:00"),
        ("{{ 0 | timestamp_utc }}", "1970-01-01T00:00:00+00:00"),
        ("{{ strptime('3/2026', '%m/%Y').year }}", 2026),
        ("{{ as_datetime('2026-06-01').month }}", 6),
    ],
)
def test_home_assistants_functions_are_here(hub: TestHub, source: str, result: object) -> None:
    assert render(hub, source) == result


def test_a_name_that_is_missing_stands_for_nothing_and_is_told_once(
    hub: TestHub, caplog: pytest.LogCaptureFixture
) -> None:
    template = Template("say {{ tigger.object }}{{ nobody }}", hub.context(), "automation 'X'")
    with caplog.at_level(logging.WARNING), pytest.raises(TemplateFailed, match="'tigger' is und"):
        template(VARIABLES)

    template = Template("say {{ nobody }}", hub.context(), "automation 'X': actions 1")
    with caplog.at_level(logging.WARNING):
        assert template(VARIABLES) == "say"
        assert template(VARIABLES) == "say"

    assert caplog.messages == [
        "automation 'X': actions 1: template: 'nobody' is undefined, so it stands for nothing"
    ]


@pytest.mark.parametrize(
    "source", ["{{ nobody }}", "{{ 'off' }}", "{{ 0 }}", "{{ none }}", "{{ [] }}", "{{ 'abc' }}"]
)
def test_what_is_not_clearly_true_does_not_hold(hub: TestHub, source: str) -> None:
    assert Template(source, hub.context()).holds({}) is False


@pytest.mark.parametrize("source", ["{{ true }}", "{{ 'On' }}", "{{ 2 }}", "yes{{ empty }}"])
def test_what_is_true_in_home_assistant_holds(hub: TestHub, source: str) -> None:
    assert Template(source, hub.context()).holds(VARIABLES) is True


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ nobody > 3 }}", "'nobody' is undefined"),
        ("{{ trigger.nothing.more }}", "'dict object' has no attribute 'nothing'"),
        ("{{ trigger.object > 3 }}", "'>' not supported"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 'x' | float }}", "float got 'x', and no default was given"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ ''.__class__ }}", "unsafe"),
        ("{{ names.append('c') }}", "not safely callable|unsafe"),
        ("{{ names | attr('__class__') }}", "unsafe"),
        ("{{ '{0.__class__}'.format(names) }}", "unsafe"),
        ("{{ 'a' * 10 ** 9 }}", "too long"),
        ("{{ [0] * 10 ** 9 }}", "too long"),
        ("{{ 10 ** 99999 }}", "that large"),
        ("{{ '%999999999d' % 1 }}", "width"),
        ("{{ '%*d' | format(999999999, 1) }}", "width"),
        ("{{ '{:>999999999}'.format(1) }}", "width"),
        ("{{ '{:{w}}'.format(1, w=999999999) }}", "width"),
        ("{{ 'a'.ljust(999999999) }}", "too long"),
        ("{{ 'a' | center(999999999) }}", "too long"),
        ("{{ [1] | batch(999999999, 0) | list }}", "too long"),
        ("{{ ('a' * 9999) | replace('a', 'b' * 9999) }}", "too long"),
        ("{{ ('a' * 9999).replace('a', 'b' * 9999) }}", "too long"),
        ("{{ ('a' * 9999) | regex_replace('a', 'b' * 9999) }}", "too long|50 ms"),
        ("{{ (['a' * 99999] * 9999) | join }}", "longer than"),
        ("{{ ''.join(['a' * 99999] * 9999) }}", "longer than"),
        ("{{ range(10 ** 9) | list }}", "Range too big"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "50 ms"),
        ("{{ ('a' * 40 ~ 'b') | regex_match('(a+)+$') }}", "50 ms"),
        ("{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}", "without end|50 ms"),
        (
            (
                "{% set n = namespace(a='xx') %}{% for i in range(99) %}{% set n.a = n.a ~ n.a %}"
                "{% endfor %}"
            ),
            "longer than",
        ),
        (
            (
                "{% set n = namespace(a='xx') %}{% for i in range(99) %}"
                "{% set n.a %}{{ n.a }}{{ n.a }}"
                "{% endset %}{% endfor %}"
            ),
            "longer than",
        ),
    ],
)
def test_a_template_that_cannot_or_may_not_fails_with_words(
    hub: TestHub, source: str, words: str
) -> None:
    with pytest.raises(TemplateFailed, match=words):
        render(hub, source)


def test_a_failed_template_does_not_disturb_the_next_one(hub: TestHub) -> None:
    with pytest.raises(TemplateFailed):
        render(hub, "{{ ('a' * 40 ~ 'b') | regex_match('(a+)+$') }}")
    assert sum(range(3_000_000)) > 0  # longer than the limit: nothing may go off by now
    assert render(hub, "{{ number }}") == 5


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ (1 }}", "unexpected '}', expected ')'"),
        ("{{ 1 | flot }}", "there is no filter 'flot'. Did you mean 'float'?"),
        ("{{ 1 is odd_one }}", "there is no test 'odd_one'"),
        ("{{ state('light.hall') }}", "there is no function 'state'. Did you mean 'states'?"),
        ("line one\n{% if %}", "(line 2 of the template)"),
        ("{% endfor %}", "Encountered unknown tag 'endfor'"),
        ("{{ " + "(" * 9999 + ")" * 9999 + " }}", "nested too deeply"),
    ],
)
def test_what_does_not_compile_is_told(source: str, words: str) -> None:
    assert words in (fault(source) or "")


@pytest.mark.parametrize(
    "source", ["{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1) }}", "{{ states('a.b') }}", "text"]
)
def test_what_compiles_is_not_complained_about(source: str) -> None:
    assert fault(source) is None


_ATOMS = (
    "trigger.score", "trigger.object", "trigger.none", "trigger.items", "trigger['count']",
    "trigger.missing", "trigger.missing.more", "nobody", "nobody.more", "names[1]", "names[9]",
    "number", "text", "empty", "yes", "none", "0.5", "'person'", "-number", "[1]", "names.append",
    "text.upper", "states", "states('light.hall')", "is_state('light.hall', 'on')",
    "text.__class__", "trigger.score.real",
)  # fmt: skip
_RIGHT = ("0.5", "'person'", "trigger.missing", "names", "states('light.hall')", "nobody.more")
_OPERATORS = ("==", "!=", ">", "<=", "in", "not in")


def _expressions() -> Iterator[str]:
    yield from _ATOMS
    for atom in _ATOMS:
        yield f"not {atom}"
        yield f"{atom} and yes"
        yield f"{atom} or nobody"
        yield f"0 < {atom} < 3"
        yield f"{atom} is defined"
    for (left, right), how in itertools.product(itertools.product(_ATOMS, _RIGHT), _OPERATORS):
        yield f"{left} {how} {right}"
    for left, right in itertools.product(_ATOMS, _RIGHT):
        yield f"{left} and not {right}"


def test_simple_expressions_give_what_jinja_gives(hub: TestHub) -> None:
    context = hub.context()
    simple = 0
    for expression in _expressions():
        source = "{{ " + expression + " }}"
        simple += pieces(SANDBOX.parse(source)) is not None
        through_jinja = Template("{% if true %}" + source + "{% endif %}", context)
        assert _outcome(Template(source, context)) == _outcome(through_jinja), expression
    assert simple > 1_000  # else this compares Jinja with itself


def test_texts_with_simple_parts_give_what_jinja_gives(hub: TestHub) -> None:
    context = hub.context()
    for left, right in itertools.product(_ATOMS, _RIGHT):
        source = "a {{ " + left + " }}, {{ " + right + " }}\n"
        through_jinja = Template("{% if true %}" + source + "{% endif %}", context)
        assert _outcome(Template(source, context)) == _outcome(through_jinja), source


def _outcome(template: Template) -> tuple[str, str]:
    try:
        return "gives", repr(template(VARIABLES)).partition(" at 0x")[0]
    except (TemplateFailed, TemplateError) as error:
        return "fails", str(error).partition(" at 0x")[0]
