"""Where this hub's configuration, data and media lie, and that nobody else uses them."""

import fcntl
import os
import shutil
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import IO, Final, Self

import hub
from hub.api import Invalid, Paths
from hub.settings import Settings

# `owner` holds the lock for an instant to look at it; a hub that starts just then tries again.
TRIES: Final = 5
PAUSE: Final = 0.1  # seconds


def default_configuration(environ: Mapping[str, str]) -> Path:
    """Return the configuration folder used when none is named."""
    base = environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "watchpost"


def starting_configuration() -> Path:
    """Return the folder of files that a new user starts from."""
    beside_the_code = Path(hub.__file__).parents[1] / "config"
    installed = Path(sysconfig.get_path("data")) / "share" / "watchpost" / "config"
    for folder in (beside_the_code, installed):
        if (folder / "configuration.yaml").is_file():
            return folder
    raise Invalid(f"the starting configuration is missing: expected it in {installed}")


def create_configuration(folder: Path) -> bool:
    """Fill a new configuration folder; returns false, touching nothing, when it has one."""
    if (folder / "configuration.yaml").exists():
        return False
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    for file in sorted(starting_configuration().glob("*.yaml")):
        if not (folder / file.name).exists():
            shutil.copyfile(file, folder / file.name)
            (folder / file.name).chmod(0o600 if file.name == "secrets.yaml" else 0o640)
    return True


def paths(settings: Settings) -> Paths:
    """Return the folders of a hub with these settings; none is made."""
    data = settings.hub.data
    return Paths(config=settings.folder, data=data, media=data / "media")


def owner(data: Path) -> int | None:
    """Return the process of the hub that uses a data folder, none when no hub does."""
    try:
        file = (data / "hub.lock").open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0)
    return None


def _locked(file: IO[str]) -> bool:
    for _ in range(TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(PAUSE)
        else:
            return True
    return False


class Claim:
    """A lock on a data folder, so that a second hub on it says so instead of fighting."""

    def __init__(self, data: Path) -> None:
        self._file = data / "hub.lock"
        self._held: IO[str] | None = None

    def __enter__(self) -> Self:
        held = self._opened()
        if not _locked(held):
            held.seek(0)
            who = held.read().strip() or "unknown"
            held.close()
            raise Invalid(
                f"another hub (process {who}) is using {self._file.parent}; stop it first"
            )
        self._file.chmod(0o600)
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        self._held = held
        return self

    def _opened(self) -> IO[str]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            return self._file.open("a+", encoding="utf-8")
        except OSError as error:
            raise Invalid(
                f"the data folder {self._file.parent} cannot be used: {error.strerror}; "
                "choose another one: hub: {data: FOLDER}"
            ) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held:
            self._held.close()
            self._held = None
