"""Files that are no models, or only a part of one, are refused in words and end no process."""

import asyncio
from pathlib import Path

import pytest

from detectors.catalogue.entries import entry
from detectors.catalogue.sources import Sources
from detectors.catalogue.store import Store
from detectors.openvino.detector import OpenVino
from hub.api import Rejected
from tests.detectors.openvino.conftest import Make, prepared

NANO, HALF = "yolox_nano.onnx", "yolox_nano_float16_quantize.tflite"
FACES = entry("face_retail_0004")


def ir(data: Path, folder: Path, network: int | None, weights: int | None) -> str:
    """Write a model of two files, each cut to so many bytes; returns the one to load."""
    source = data / "models" / "omz" / "face-detection-retail-0004" / "FP16"
    for each, length in zip(FACES.files, (network, weights), strict=True):
        (folder / each.file).write_bytes((source / each.file).read_bytes()[:length])
    return FACES.file


@pytest.mark.parametrize("name", [NANO, HALF])
@pytest.mark.parametrize("share", [0.0, 0.00003, 0.001, 0.5, 0.99])
def test_a_file_cut_short_is_said_to_be(
    make: Make, data: Path, tmp_path: Path, name: str, share: float
) -> None:
    whole = (data / "models" / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Rejected) as refused:
        make(model=name, base=tmp_path)
    assert str(refused.value).startswith(f"{name} cannot be read as a model (")
    assert f"{tmp_path / name} is cut short" in str(refused.value)
    assert "copy or export it again" in str(refused.value)


@pytest.mark.parametrize(
    ("network", "weights"), [(None, 500_000), (None, 0), (70_000, None), (0, None)]
)
def test_either_file_of_two_may_be_cut_short(
    make: Make, data: Path, tmp_path: Path, network: int | None, weights: int | None
) -> None:
    model = ir(data, tmp_path, network, weights)
    with pytest.raises(Rejected, match=f"^{FACES.file} cannot be read as a model"):
        make(model=model, base=tmp_path, labels=["face"])


def test_missing_weights_are_named(data: Path, tmp_path: Path) -> None:
    model = ir(data, tmp_path, None, None)
    (tmp_path / FACES.beside[0].file).unlink()
    with pytest.raises(Rejected, match=r"needs its weights beside it, and there is no face-.*bin"):
        prepared(data, {"model": model, "base": tmp_path})


@pytest.mark.parametrize("suffix", ["onnx", "xml", "tflite"])
def test_what_was_never_a_model_is_refused(make: Make, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "page.bin").write_bytes(b"")
    (tmp_path / f"page.{suffix}").write_text("<!DOCTYPE html><title>404</title>")
    with pytest.raises(Rejected, match=f"^page.{suffix} cannot be read as a model"):
        make(model=f"page.{suffix}", base=tmp_path)


def test_another_checksum_is_refused_before_it_is_loaded(data: Path, tmp_path: Path) -> None:
    wanted = entry("yolox_nano")
    changed = bytearray((data / "models" / NANO).read_bytes())
    changed[1000] ^= 1
    (tmp_path / NANO).write_bytes(changed)
    store = Store(Sources(cache=tmp_path / "cache", folder=tmp_path, offline=True))
    with pytest.raises(Rejected) as refused:
        asyncio.run(store.path("yolox_nano"))
    words = str(refused.value)
    assert f"{tmp_path / NANO} is not the yolox_nano of the catalogue" in words
    assert f"not {wanted.sha256}" in words


def test_a_detector_that_failed_to_load_harms_no_other(make: Make, tmp_path: Path) -> None:
    good = make(model="lwpd_192")
    (tmp_path / NANO).write_bytes(b"")
    options = prepared(tmp_path, {"model": NANO, "base": tmp_path})
    bad = OpenVino("bad", options)
    for _ in range(2):
        with pytest.raises(Rejected):
            bad.load()
    bad.close()
    assert good.device == "CPU"
    assert good.failures == 0
