from pathlib import Path

import pytest

from hub.api import Invalid
from hub.core import provenance


def _install(folder: Path, name: str, **files: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    for each, text in files.items():
        (info / each.replace("top_level", "top_level.txt")).write_text(text)


def test_our_own_packages_are_ours() -> None:
    provenance.check()


def test_another_distribution_with_one_of_our_names_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "deeplake-hub", top_level="hub\nother\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Invalid, match=r"\(deeplake-hub brings hub\).*environment of its own"):
        provenance.check()


def test_a_distribution_without_a_list_of_packages_is_known_by_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "webthings", RECORD="web/__init__.py,,\ndetectors/x.py,,\nhubble/a.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Invalid, match="webthings brings detectors, web"):
        provenance.check()


def test_names_that_only_begin_like_ours_are_welcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "hubble", top_level="hubble\nwebb\n")
    _install(tmp_path, "empty")
    monkeypatch.syspath_prepend(tmp_path)
    provenance.check()
