"""What templates ask about cameras' zones and people, and that what they read is followed."""

from collections.abc import Iterator

import pytest

from automations.templates import Reads, Template, TemplateFailed
from hub.api import KnownCamera
from hub.testing import TestHub

PORCH = KnownCamera(
    zones=frozenset({"doorstep", "path"}), objects=frozenset({"person", "teddy bear"})
)


@pytest.fixture
def hub() -> Iterator[TestHub]:
    with TestHub(cameras={"porch": PORCH}) as hub:
        hub.states.set("sensor.porch_doorstep_person_count", "2")
        hub.states.set("sensor.porch_doorstep_teddy_bear_count", "1")
        hub.states.set("person.anna", "kitchen")
        hub.states.set("person.ben", "not_home")
        yield hub


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("{{ zones('porch') }}", ["doorstep", "path"]),
        ("{{ count('porch', 'doorstep', 'person') }}", 2),
        ("{{ count('porch', 'doorstep') }}", 3),
        ("{{ count('porch', 'path', 'person') }}", 0),
        ("{{ persons_in('kitchen') }}", ["anna"]),
    ],
)
def test_tells_what_is_so_now(hub: TestHub, source: str, result: object) -> None:
    assert Template(source, hub.context(), "here")({}) == result


def test_what_is_counted_is_followed(hub: TestHub) -> None:
    reads = Reads()
    Template("{{ count('porch', 'doorstep', 'person') }}", hub.context(), "here").tracked({}, reads)
    assert reads.entities == {"sensor.porch_doorstep_person_count"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ zones('prch') }}", "there is no camera 'prch'. Did you mean 'porch'?"),
        ("{{ count('porch', 'dorstep') }}", "there is no zone 'dorstep'. Did you mean 'doorstep'?"),
        ("{{ count('porch', 'path', 'persn') }}", "there is no object 'persn'"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(hub: TestHub, source: str, words: str) -> None:
    with pytest.raises(TemplateFailed) as error:
        Template(source, hub.context(), "here")({})
    assert words in str(error.value)
