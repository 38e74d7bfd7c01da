"""Where a user's configuration lives when none is named."""

from collections.abc import Mapping
from pathlib import Path


def default_folder(environ: Mapping[str, str]) -> Path:
    """Return ``$XDG_CONFIG_HOME/watchpost``, which usually is ``~/.config/watchpost``."""
    base = environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".config") / "watchpost"
