"""What is listed is what is meant."""

import re
from pathlib import Path

import pytest

from detectors.catalogue.entries import entry, label_lists, labels, read
from detectors.catalogue.files import is_right, sha256
from detectors.catalogue.sources import Sources
from detectors.catalogue.store import Store
from detectors.heads.names import NAMES
from hub.api import Rejected


def test_every_listed_file_that_is_here_has_its_checksum_and_size(data: Path) -> None:
    store = Store(Sources(cache=data / "none", folder=data / "models"))
    found = [each.name for each in read().values() if store.here(each)]
    assert found == list(read())
    nano = data / "models" / entry("yolox_nano").file
    assert (sha256(nano), nano.stat().st_size) == (read()["yolox_nano"].sha256, 3660092)
    assert is_right(nano, read()["yolox_nano"].files[0])


@pytest.mark.parametrize("name", read())
def test_an_address_is_pinned_to_a_commit(name: str) -> None:
    for each in read()[name].files:
        assert re.match(r"https://github\.com/[^/]+/[^/]+/raw/[0-9a-f]{40}/", each.url)
        assert each.url.endswith((f"/{each.file}", "/model.onnx"))
        assert re.fullmatch(r"[0-9a-f]{64}", each.sha256)


@pytest.mark.parametrize("name", read())
def test_an_entry_says_what_somebody_needs_to_choose(name: str) -> None:
    listed = read()[name]
    assert listed.licence in {"Apache-2.0", "MIT"}
    assert listed.task in {"objects", "faces", "reid"}
    assert listed.head in (*NAMES, "embedding")
    assert bool(listed.labels) == (listed.task != "reid")
    assert listed.remark
    assert listed.cost.ms > 0


def test_weights_lie_beside_the_network_they_belong_to() -> None:
    for each in read().values():
        names = [part.file for part in each.files]
        if each.file.endswith(".xml"):
            assert names == [each.file, each.file.replace(".xml", ".bin")]
        else:
            assert names == [each.file]
        assert each.size == sum(part.bytes for part in each.files)


def test_names_and_files_are_told_apart() -> None:
    files = [part.file for each in read().values() for part in each.files]
    assert len(set(files)) == len(files)
    assert all("/" not in file for file in files)


def test_coco_has_eighty_classes_and_begins_with_the_person() -> None:
    assert len(set(labels("coco"))) == 80
    assert labels("coco")[0] == "person"
    assert entry("yolox_nano").labels == label_lists()["coco"]


def test_coco_by_its_own_numbers_is_the_same_with_gaps() -> None:
    by_number = labels("coco91")
    assert len(set(by_number)) == 91
    assert tuple(each for each in by_number if not each.startswith("unused")) == labels("coco")
    assert (by_number[13], by_number[90]) == ("stop sign", "toothbrush")


def test_an_unknown_model_gets_a_suggestion() -> None:
    with pytest.raises(
        Rejected, match=r"no model is called 'yolox_nno'\. Did you mean 'yolox_nano'"
    ):
        entry("yolox_nno")


def test_an_unknown_list_of_labels_gets_a_suggestion() -> None:
    with pytest.raises(Rejected, match=r"no list of labels is called 'coc'\. Did you mean 'coco"):
        labels("coc")
