"""The public surface as text, so that a change of it is seen in review.

Run ``python -m tests.house.surface`` to write ``tests/house/api.txt`` anew.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import hub.api
from hub.api import schema

SNAPSHOT = Path(__file__).parent / "api.txt"


def surface() -> str:
    """Return every public name with its signature, members included."""
    lines = [line for name in sorted(hub.api.__all__) for line in _described(name)]
    lines += [
        f"schema.{name}{_signature(each)}"
        for name, each in sorted(vars(schema).items())
        if inspect.isfunction(each) and not name.startswith("_")
    ]
    return "\n".join(lines) + "\n"


def _described(name: str) -> Iterator[str]:
    thing = getattr(hub.api, name)
    if inspect.isclass(thing):
        bases = ", ".join(each.__name__ for each in thing.__bases__ if each is not object)
        yield f"class {name}({bases})"
        yield from (f"    {line}" for line in sorted(_members(thing)))
    elif inspect.isfunction(thing):
        yield f"{name}{_signature(thing)}"
    elif isinstance(thing, int | str):
        yield f"{name} = {thing!r}"
    else:
        yield name


def _members(thing: type) -> Iterator[str]:
    for name, type_ in inspect.get_annotations(thing).items():
        if not name.startswith("_"):
            yield f"{name}: {type_ if isinstance(type_, str) else inspect.formatannotation(type_)}"
    for name, member in vars(thing).items():
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(member, classmethod | staticmethod):
            yield f"{type(member).__name__} {name}{_signature(member.__func__)}"
        elif isinstance(member, property):
            yield f"property {name}{_signature(member.fget)}"
        elif inspect.isfunction(member) and member.__module__.startswith("hub."):
            yield f"{name}{_signature(member)}"


def _signature(function: object) -> str:
    if not callable(function):
        return ""
    # A default without a value of its own is shown by its address, which changes.
    return re.sub(r" at 0x[0-9a-f]+", "", str(inspect.signature(function)))


if __name__ == "__main__":
    SNAPSHOT.write_text(surface())
    sys.stdout.write(f"Wrote {SNAPSHOT}\n")
