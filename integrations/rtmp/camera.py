"""Where an RTMP stream is and how FFmpeg is to ask for it."""

from collections.abc import Sequence
from typing import ClassVar

import voluptuous as vol

from hub.api import Camera, StreamSource, schema, with_login
from hub.api.schema import Schema


class RtmpCamera(Camera):
    """A stream at an ``rtmp://`` address."""

    KEY = "rtmp"
    SCHEMA: ClassVar[Schema] = {
        schema.required("source", "Address of the stream, rtmp:// or rtmps://"): schema.address(
            "rtmp", "rtmps"
        ),
        schema.optional(
            "username", "Name to log in with, if it is not in the address"
        ): schema.text,
        schema.optional("password", "Password to log in with; any characters"): schema.text,
        schema.optional("timeout", "How long without a picture counts as lost", "6s"): vol.All(
            schema.seconds, schema.number(2, 60)
        ),
    }

    def streams(self) -> Sequence[StreamSource]:
        login = self.options.get("username"), self.options.get("password")
        source = StreamSource(
            url=with_login(self.options["source"], *login),
            protocols=("rtmp", "rtmps", "tcp", "tls"),
            format="flv",
            options={"rtmp_live": "live"},
            silence=self.options["timeout"],
        )
        return (source,)
