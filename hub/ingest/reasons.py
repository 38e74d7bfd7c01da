"""Why a camera is away, in the words of whoever owns it, and whether to try again soon.

FFmpeg's own messages hold the whole address, password and all; none of them is repeated.
"""

import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

import av

from hub.api import HubError, NotReady, Rejected

SILENT: Final = "it stopped sending"
CLOSED: Final = "closed the connection"

_PORTS: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935, "rtmps": 443}
_SECURE: Final = frozenset(("rtsps", "https", "rtmps"))
_CLOSED: Final = (av.error.EOFError, ConnectionResetError, BrokenPipeError, ConnectionAbortedError)
_AWAY: Final = (ConnectionRefusedError, TimeoutError, av.error.ExitError)


def why_not_open(error: Exception, url: str, *, late: bool = False) -> HubError:
    """Return why an address could not be opened: ``Rejected`` when trying again soon is harmful.

    ``late`` says that it took all the time there was; FFmpeg then finds strange words for it.
    """
    parts = urlsplit(url)
    if late:
        return NotReady(f"nothing answers at {_place(parts)}")
    if isinstance(error, av.error.HTTPUnauthorizedError):
        return Rejected("wrong password" if parts.password else "it asks for a password")
    if isinstance(error, av.error.HTTPForbiddenError):
        return Rejected("it does not let us in (403)")
    return NotReady(_away(error, parts))


def why_ended(error: Exception) -> str:
    """Return why a connection that gave packets ended."""
    if isinstance(error, av.error.ExitError):
        return SILENT
    if isinstance(error, (*_CLOSED, av.error.OSError)):
        return CLOSED
    return f"the stream broke ({_plain(error)})"


def _away(error: Exception, parts: SplitResult) -> str:
    match error:
        case av.error.HTTPNotFoundError():
            return "the address has no stream (404)"
        case av.error.HTTPClientError() | av.error.HTTPServerError():
            return f"it answered with an error ({_status(error)})"
        case FileNotFoundError():
            return f"there is no file {parts.path}"
        case PermissionError():
            return f"{parts.path} may not be read"
    return _about_a_connection(error, parts)


def _about_a_connection(error: Exception, parts: SplitResult) -> str:
    if isinstance(error, _CLOSED):
        return f"{_place(parts)} {CLOSED}"
    if isinstance(error, _AWAY):
        return f"nothing answers at {_place(parts)}"
    if isinstance(error, av.error.InvalidDataError):
        return "not a video stream"
    if isinstance(error, av.error.OSError):
        return _about_a_host(error, parts)
    return f"it cannot be opened ({_plain(error)})"


def _about_a_host(error: Exception, parts: SplitResult) -> str:
    """FFmpeg says no more than "input/output error" when a name does not resolve."""
    if not parts.hostname:
        return f"it cannot be opened ({_plain(error)})"
    try:
        socket.getaddrinfo(parts.hostname, None)
    except OSError:
        return f"the name {parts.hostname} does not resolve"
    if parts.scheme in _SECURE:
        return f"no secure connection to {_place(parts)}: its certificate may not be valid"
    return f"no connection to {_place(parts)} ({_plain(error)})"


def _place(parts: SplitResult) -> str:
    port = parts.port or _PORTS.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{port}" if port else str(host)


def _status(error: av.FFmpegError) -> str:
    return str(error.strerror).removeprefix("Server returned ").removesuffix(" reply")


def _plain(error: Exception) -> str:
    text = getattr(error, "strerror", None) or type(error).__name__
    return str(text).lower()
