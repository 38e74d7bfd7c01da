"""A real mosquitto on loopback: with a password or TLS if wanted, and it can stop and freeze."""

import contextlib
import os
import queue
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

_START_LIMIT = 10.0  # seconds; it takes 0.1 on an idle machine
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message that somebody else received from the broker; ``received`` is seconds since 1970."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    received: float

    @property
    def text(self) -> str:
        return self.payload.decode()


class Listener:
    """What another client hears."""

    def __init__(self) -> None:
        self.subscribed = threading.Event()
        self._heard: queue.Queue[Heard] = queue.Queue()

    def get(self, timeout: float = 10) -> Heard:
        """Return the next message; fails the test when none comes in time."""
        try:
            return self._heard.get(timeout=timeout)
        except queue.Empty:
            pytest.fail(f"no message came within {timeout} s")

    def texts(self, count: int, timeout: float = 10) -> list[str]:
        """Return the texts of the next so many messages."""
        return [self.get(timeout).text for _ in range(count)]

    def empty(self) -> bool:
        return self._heard.empty()

    def clear(self) -> None:
        """Forget what was heard so far."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._heard.get_nowait()

    def take(self, message: paho.MQTTMessage) -> None:
        self._heard.put(
            Heard(
                topic=message.topic,
                payload=message.payload,
                qos=message.qos,
                retain=message.retain,
                received=time.time(),
            )
        )


class Broker:
    """Listens on one loopback port from ``start`` to ``stop``; the port stays the same.

    ``users`` are names and passwords; without any, everybody may come in.
    """

    def __init__(
        self, folder: Path, *, users: Mapping[str, str] | None = None, tls: bool = False
    ) -> None:
        self.folder = folder
        self.port = _free_port()
        self.ca = folder / "ca.crt"
        self._users = dict(users or {})
        self._tls = tls
        self._process: subprocess.Popen[bytes] | None = None
        self._program = shutil.which("mosquitto", path=_PATH)

    def __enter__(self) -> Self:
        self._prepare()
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Start (again); returns when connections are accepted."""
        command = [str(self._program), "-c", str(self.folder / "mosquitto.conf")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        end = time.monotonic() + _START_LIMIT
        while not _accepts(self.port):
            if time.monotonic() > end or self._process.poll() is not None:
                self.stop()
                pytest.fail(f"mosquitto did not start: {self.log}")
            time.sleep(0.02)
        return self

    def stop(self, *, kill: bool = False) -> None:
        """End it, with ``kill`` as a crash would."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self._process.wait(10)
        self._process = None

    @property
    def log(self) -> str:
        """What it logged; a line such as ``... 0 house/door`` is a subscription."""
        return (self.folder / "log").read_text()

    def clear_log(self) -> None:
        (self.folder / "log").write_text("")

    def freeze(self) -> None:
        """Let connections stand, and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def listener(self, topic: str, qos: int = 1) -> Iterator[Listener]:
        """Subscribe as another client would, also after a restart of the broker."""
        heard = Listener()
        with self._client() as client:
            client.on_message = lambda _client, _data, message: heard.take(message)
            client.on_connect = lambda client, *_rest: client.subscribe(topic, qos)
            client.on_subscribe = lambda *_rest: heard.subscribed.set()
            self._connect(client)
            assert heard.subscribed.wait(_START_LIMIT), "the listener could not subscribe"
            yield heard

    def publish(
        self, topic: str, payload: str | bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Publish as another client would; returns when the broker has it."""
        with self._client() as client:
            self._connect(client)
            client.publish(topic, payload, qos, retain).wait_for_publish(_START_LIMIT)

    @contextlib.contextmanager
    def _client(self) -> Iterator[paho.Client]:
        client = paho.Client(CallbackAPIVersion.VERSION2)
        client.reconnect_delay_set(1, 1)
        if self._users:
            client.username_pw_set(*next(iter(self._users.items())))
        if self._tls:
            client.tls_set(str(self.ca))
        try:
            yield client
        finally:
            client.disconnect()
            client.loop_stop()

    def _connect(self, client: paho.Client) -> None:
        client.connect("127.0.0.1", self.port)
        client.loop_start()

    def _prepare(self) -> None:
        if self._program is None:
            pytest.skip("mosquitto is not installed (`make system` does it)")
        lines = [
            f"listener {self.port} 127.0.0.1",
            "persistence false",
            "log_type all",
            f"allow_anonymous {'false' if self._users else 'true'}",
        ]
        if os.geteuid() == 0:
            lines.append("user root")  # it would change to a user who cannot read our files
        if self._users:
            self._write_passwords()
            lines.append(f"password_file {self.folder / 'passwords'}")
        if self._tls:
            self._make_certificates()
            lines += [
                f"cafile {self.ca}",
                f"certfile {self.folder / 'server.crt'}",
                f"keyfile {self.folder / 'server.key'}",
            ]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    def _write_passwords(self) -> None:
        (self.folder / "passwords").touch(mode=0o600)
        for name, password in self._users.items():
            self._run("mosquitto_passwd", "-b", "passwords", name, password)

    def _make_certificates(self) -> None:
        """Make an authority of our own, and a certificate of it for this machine."""
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._run(
            "openssl", "req", "-x509", *key, "-days", "2", "-subj", "/CN=Test authority",
            "-keyout", "ca.key", "-out", "ca.crt",
        )  # fmt: skip
        self._run(
            "openssl", "req", *key, "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr",
        )  # fmt: skip
        (self.folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._run(
            "openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.crt",
        )  # fmt: skip

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, check=False, env={"PATH": _PATH}
        )
        assert done.returncode == 0, f"{command[0]} failed: {done.stderr.decode()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True
