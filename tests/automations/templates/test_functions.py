"""Home Assistant's functions beyond the plain ones, what is refused, and what is too large."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from automations.templates import Template, TemplateFailed, fault
from automations.templates.spans import as_timedelta
from hub.testing import TestHub


@pytest.fixture
def hub() -> Iterator[TestHub]:
    with TestHub() as hub:
        hub.states.set("light.hall", "on")
        hub.states.set("light.porch", "off")
        hub.states.set("group.lights", "on", {"entity_id": ["light.porch", "group.inner"]})
        hub.states.set("group.inner", "on", {"entity_id": ["light.hall", "group.lights"]})
        yield hub


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("{{ sin(0) }} {{ cos(0) }}", "0.0 1.0"),
        ("{{ 'x' | sin(7) }}", 7),
        ("{{ atan2(0, 1) }}", 0.0),
        ("{{ [1, 2, 2] | statistical_mode }}", 2),
        ("{{ clamp(15, 0, 10) }}", 10.0),
        ("{{ 370 | wrap(0, 360) }}", 10.0),
        ("{{ 6 | bitwise_and(3) }}{{ 6 | bitwise_or(3) }}{{ 6 | bitwise_xor(3) }}", 275),
        ("{{ tau > pi and inf > 1 }}", True),
        ("{{ [1, [2, [3]]] | flatten }}", [1, 2, 3]),
        ("{{ [1, [2, [3]]] | flatten(1) }}", [1, 2, [3]]),
        ("{{ combine({'a': {'b': 1}}, {'a': {'c': 2}}, recursive=True) }}",
         {"a": {"b": 1, "c": 2}}),
        ("{{ [1, 2] | intersect([2, 3]) }}", [2]),
        ("{{ [1, 2] | difference([2, 3]) }}", [1]),
        ("{{ [1, 2] | union([2, 3]) | sort }}", [1, 2, 3]),
        ("{{ [1, 2] | symmetric_difference([2, 3]) | sort }}", [1, 3]),
        ("{{ shuffle([1, 2, 3], 4) == shuffle([1, 2, 3], 4) }}", True),
        ("{{ zip([1, 2], ['a', 'b']) | list }}", [(1, "a"), (2, "b")]),
        ("{{ [1, 2] is contains(2) and 'ab' | contains('b') }}", True),
        ("{{ typeof({}) }} {{ [] is list }} {{ set([1]) is set }}", "dict True True"),
        ("{% macro hi(name) %}Hi {{ name }}{% endmacro %}{{ ['Jo'] | map('apply', hi) | list }}",
         ["Hi Jo"]),
        ("{% macro m(x, returns) %}{% do returns(x * 2) %}{% endmacro %}{{ (m | as_function)(4) }}",
         8),
        ("{{ 'hé' | base64_encode | base64_decode }}", "hé"),
        ("{{ md5('a') }}", "0cc175b9c0f1b6a831c399e269772661"),
        ("{{ 'a' | sha1 }}", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("{{ 258 | pack('>H') | unpack('>H') }}", 258),
        ("{{ 1 | ordinal }} {{ 12 | ordinal }} {{ 23 | ordinal }}", "1st 12th 23rd"),
        ("{{ 'A' | ord }}", 65),
        ("{{ as_timedelta('1 02:30:00').total_seconds() }}", 95400.0),
        ("{{ relative_time(now() - timedelta(hours=2)) }}", "2 hours"),
        ("{{ time_since(now() - timedelta(days=1, minutes=61), precision=2) }}", "1 day 1 hour"),
        ("{{ (now() + timedelta(minutes=5)) | time_until }}", "5 minutes"),
        ("{{ expand('group.lights') | map(attribute='entity_id') | list }}",
         ["light.hall", "light.porch"]),
        ("{{ ['light.hall', states.light.porch] | expand | map(attribute='state') | list }}",
         ["on", "off"]),
    ],
)  # fmt: skip
@pytest.mark.feature("template: functions and filters", "supported", "without areas and devices")
def test_gives_what_home_assistant_gives(hub: TestHub, source: str, result: object) -> None:
    assert fault(source) is None
    assert Template(source, hub.context(), "here")({}) == result


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ device_attr('x', 'name') }}", "no devices"),
        ("{{ area_entities('kitchen') }}", "no areas"),
        ("{{ 'kitchen' | label_entities }}", "no areas, floors or labels"),
        ("{{ state_translated('light.hall') }}", r"use states\(\)"),
    ],
)
@pytest.mark.feature("template: devices, areas, floors, labels", "refused", "list the entities")
def test_what_makes_no_sense_here_is_refused(source: str, words: str) -> None:
    said = fault(source)
    assert said is not None
    assert "is refused" in said
    assert words.replace("\\", "") in said


@pytest.mark.parametrize(
    "printed",
    [
        "{{ many }}", "{{ [many] | string }}", "{{ '%s' % many }}", "{{ '%s' | format(many) }}",
        "{{ '{}'.format(many) }}", "{{ many ~ '' }}", "{{ {'a': many} | to_json }}",
        "{{ many | tojson }}", "{{ many | lower }}", "{{ many | md5 }}",
        "{{ many | regex_match('a') }}", "{{ ''.join([many]) }}", "{{ [many] | join }}",
        "{{ to_json(many) }}", "{{ slugify(many) }}",
        "{{ many | pprint }}", "{{ many | float }}",
    ],
)  # fmt: skip
@pytest.mark.feature("template: limits", "different", "50 ms and 262,144 characters")
def test_one_long_text_many_times_is_refused_before_it_is_written(
    hub: TestHub, printed: str
) -> None:
    source = "{% set many = ['x' * 200000] * 2000 %}" + printed
    with pytest.raises(TemplateFailed, match=r"longer than|too long"):
        Template(source, hub.context(), "here")({})


def test_bytes_of_great_size_are_refused(hub: TestHub) -> None:
    with pytest.raises(TemplateFailed, match="too long"):
        Template("{{ 1 | pack('999999999xB') }}", hub.context(), "here")({})


def test_a_span_that_is_none_is_none() -> None:
    assert as_timedelta("soon") is None
    assert as_timedelta("-00:01") == timedelta(minutes=-1)
