"""Where an MJPEG camera's pictures are and how FFmpeg is to ask for them."""

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


class MjpegCamera(SourceCamera):
    """A camera that answers with ``multipart/x-mixed-replace``."""

    KEY = "mjpeg"
    SCHEMA: ClassVar[Schema] = {
        **source_keys(
            "Address of the camera's pictures, http:// or https://", schema.address("http", "https")
        ),
        schema.optional(
            "username", "Name to log in with, if it is not in the address"
        ): schema.text,
        schema.optional("password", "Password to log in with; any characters"): schema.text,
        schema.optional(
            "verify", "Whether the certificate of an https:// address must be valid", False
        ): schema.flag,
        schema.optional("timeout", "How long without a picture counts as lost", "10s"): vol.All(
            schema.seconds, schema.number(2, 120)
        ),
    }

    def stream(self, address: str, role: Role) -> StreamSource:
        return StreamSource(
            url=with_login(address, self.options.get("username"), self.options.get("password")),
            role=role,
            protocols=("http", "https", "tcp", "tls"),
            format="mpjpeg",
            options={"tls_verify": "1" if self.options["verify"] else "0"},
            silence=self.options["timeout"],
        )
