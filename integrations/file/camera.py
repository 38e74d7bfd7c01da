"""Which recording is played as a camera, and how fast."""

import re
from pathlib import Path
from typing import ClassVar, Final

import voluptuous as vol

from hub.api import (
    Invalid,
    Pace,
    Role,
    SourceCamera,
    StreamSource,
    schema,
    source_keys,
)
from hub.api.schema import Schema

# Containers of recordings; not those that name other files to read, such as playlists.
_CONTAINERS: Final = "mov,matroska,webm,mpegts,mpeg,avi,flv,ivf,h264,hevc,mjpeg,mpjpeg,ogg,asf"


def recording(value: object) -> str:
    """Accept a path; FFmpeg's other ways to name an input are not for configurations."""
    path = schema.text(value)
    if re.match(r"\s*[A-Za-z][\w+.-]*[:,]", path):
        raise vol.Invalid("expected the path of a recording, such as clips/yard.mp4")
    if path != path.strip() or not path.isprintable():
        raise vol.Invalid("a path neither begins nor ends with a space")
    return path


schema.shaped(recording, {"type": "string", "title": "path"})


class FileCamera(SourceCamera):
    """A recording; a relative path starts at the configuration folder."""

    KEY = "file"
    SCHEMA: ClassVar[Schema] = {
        **source_keys(
            "Path of the recording, a relative one starts at the configuration folder", recording
        ),
        schema.optional("loop", "Whether it starts again at its end", False): schema.flag,
        schema.optional(
            "pace", "own: as it was recorded, as if live; max: as fast as it can be read", "own"
        ): schema.choice("own", "max"),
    }

    def stream(self, address: str, role: Role) -> StreamSource:
        path = Path(address).expanduser().absolute()
        if path.exists() and not path.is_file():
            raise Invalid(f"{path} is not a file")
        return StreamSource(
            url=str(path),
            role=role,
            protocols=("file",),
            options={"format_whitelist": _CONTAINERS},
            pace=Pace(self.options["pace"]),
            loop=self.options["loop"],
        )
