"""The little HTTP that the MJPEG and HLS servers share: requests, passwords, answers."""

import asyncio
import base64
import hashlib
import os
import re
from dataclasses import dataclass
from urllib.parse import quote

from tests.servers.looping import PASSWORD, USER, ThreadServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET and its headers, in small letters."""

    path: str
    headers: dict[str, str]


class WebServer(ThreadServer):
    """Reads requests, asks for the password, and hands the good ones to ``respond``."""

    def __init__(self, *, auth: str = "none", user: str = USER, password: str = PASSWORD) -> None:
        super().__init__()
        self.auth, self.user, self.password = auth, user, password
        self.redirect = ""
        self.requests: list[str] = []
        self._nonce = os.urandom(8).hex()

    def address(self, path: str, user: str | None = None, password: str | None = None) -> str:
        """Return an address with the right credentials, or the ones given."""
        login = ""
        if self.auth != "none" or user is not None:
            name, word = user or self.user, self.password if password is None else password
            login = f"{quote(name, safe='')}:{quote(word, safe='')}@"
        return f"http://{login}127.0.0.1:{self.port}/{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await _read(reader):
            self.requests.append(request.path)
            await self.moving()
            if not self._allowed(request):
                writer.write(answer("401 Unauthorized", b"", self._challenge()))
            elif self.redirect:
                writer.write(answer("302 Found", b"", f"Location: {self.redirect}\r\n"))
            else:
                await self.respond(request, writer)
            await writer.drain()

    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answer a request; to be defined by each server."""
        raise NotImplementedError

    def _challenge(self) -> str:
        if self.auth == "basic":
            return 'WWW-Authenticate: Basic realm="camera"\r\n'
        return f'WWW-Authenticate: Digest realm="camera", nonce="{self._nonce}", qop="auth"\r\n'

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        if self.auth == "basic":
            login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return given == f"Basic {login}"
        if self.auth == "digest":
            parts = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
            who = _md5(f"{self.user}:camera:{self.password}")
            what = _md5(f"GET:{parts.get('uri', '')}")
            middle = f"{self._nonce}:{parts.get('nc')}:{parts.get('cnonce')}:auth"
            return parts.get("response") == _md5(f"{who}:{middle}:{what}")
        return True


def answer(status: str, body: bytes, extra: str = "") -> bytes:
    """Make an answer with a length, so that the connection can be used again."""
    return f"HTTP/1.1 {status}\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    pairs = (line.partition(":") for line in lines[1:] if ":" in line)
    headers = {key.strip().lower(): value.strip() for key, _, value in pairs}
    return Request(path=lines[0].split(" ")[1], headers=headers)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
