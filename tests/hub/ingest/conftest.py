"""Clips that the cameras of these tests show."""

from pathlib import Path

import pytest

from tests.servers import Clip, make_clip


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of H.264, 320x240, 25 pictures and a key frame a second."""
    return make_clip(tmp_path_factory.mktemp("clips") / "film.mp4")


@pytest.fixture(scope="session")
def clip(film: Path) -> Clip:
    """The film, for the RTSP server."""
    return Clip.read(film)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """A clip of another resolution."""
    path = tmp_path_factory.mktemp("clips") / "small.mp4"
    return Clip.read(make_clip(path, size=(160, 128)))
