"""What decodes on this machine besides the processor: found out by trying, told once a process.

A decoder in hardware may be unknown to this build of FFmpeg, have no device here, be forbidden,
or fail at its first picture. Whatever it is, the processor takes over and nothing is lost.
"""

import logging
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import av
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.video.codeccontext import VideoCodecContext

CODECS: Final = frozenset({"h264", "hevc", "av1"})
"""What is worth it: everything else that cameras send is cheap, or rare."""
AUTO: Final = "auto"
_KINDS: Final = ("vaapi", "qsv", "cuda")  # the first that works is taken
_NODES: Final = {"vaapi": "dri/renderD*", "qsv": "dri/renderD*", "cuda": "nvidia[0-9]*"}
_NAMES: Final = {"vaapi": "VAAPI", "qsv": "Quick Sync (QSV)", "cuda": "CUDA"}
_log = logging.getLogger(__name__)


class Hardware:
    """The decoders in hardware of one process; ``devices`` is where the system lists devices."""

    def __init__(
        self,
        devices: Path = Path("/dev"),
        built: Callable[[], Collection[str]] = hwdevices_available,
    ) -> None:
        self._devices = devices
        self._built = built
        self._failed: dict[tuple[str, str], str] = {}  # by kind and codec
        self._said: set[str] = set()

    def choose(self, wish: str, codec: str) -> str | None:
        """Return who is to decode: ``vaapi``, ``qsv``, ``cuda``, or none for the processor."""
        if codec not in CODECS or wish not in {AUTO, *_KINDS}:
            return None
        reasons = {}
        for kind in _KINDS if wish == AUTO else (wish,):
            reasons[kind] = self._failed.get((kind, codec)) or self._missing(kind)
            if not reasons[kind]:
                return kind
        if wish == AUTO:
            why = "; ".join(dict.fromkeys(reasons.values()))
            self._say(logging.DEBUG, f"Decoding {codec} in software: {why}")
        else:
            why = f"{reasons[wish]}. Decoding in software; 'hwaccel: auto' takes what there is"
            self._say(logging.WARNING, f"No {_NAMES[wish]} for {codec}: {why}")
        return None

    def works(self, kind: str, codec: str) -> None:
        """Take note that a decoder has given a picture."""
        self._say(logging.INFO, f"Decoding {codec} with {_NAMES[kind]}")

    def failed(self, kind: str, codec: str, error: Exception) -> None:
        """Take note that a decoder does not work here after all; nobody is given it again."""
        text = getattr(error, "strerror", None) or type(error).__name__
        reason = f"it fails on this machine ({str(text).lower()})"
        if self._failed.setdefault((kind, codec), reason) == reason:
            self._say(
                logging.WARNING,
                f"{_NAMES[kind]} cannot decode {codec}: {reason}. Decoding in software",
            )

    def _missing(self, kind: str) -> str:
        """Return why there is no device of a kind, or an empty text when there is one."""
        name, node = _NAMES[kind], _NODES[kind]
        if kind not in self._built():
            return f"this build of FFmpeg has no {name}"
        found = sorted(self._devices.glob(node))
        if not found:
            return f"there is no device {self._devices}/{node} (in a container: pass it on)"
        if not any(os.access(each, os.R_OK | os.W_OK) for each in found):
            return f"{found[0]} may not be used: add this user to the group of that file"
        return ""

    def _say(self, level: int, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            _log.log(level, "%s", text)


def context(kind: str, codec: str) -> VideoCodecContext:
    """Make a decoder in hardware, whose pictures come into memory by themselves (as NV12).

    Quick Sync has decoders of its own; the others help FFmpeg's. May raise anything FFmpeg does.
    """
    if kind == "qsv":
        made = av.CodecContext.create(f"{codec}_qsv", "r")
    else:
        made = av.CodecContext.create(codec, "r", HWAccel(kind, allow_software_fallback=True))
    assert isinstance(made, VideoCodecContext)  # noqa: S101 - its name says so
    return made


HARDWARE: Final = Hardware()
"""This process's."""
