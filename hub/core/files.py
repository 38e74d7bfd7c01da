"""Files that are there in full or not at all."""

import contextlib
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file by way of a ``.part`` beside it, readable by its owner's group.

    Raises ``OSError``, and leaves no part behind.
    """
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_bytes(content)
        unfinished.chmod(0o640)
        unfinished.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
