"""What plugins may rely on is documented, and changes only where a reviewer sees it."""

import inspect
from collections.abc import Iterator

import hub.api
from hub.api import schema
from hub.api.events import Event, subclasses
from tests.house.surface import SNAPSHOT, surface


def _public() -> Iterator[tuple[str, object]]:
    for name in hub.api.__all__:
        thing = getattr(hub.api, name)
        if inspect.isclass(thing) or inspect.isfunction(thing) or inspect.ismodule(thing):
            yield name, thing


def test_every_public_name_is_documented() -> None:
    silent = [name for name, thing in _public() if not _own_words(thing)]

    assert silent == []


def test_every_method_a_plugin_may_call_or_write_is_documented() -> None:
    silent = [
        f"{name}.{member}"
        for name, thing in _public()
        if inspect.isclass(thing)
        for member, each in vars(thing).items()
        if not member.startswith("_")
        and inspect.isfunction(each)
        and each.__module__.startswith("hub.")
        and not inspect.getdoc(each)
    ]

    assert silent == []


def test_every_piece_of_schema_is_documented() -> None:
    pieces = [
        each
        for name, each in vars(schema).items()
        if inspect.isfunction(each) and not name.startswith("_")
    ]

    assert len(pieces) > 10
    assert [each.__name__ for each in pieces if not each.__doc__] == []


def test_every_event_is_documented() -> None:
    events = subclasses()

    assert len(events) > 15
    undocumented = [name for name, each in events.items() if not vars(each).get("__doc__")]
    assert undocumented == []
    assert all(issubclass(each, Event) for each in events.values())


def test_all_lists_what_the_module_offers() -> None:
    imported = {
        name
        for name, each in vars(hub.api).items()
        if not name.startswith("_") and not inspect.ismodule(each)
    }

    assert imported | {"schema"} == set(hub.api.__all__)
    assert hub.api.__all__ == sorted(hub.api.__all__, key=_as_ruff_sorts)


def test_the_surface_is_the_one_last_agreed_on() -> None:
    assert surface() == SNAPSHOT.read_text(), "run python -m tests.house.surface and review it"


def _own_words(thing: object) -> str | None:
    """Return its docstring, and not that of what it inherits from."""
    return vars(thing).get("__doc__") if inspect.isclass(thing) else inspect.getdoc(thing)


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
