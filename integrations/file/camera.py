"""Which recording is played as a camera, and how fast."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import voluptuous as vol

from hub.api import (
    Camera,
    Invalid,
    Known,
    Pace,
    Problem,
    Role,
    StreamSource,
    schema,
    source_addresses,
    source_keys,
    source_problems,
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


class FileCamera(Camera):
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

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        return source_problems(options)

    def streams(self) -> Sequence[StreamSource]:
        return [self._stream(path, role) for role, path in source_addresses(self.options).items()]

    def _stream(self, written: str, role: Role) -> StreamSource:
        path = Path(written).expanduser().absolute()
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
