"""What every test may ask for."""

import os
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# A shell starts what runs in its background with this signal ignored, and whatever that starts
# inherits it: then a command under test could not be interrupted as somebody would at a terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """Footage, models and truth that are not part of the project."""
    folder = Path(os.environ.get("WATCHPOST_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}: set WATCHPOST_TEST_DATA to its folder")
    return folder
