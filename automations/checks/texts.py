"""Where templates stand in what was written."""

from collections.abc import Container, Iterator, Mapping

from automations.templates import is_template
from hub.api import Path


def templates(raw: object, path: Path, without: Container[str] = ()) -> Iterator[tuple[str, Path]]:
    """Yield every template in a value, keys ``without`` left out at its top."""
    for text, at in texts(raw, path, without):
        if is_template(text):
            yield text, at


def texts(raw: object, path: Path, without: Container[str] = ()) -> Iterator[tuple[str, Path]]:
    """Yield every text in a value."""
    if isinstance(raw, str):
        yield raw, path
    elif isinstance(raw, Mapping):
        for key, value in raw.items():
            if key not in without:
                yield from texts(value, (*path, key))
    elif isinstance(raw, list):
        for at, value in enumerate(raw):
            yield from texts(value, (*path, at))
