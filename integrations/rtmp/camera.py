"""Where an RTMP stream is and how FFmpeg is to ask for it."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import voluptuous as vol

from hub.api import (
    Camera,
    Known,
    Problem,
    Role,
    StreamSource,
    schema,
    source_addresses,
    source_keys,
    source_problems,
    with_login,
)
from hub.api.schema import Schema


class RtmpCamera(Camera):
    """A stream at an ``rtmp://`` address."""

    KEY = "rtmp"
    SCHEMA: ClassVar[Schema] = {
        **source_keys(
            "Address of the stream, rtmp:// or rtmps://", schema.address("rtmp", "rtmps")
        ),
        schema.optional(
            "username", "Name to log in with, if it is not in the address"
        ): schema.text,
        schema.optional("password", "Password to log in with; any characters"): schema.text,
        schema.optional("timeout", "How long without a picture counts as lost", "6s"): vol.All(
            schema.seconds, schema.number(2, 60)
        ),
    }

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        return source_problems(options)

    def streams(self) -> Sequence[StreamSource]:
        return [self._stream(url, role) for role, url in source_addresses(self.options).items()]

    def _stream(self, url: str, role: Role) -> StreamSource:
        return StreamSource(
            url=with_login(url, self.options.get("username"), self.options.get("password")),
            role=role,
            protocols=("rtmp", "rtmps", "tcp", "tls"),
            format="flv",
            options={"rtmp_live": "live"},
            silence=self.options["timeout"],
        )
