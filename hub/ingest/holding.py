"""Holds one camera: its plugin's object, and one connection for each stream that is wanted.

What is done with a camera says which of its streams it wants; where two want the same, they
share the connection. The stream that is looked at speaks for the camera: when it gives
pictures the camera is online. Another one that is lost is a line in the log.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.api import Camera, HubError, Role, StreamSource
from hub.ingest.backoff import Backoff
from hub.ingest.feed import START, Feed, Stream, failed
from hub.ingest.messages import Offline, Online
from hub.ingest.outage import Outage
from hub.ingest.sinks import Sink

SMALL_FIRST: Final = (Role.SUB, Role.MAIN)
"""What is looked at: the small stream if there is one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A sink to make, for the first of these roles that the camera has."""

    roles: Sequence[Role]
    make: Callable[[StreamSource | None], Sink]


class Holding:
    """One camera. ``make`` builds it, in a thread: imports may be slow."""

    def __init__(
        self,
        name: str,
        make: Callable[[], Camera],
        wanted: Sequence[Wanted],
        report: Callable[[Online | Offline], None],
    ) -> None:
        self.name = name
        self._make = make
        self._wanted = wanted
        self._report = report
        self._outage = Outage(name, self._said)  # until there are feeds, which have their own
        self._backoff = Backoff()
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._feeds: Sequence[Feed] = ()
        self._thread = threading.Thread(target=self._begin, name=f"camera {name}", daemon=True)

    @property
    def packets(self) -> int:
        """How many were taken from all its streams since the start."""
        return sum(each.packets for each in self._feeds)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def stop(self) -> None:
        """Let the camera go, without waiting for its threads."""
        self._ended.set()
        with self._lock:
            for each in self._feeds:
                each.stop()

    def join(self, limit: float) -> None:
        """Wait for the threads, ``limit`` seconds at most."""
        end = time.monotonic() + limit
        self._thread.join(limit)
        for each in self._feeds:
            each.join(max(0.0, end - time.monotonic()))

    def check(self, now: float) -> None:
        """Look from outside whether a stream has gone silent; called often by the worker."""
        if not self._feeds and self._outage.silent and now - self._began > START:
            self._outage.failed("no answer yet")
        for each in self._feeds:
            each.check(now)

    def _said(self, message: Online | Offline) -> None:
        if not self._ended.is_set():
            self._report(message)

    def _begin(self) -> None:
        while not self._ended.is_set():
            try:
                feeds = self._prepare()
            except Exception as error:  # noqa: BLE001 - a plugin's own code runs here
                self._ended.wait(self._failed(error))
                continue
            with self._lock:
                if not self._ended.is_set():
                    self._feeds = feeds
                    for each in feeds:
                        each.start()
            return

    def _failed(self, error: Exception) -> float:
        """Say why there is no camera; return seconds to wait."""
        if isinstance(error, HubError):
            self._outage.failed(str(error))
            return self._backoff.after_refusal()
        if self._outage.silent:
            _log.error("Camera %s failed", self.name, exc_info=error)
        self._outage.failed(failed(error))
        return self._backoff.after_failure()

    def _prepare(self) -> Sequence[Feed]:
        camera = self._make()
        sources = {each.role: each for each in camera.streams()}
        lead = _first(SMALL_FIRST, sources)
        sinks: dict[Role, list[Sink]] = {lead: []}  # held also when nobody wants it
        for each in self._wanted:
            role = _first(each.roles, sources)
            sinks.setdefault(role, []).append(each.make(sources.get(role)))
        return [
            Feed(
                Stream(
                    camera=camera,
                    role=role,
                    source=sources.get(role),
                    called=f"{role} stream" if len(sources) > 1 else "",
                ),
                some,
                self._said if role is lead else _logged,
            )
            for role, some in sinks.items()
        ]


def _first(roles: Sequence[Role], sources: dict[Role, StreamSource]) -> Role:
    """Return the first role that a camera has; one that describes none gives a main stream."""
    return next((each for each in roles if each in sources), Role.MAIN)


def _logged(message: Online | Offline) -> None:
    """Say in the log what becomes of a stream that does not speak for its camera."""
    if isinstance(message, Offline):
        _log.warning("Camera %s: %s", message.camera, message.reason)
    else:
        _log.info("Camera %s gives %dx%d as well", message.camera, message.width, message.height)
