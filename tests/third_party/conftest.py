"""A plugin from elsewhere, installed by pip into a folder of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that ``PYTHONPATH`` needs for the plugin ``tiny``."""
    source = tmp_path_factory.mktemp("source") / "watchpost_tiny"
    shutil.copytree(Path(__file__).parent / "watchpost_tiny", source)  # pip builds in there
    target = tmp_path_factory.mktemp("target")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run(
        [*pip, "--no-build-isolation", "--target", str(target), str(source)],
        check=True,
        timeout=120,
    )
    return target
