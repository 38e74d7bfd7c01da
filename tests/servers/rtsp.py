"""An RTSP camera of our own: H.264 over TCP or UDP, with or without a password, and faults.

``python -m tests.servers CLIP`` is the same as a process; in a test it runs in a thread:

    with RtspServer(clip, auth="digest") as server:
        open(server.url())          # rtsp://viewer:secret@127.0.0.1:.../cam1
        server.freeze()
"""

import asyncio
import base64
import hashlib
import os
import re
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.servers.clips import Clip, Picture, rtp_packet, rtp_payloads, stamp, wall
from tests.servers.looping import PASSWORD, USER, ThreadServer

_TICKS = 90_000  # of the RTP clock, a second


@dataclass(slots=True, eq=False)
class _Session:
    """One client: where its packets go and whether it wants more."""

    writer: asyncio.StreamWriter
    name: str = field(default_factory=lambda: os.urandom(4).hex())
    source: bytes = field(default_factory=lambda: os.urandom(4))
    sequence: int = 1
    path: str = ""
    udp: asyncio.DatagramTransport | None = None
    task: "asyncio.Task[None] | None" = None

    def send(self, packets: list[bytes]) -> None:
        if self.udp is not None:
            for each in packets:
                self.udp.sendto(each)
            return
        self.writer.write(b"".join(b"$\x00" + len(p).to_bytes(2, "big") + p for p in packets))


class RtspServer(ThreadServer):
    """Plays one clip under ``/cam1`` to ``/camN``, from its start for every client."""

    def __init__(  # noqa: PLR0913 - a test names the one it needs
        self,
        clip: Clip,
        *,
        auth: str = "none",
        user: str = USER,
        password: str = PASSWORD,
        paths: int = 1,
        loop: bool = True,
        stamps: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__()
        self.clip = clip
        self.auth, self.user, self.password = auth, user, password
        self.paths, self.loop, self.stamps = paths, loop, stamps
        self.refusal = ""
        self.attempts = 0
        self.sent: list[tuple[int, float]] = []
        """Every picture sent: its number in the clip and the wall time."""
        self.counts: Counter[str] = Counter()
        """How many pictures were sent under each path."""
        self._tls = tls
        self._ahead = 0.0  # seconds added to the RTP clock
        self._next: Clip | None = None
        self._sessions: set[_Session] = set()
        self._nonce = os.urandom(8).hex()

    def url(self, path: str = "cam1", user: str | None = None, password: str | None = None) -> str:
        """Return an address with the right credentials, or the ones given."""
        login = ""
        if self.auth != "none" or user is not None:
            name, word = user or self.user, self.password if password is None else password
            login = f"{quote(name, safe='')}:{quote(word, safe='')}@"
        scheme = "rtsps" if self._tls else "rtsp"
        return f"{scheme}://{login}127.0.0.1:{self.port}/{path}"

    def tls(self) -> ssl.SSLContext | None:
        return self._tls

    def refuse(self, status: str = "") -> None:
        """Answer DESCRIBE with a status such as ``503 Service Unavailable``; empty serves again."""
        self.refusal = status

    def jump(self, seconds: float) -> None:
        """Set the camera's clock forward or back."""
        self._ahead += seconds

    def switch(self, clip: Clip) -> None:
        """Show another clip from the next picture on, in the same connection."""
        self._next = clip

    def garbage(self, size: int = 4000, *, framed: bool = False) -> None:
        """Put random bytes into every TCP stream.

        A dollar sign in them announces up to 64 KiB of packet; ``framed`` says that there is none.
        """
        noise = os.urandom(size)
        noise = noise if framed else noise.replace(b"$", b"#")
        self._call(lambda: [each.writer.write(noise) for each in self._sessions])

    def corrupt(self, size: int = 200) -> None:
        """Send one well-framed packet of nonsense to everybody."""
        self._call(lambda: [each.send([os.urandom(size)]) for each in self._sessions])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(writer)
        try:
            while request := await self._request(reader):
                await self.moving()
                if not await self._answer(session, *request):
                    return
        finally:
            self._sessions.discard(session)
            if session.task:
                session.task.cancel()
            if session.udp:
                session.udp.close()

    async def _request(self, reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
        first = await reader.readexactly(1)
        while first == b"$":  # a receiver report
            size = int.from_bytes((await reader.readexactly(3))[1:], "big")
            await reader.readexactly(size)
            first = await reader.readexactly(1)
        lines = (first + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, address, _ = lines[0].split(" ", 2)
        pairs = (line.partition(":") for line in lines[1:] if ":" in line)
        return method, address, {key.strip().lower(): value.strip() for key, _, value in pairs}

    async def _answer(
        self, session: _Session, method: str, address: str, head: dict[str, str]
    ) -> bool:
        status, extra, body = await self._reply(session, method, address, head)
        text = f"RTSP/1.0 {status}\r\nCSeq: {head.get('cseq', 0)}\r\n{extra}"
        text += f"Content-Length: {len(body)}\r\n\r\n{body}" if body else "\r\n"
        session.writer.write(text.encode())
        if method == "PLAY" and status == "200 OK":
            session.task = asyncio.create_task(self._play(session))
        return method != "TEARDOWN"

    async def _reply(
        self, session: _Session, method: str, address: str, head: dict[str, str]
    ) -> tuple[str, str, str]:
        if method == "DESCRIBE" and "authorization" in head:
            self.attempts += 1
        if method != "OPTIONS" and not self._allowed(method, head):
            return "401 Unauthorized", self._challenge(), ""
        if method in {"OPTIONS", "TEARDOWN"}:
            return "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""
        return await self._open(session, method, address, head)

    async def _open(
        self, session: _Session, method: str, address: str, head: dict[str, str]
    ) -> tuple[str, str, str]:
        number = re.search(r"/cam(\d+)", address)
        if not number or not 1 <= int(number[1]) <= self.paths:
            return "404 Not Found", "", ""
        session.path = number[0].removeprefix("/")
        if method == "DESCRIBE" and self.refusal:
            return self.refusal, "", ""
        if method == "DESCRIBE":
            kind = f"Content-Base: {address}/\r\nContent-Type: application/sdp\r\n"
            return "200 OK", kind, self._description()
        if method == "SETUP":
            transport = await self._transport(session, head.get("transport", ""))
            return "200 OK", f"{transport}Session: {session.name};timeout=60\r\n", ""
        return "200 OK", f"Session: {session.name}\r\n", ""

    async def _transport(self, session: _Session, wanted: str) -> str:
        if "TCP" in wanted:
            return "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        ports = re.search(r"client_port=(\d+)-(\d+)", wanted)
        assert ports is not None, wanted
        session.udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, ("127.0.0.1", 0), ("127.0.0.1", int(ports[1]))
        )
        ours = session.udp.get_extra_info("sockname")[1]
        return f"Transport: RTP/AVP;unicast;{ports[0]};server_port={ours}-{ours + 1}\r\n"

    async def _play(self, session: _Session) -> None:
        self._sessions.add(session)
        began, turns = time.monotonic(), 0.0
        clip = self.clip
        while True:
            for index, picture in enumerate(clip.pictures):
                await asyncio.sleep(began + turns + picture.at - time.monotonic())
                await self.moving()
                if self._next is not None:
                    break
                self._show(session, clip, index, turns + picture.shown)
                await session.writer.drain()
            turns, clip = time.monotonic() - began, self._next or clip
            self.clip, self._next = clip, None
            if not self.loop:
                session.writer.close()
                return

    def _show(self, session: _Session, clip: Clip, index: int, at: float) -> None:
        picture, now = clip.pictures[index], wall()
        payloads = rtp_payloads(self._units(clip, picture, now))
        session.send(
            [
                rtp_packet(
                    payload,
                    sequence=session.sequence + number,
                    ticks=round((at + self._ahead) * _TICKS),
                    source=session.source,
                    last=number == len(payloads) - 1,
                )
                for number, payload in enumerate(payloads)
            ]
        )
        session.sequence += len(payloads)
        self.sent.append((index, now))
        self.counts[session.path] += 1

    def _units(self, clip: Clip, picture: Picture, now: float) -> tuple[bytes, ...]:
        slices = tuple(unit for unit in picture.units if unit[0] & 31 in (1, 5))
        sets = (clip.sps, clip.pps) if picture.key else ()
        return (*sets, *((stamp(now),) if self.stamps else ()), *slices)

    def _description(self) -> str:
        sps, pps = (base64.b64encode(each).decode() for each in (self.clip.sps, self.clip.pps))
        return (
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            "a=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;profile-level-id={self.clip.sps[1:4].hex()};"
            f"sprop-parameter-sets={sps},{pps}\r\n"
            f"a=framerate:{self.clip.fps}\r\na=control:track0\r\n"
        )

    def _challenge(self) -> str:
        if self.auth == "basic":
            return 'WWW-Authenticate: Basic realm="camera"\r\n'
        return f'WWW-Authenticate: Digest realm="camera", nonce="{self._nonce}"\r\n'

    def _allowed(self, method: str, head: dict[str, str]) -> bool:
        answer = head.get("authorization", "")
        if self.auth == "basic":
            login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return answer == f"Basic {login}"
        if self.auth == "digest":
            given = dict(re.findall(r'(\w+)="([^"]*)"', answer))
            who = _md5(f"{self.user}:camera:{self.password}")
            what = _md5(f"{method}:{given.get('uri', '')}")
            return given.get("response") == _md5(f"{who}:{self._nonce}:{what}")
        return True


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
