"""Where model files may come from: a folder, a mirror, the network, and the cache of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hub.api import ModelFile, Options

_NO = ("", "0", "false", "no", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The user's wishes.

    ``folder`` holds files that are used in place, ``mirror`` is an address that has them all
    by file name; ``offline`` forbids the network. What is fetched goes to ``cache``.
    """

    cache: Path
    folder: Path | None = None
    mirror: str | None = None
    offline: bool = False

    def address(self, wanted: ModelFile) -> str:
        """Return where a file is fetched from; a mirror stands in for every other address."""
        return f"{self.mirror.rstrip('/')}/{wanted.file}" if self.mirror else wanted.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds.

    ``connect`` for one connection, ``reach`` for a first answer however often it is tried,
    ``stall`` for more data; ``pauses`` before each attempt.
    """

    connect: float = 3.0
    reach: float = 5.0
    stall: float = 10.0
    pauses: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0)


def sources(environ: Mapping[str, str], options: Options, base: Path) -> Sources:
    """Read the options and what the environment says instead; ``base`` is for relative folders."""
    folder, mirror = options.get("folder"), options.get("mirror")
    if said := environ.get("WATCHPOST_MODELS", "").strip():
        folder, mirror = (None, said) if is_address(said) else (said, None)
    offline = environ.get("WATCHPOST_OFFLINE")
    return Sources(
        cache=_cache(environ),
        folder=base / Path(folder).expanduser() if folder else None,
        mirror=mirror,
        offline=options.get("offline", False) if offline is None else offline.lower() not in _NO,
    )


def is_address(text: str) -> bool:
    """Say whether this is an http or https address, rather than a folder."""
    return urlsplit(text).scheme in {"http", "https"}


def host(address: str) -> str:
    """Return the host of an address, the only part of it that is ever shown."""
    return urlsplit(address).hostname or "?"


def _cache(environ: Mapping[str, str]) -> Path:
    home = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "watchpost" / "models"
