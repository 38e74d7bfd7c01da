"""An HTTP camera that sends one JPEG after another in a multipart answer."""

import asyncio
import time
from pathlib import Path

import av

from tests.servers.clips import wall
from tests.servers.looping import PASSWORD, USER
from tests.servers.web import Request, WebServer, answer


class MjpegServer(WebServer):
    """Serves a clip's pictures as JPEG under ``/video.mjpg``."""

    def __init__(
        self,
        clip: Path,
        *,
        fps: float = 10.0,
        auth: str = "none",
        user: str = USER,
        password: str = PASSWORD,
    ) -> None:
        super().__init__(auth=auth, user=user, password=password)
        self.pictures = jpegs(clip)
        self.fps = fps
        self.sent: list[float] = []

    def url(self, user: str | None = None, password: str | None = None) -> str:
        """Return an address with the right credentials, or the ones given."""
        return self.address("video.mjpg", user, password)

    def switch(self, clip: Path) -> None:
        """Show another clip from the next picture on."""
        self.pictures = jpegs(clip)

    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path != "/video.mjpg":
            writer.write(answer("404 Not Found", b""))
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n"
        )
        began, index = time.monotonic(), 0
        while True:
            await asyncio.sleep(began + index / self.fps - time.monotonic())
            await self.moving()
            picture = self.pictures[index % len(self.pictures)]
            writer.write(
                b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: "
                + str(len(picture)).encode()
                + b"\r\n\r\n"
                + picture
                + b"\r\n"
            )
            self.sent.append(wall())
            await writer.drain()
            index += 1


def jpegs(clip: Path) -> list[bytes]:
    """Return a clip's pictures as JPEG."""
    with av.open(str(clip), options={"protocol_whitelist": "file"}) as container:
        stream = container.streams.video[0]
        coder = av.CodecContext.create("mjpeg", "w")
        coder.width, coder.height = stream.codec_context.width, stream.codec_context.height
        coder.pix_fmt, coder.framerate = "yuvj420p", stream.average_rate
        coder.time_base = 1 / stream.average_rate
        return [
            bytes(packet)
            for frame in container.decode(stream)
            for packet in coder.encode(frame.reformat(format="yuvj420p"))
        ]
