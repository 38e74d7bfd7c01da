"""Log lines that are short, pleasant to read, and never show a password.

    12:00:01 INFO  camera.porch  Packets arrive again

Whatever a camera or a visitor sends may end up in a line, so control characters are
escaped: nobody forges a second line or colours the terminal.
"""

import contextlib
import logging
import re
import sys
from typing import Final, TextIO

import msgspec

from hub.core.redaction import Redactor, redactor

__all__ = ["Redactor", "configure", "described", "escaped", "redactor", "relay"]

_COLOURS: Final = {"WARNING": "\x1b[33m", "ERROR": "\x1b[31m", "CRITICAL": "\x1b[1;31m"}
_SHORT: Final = {"WARNING": "WARN", "CRITICAL": "FATAL"}
_DIM: Final = "\x1b[2m"
_PLAIN: Final = "\x1b[0m"

# C0 and C1 control characters, and Unicode's line ends and direction overrides.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_NEWLINE = re.compile(_CONTROL.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


def configure(level: str = "INFO", stream: TextIO | None = None, json: bool = False) -> None:
    """Send all log records of this process to a stream (standard error), in our format."""
    stream = stream or sys.stderr
    handler = _Handler(stream)
    handler.setFormatter(JsonLines() if json else Lines(colour=stream.isatty()))
    root = logging.getLogger()
    for each in root.handlers[:]:
        root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)


def escaped(text: str) -> str:
    """Return a text with its control characters written out."""
    return _CONTROL.sub(_written_out, text)


def words(record: logging.LogRecord) -> str:
    """Return a record's message: one line, without secrets."""
    return escaped(redactor(record.getMessage()))


def traceback(record: logging.LogRecord) -> str:
    """Return a record's traceback, if any, without secrets; its own line ends are kept."""
    if not record.exc_info:
        return ""
    return _CONTROL_BUT_NEWLINE.sub(
        _written_out, redactor(_PLAIN_FORMAT.formatException(record.exc_info))
    )


def described(record: logging.LogRecord) -> str:
    """Return a record's words, and below them its traceback."""
    trouble = traceback(record)
    return f"{words(record)}\n{trouble}" if trouble else words(record)


def relay(logger: logging.Logger, level: int, text: str) -> None:
    """Log a worker's note: a line of it is a record, so none can pass for another's."""
    for line in text.splitlines():
        logger.log(level, "%s", line)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; of one it cannot format it says only whose it was, not what was in it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        with contextlib.suppress(OSError, ValueError):  # the stream itself is gone
            self.stream.write(f"A log record of {record.name} ({record.lineno}) is malformed\n")


class Lines(logging.Formatter):
    """For people: time, level, who, words; then an indented traceback."""

    def __init__(self, *, colour: bool) -> None:
        super().__init__()
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        time = self.formatTime(record, "%H:%M:%S")
        level = f"{_SHORT.get(record.levelname, record.levelname):5}"
        who = record.name.removeprefix("hub.")
        if self._colour:
            time, who = f"{_DIM}{time}{_PLAIN}", f"{_DIM}{who}{_PLAIN}"
            level = f"{_COLOURS.get(record.levelname, '')}{level}{_PLAIN}"
        return f"{time} {level} {who}  " + described(record).replace("\n", "\n    ")


class JsonLines(logging.Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": redactor(record.getMessage()),
        }
        if trouble := traceback(record):
            fields["traceback"] = trouble
        return msgspec.json.encode(fields).decode()


_PLAIN_FORMAT: Final = logging.Formatter()


def _written_out(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
