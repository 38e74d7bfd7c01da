"""The catalogue as detectors find it in the hub."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
import voluptuous as vol

from detectors.catalogue import hub_components
from detectors.catalogue.entries import entry
from detectors.catalogue.service import Models
from hub.api import ModelStore, Rejected
from tests.detectors.catalogue.conftest import Shelf

NANO = entry("yolox_nano")


def service(config: Path, **given: object) -> Models:
    context = SimpleNamespace(paths=SimpleNamespace(config=config))
    return Models(context, vol.Schema(dict(Models.SCHEMA))(given))


def test_hub_components_offers_the_model_store() -> None:
    assert list(hub_components()) == [Models]
    assert issubclass(Models, ModelStore)


def test_a_mirror_is_asked(shelf: Shelf, cache: Path, tmp_path: Path) -> None:
    models = service(tmp_path, mirror=shelf.address("plain") + "/")
    assert asyncio.run(models.path(NANO.name)) == cache / NANO.file
    assert shelf.asked == [(f"/plain/{NANO.file}", None)]


def test_a_folder_is_relative_to_the_configuration(data: Path) -> None:
    models = service(data, folder="models")
    assert asyncio.run(models.path(NANO.name)) == data / "models" / NANO.file


def test_the_environment_is_heard_before_the_configuration(
    shelf: Shelf, cache: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("plain"))
    monkeypatch.setenv("WATCHPOST_OFFLINE", "0")
    models = service(data, folder="models", offline=True)
    assert asyncio.run(models.path(NANO.name)) == cache / NANO.file


def test_the_catalogue_can_be_asked_about(tmp_path: Path) -> None:
    models = service(tmp_path)
    assert NANO in models.entries()
    assert models.entry(NANO.name) == NANO
    assert models.labels("coco")[0] == "person"
    with pytest.raises(Rejected):
        models.entry("nothing")


@pytest.mark.parametrize("address", ["ftp://there/models", "file:///models", "models"])
def test_a_mirror_is_an_http_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(vol.Invalid, match="expected an http or https address"):
        service(tmp_path, mirror=address)
