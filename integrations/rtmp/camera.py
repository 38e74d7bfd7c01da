"""Where an RTMP stream is and how FFmpeg is to ask for it."""

from typing import ClassVar

import voluptuous as vol

from hub.api import (
    Role,
    SourceCamera,
    StreamSource,
    schema,
    source_keys,
    with_login,
)
from hub.api.schema import Schema


class RtmpCamera(SourceCamera):
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

    def stream(self, address: str, role: Role) -> StreamSource:
        return StreamSource(
            url=with_login(address, self.options.get("username"), self.options.get("password")),
            role=role,
            protocols=("rtmp", "rtmps", "tcp", "tls"),
            format="flv",
            options={"rtmp_live": "live"},
            silence=self.options["timeout"],
        )
