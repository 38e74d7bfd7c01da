"""Where an HLS stream's playlist is and how FFmpeg is to read it."""

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


class HlsCamera(SourceCamera):
    """A live playlist (``.m3u8``) over HTTP."""

    KEY = "hls"
    SCHEMA: ClassVar[Schema] = {
        **source_keys(
            "Address of the playlist, http:// or https://", schema.address("http", "https")
        ),
        schema.optional(
            "username", "Name to log in with, if it is not in the address"
        ): schema.text,
        schema.optional("password", "Password to log in with; any characters"): schema.text,
        schema.optional(
            "verify", "Whether the certificate of an https:// address must be valid", False
        ): schema.flag,
        # Segments of 6 to 10 s are common, and each comes as a whole.
        schema.optional(
            "timeout", "How long without a picture counts as lost: two segments or more", "20s"
        ): vol.All(schema.seconds, schema.number(2, 120)),
    }

    def stream(self, address: str, role: Role) -> StreamSource:
        return StreamSource(
            url=with_login(address, self.options.get("username"), self.options.get("password")),
            role=role,
            protocols=("http", "https", "tcp", "tls", "crypto"),
            format="hls",
            options={
                "live_start_index": "-1",  # the newest segment: what happens now
                "tls_verify": "1" if self.options["verify"] else "0",
            },
            silence=self.options["timeout"],
        )
