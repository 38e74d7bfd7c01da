"""An RTMP server for one player at a time: FFmpeg's own, in a process that can be killed."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self


class RtmpServer:
    """Plays a looped clip to whoever connects to ``rtmp://127.0.0.1:PORT/live/cam``."""

    def __init__(self, clip: Path) -> None:
        self.clip = clip
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """Return the address."""
        return f"rtmp://127.0.0.1:{self.port}/live/cam"

    def start(self) -> Self:
        """Serve (again) on the same port; returns when it listens."""
        child = Path(__file__).with_name("rtmp_child.py")
        self._process = subprocess.Popen([sys.executable, child, str(self.clip), self.url()])
        limit = time.monotonic() + 10
        while not _listens(self.port):
            if time.monotonic() > limit:
                raise TimeoutError("the RTMP server did not start")
            time.sleep(0.02)
        return self

    def freeze(self) -> None:
        """Stop the process, as a hung camera does; its connections stay open."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kill the server; its connections are reset."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    """Look whether a port is open without connecting: it takes one client only."""
    wanted = f"0100007F:{port:04X} "
    lines = Path("/proc/net/tcp").read_text().splitlines()
    return any(wanted in line and line.split()[3] == "0A" for line in lines)
