"""What is listed is what is meant."""

import re
from pathlib import Path

import pytest

from detectors.catalogue.entries import entry, label_lists, labels, read
from detectors.catalogue.files import is_right, sha256
from hub.api import Rejected


def test_every_listed_file_that_is_here_has_its_checksum_and_size(data: Path) -> None:
    checked = []
    for each in read().values():
        path = data / "models" / each.file
        if path.is_file():
            assert (sha256(path), path.stat().st_size) == (each.sha256, each.bytes), each.name
            assert is_right(path, each)
            checked.append(each.name)
    assert "yolox_nano" in checked


@pytest.mark.parametrize("name", read())
def test_an_address_is_pinned_to_a_commit(name: str) -> None:
    assert re.match(r"https://github\.com/[^/]+/[^/]+/raw/[0-9a-f]{40}/", read()[name].url)
    assert re.fullmatch(r"[0-9a-f]{64}", read()[name].sha256)


def test_names_and_files_are_told_apart() -> None:
    files = [each.file for each in read().values()]
    assert len(set(files)) == len(files)
    assert all("/" not in file for file in files)


def test_coco_has_eighty_classes_and_begins_with_the_person() -> None:
    assert len(set(labels("coco"))) == 80
    assert labels("coco")[0] == "person"
    assert entry("yolox_nano").labels == label_lists()["coco"]


def test_an_unknown_model_gets_a_suggestion() -> None:
    with pytest.raises(
        Rejected, match=r"no model is called 'yolox_nno'\. Did you mean 'yolox_nano'"
    ):
        entry("yolox_nno")


def test_an_unknown_list_of_labels_gets_a_suggestion() -> None:
    with pytest.raises(Rejected, match=r"no list of labels is called 'coc'\. Did you mean 'coco'"):
        labels("coc")
