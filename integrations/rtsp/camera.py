"""Where an RTSP camera's streams are and how FFmpeg is to ask for them."""

from typing import ClassVar, Final

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

_ADDRESS: Final = schema.address("rtsp", "rtsps")
# A picture of a busy scene may be a few hundred datagrams that come at once.
_UDP_BUFFER: Final = 1024 * 1024  # bytes


class RtspCamera(SourceCamera):
    """A camera at an ``rtsp://`` address."""

    KEY = "rtsp"
    SCHEMA: ClassVar[Schema] = {
        **source_keys("Address of the camera's stream, rtsp:// or rtsps://", _ADDRESS),
        schema.optional(
            "username", "Name to log in with, if it is not in the address"
        ): schema.text,
        schema.optional("password", "Password to log in with; any characters"): schema.text,
        schema.optional("transport", "How pictures travel: tcp, or udp", "tcp"): schema.choice(
            "tcp", "udp"
        ),
        schema.optional(
            "verify", "Whether the certificate of an rtsps:// address must be valid", False
        ): schema.flag,
        schema.optional("timeout", "How long without a picture counts as lost", "6s"): vol.All(
            schema.seconds, schema.number(2, 60)
        ),
    }

    def stream(self, address: str, role: Role) -> StreamSource:
        return StreamSource(
            url=with_login(address, self.options.get("username"), self.options.get("password")),
            role=role,
            protocols=("rtsp", "rtp", "srtp", "udp", "tcp", "tls"),
            format="rtsp",
            options={
                "rtsp_transport": self.options["transport"],
                "allowed_media_types": "video",
                "buffer_size": str(_UDP_BUFFER),
                "tls_verify": "1" if self.options["verify"] else "0",
            },
            silence=self.options["timeout"],
        )
