"""The first page: one HTML file, one style sheet, two scripts, with no build in between."""

from importlib.resources import files
from typing import Final

_KINDS: Final = {
    "index.html": "text/html",
    "style.css": "text/css",
    "page.js": "text/javascript",
    "traces.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


def _path(name: str) -> str:
    return "/" if name == "index.html" else f"/{name}"


FILES: Final = {
    _path(name): (files(__name__).joinpath(name).read_bytes(), kind)
    for name, kind in _KINDS.items()
}
"""What is served at which path, and of which type."""
