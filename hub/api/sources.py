"""One address for everything, or one for each role: the same two options on every platform.

``source:`` is a camera's only stream, or the only one that is used. ``streams:`` names the one
that is recorded and shown, and a smaller one in which things are looked for.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from hub.api.components import Camera
from hub.api.known import Known
from hub.api.media import Role, StreamSource
from hub.api.problems import Problem
from hub.api.schema import Schema, Validator, optional, required

_SOURCE: Final = "source"
_STREAMS: Final = "streams"


def source_keys(description: str, address: Validator) -> Schema:
    """Make the options ``source`` and ``streams`` for the ``SCHEMA`` of a ``SourceCamera``.

    ``description`` says what ``source`` is, ``address`` validates it and every one of ``streams``.
    """
    streams = {
        required(str(Role.MAIN), "The stream that is recorded and shown"): address,
        optional(str(Role.SUB), "A smaller one, to look for things in"): address,
    }
    return {
        optional(_SOURCE, f"{description}; it serves for everything"): address,
        optional(_STREAMS, "In place of 'source': one address for each use"): vol.Schema(streams),
    }


class SourceCamera(Camera):
    """A camera that is one address or one for each role; its ``SCHEMA`` has ``source_keys``."""

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        given = [key for key in (_SOURCE, _STREAMS) if key in options]
        if not given:
            words = f"missing key '{_SOURCE}' or '{_STREAMS}'"
            hint = "One address, or 'streams: {main: ..., sub: ...}' with a smaller one to look at."
            yield Problem(path=(), words=words, hint=hint, on_key=True)
        elif len(given) > 1:
            words = f"'{_SOURCE}' and '{_STREAMS}' say the same: one of them is enough"
            hint = f"Remove '{_SOURCE}', or '{_STREAMS}' if there is only one stream."
            yield Problem(path=(_SOURCE,), words=words, hint=hint, on_key=True)

    def streams(self) -> Sequence[StreamSource]:
        return [self.stream(address, role) for role, address in _addresses(self.options).items()]

    @abstractmethod
    def stream(self, address: str, role: Role) -> StreamSource:
        """Return how one of its addresses is opened."""


def _addresses(options: Mapping[str, Any]) -> Mapping[Role, str]:
    if _SOURCE in options:
        return {Role.MAIN: options[_SOURCE]}
    return {Role(name): address for name, address in options[_STREAMS].items()}
