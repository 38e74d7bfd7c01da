"""Clips that test cameras show; a conftest imports the fixtures it needs."""

import shutil
import ssl
import subprocess
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
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """TLS as cameras have it: signed by nobody but itself."""
    folder = tmp_path_factory.mktemp("tls")
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    names = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    what = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=camera"]
    subprocess.run(["openssl", "req", *what, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """A clip of another resolution."""
    path = tmp_path_factory.mktemp("clips") / "small.mp4"
    return Clip.read(make_clip(path, size=(160, 128)))
