"""A model's file, from wherever it can be had, or the reason why not."""

import asyncio
import shutil
import socket
import time
from pathlib import Path

import pytest

from detectors.catalogue.entries import entry
from detectors.catalogue.sources import Patience, Sources
from detectors.catalogue.store import Store
from hub.api import NotReady, Rejected
from tests.detectors.catalogue.conftest import Shelf

NANO = entry("yolox_nano")
FACES = entry("face_retail_0004")
OMZ = "models/omz/face-detection-retail-0004/FP16"
HASTY = Patience(connect=0.5, reach=0.8, stall=0.4, pauses=(0.0, 0.05, 0.1))


def get(cache: Path, name: str = NANO.name, **wishes: object) -> Path:
    store = Store(Sources(cache=cache, **wishes), HASTY)
    return asyncio.run(store.path(name))


def test_a_file_is_fetched_once_and_then_found(shelf: Shelf, cache: Path, data: Path) -> None:
    told: list[tuple[int, int]] = []
    store = Store(Sources(cache=cache, mirror=shelf.address("plain")))

    path = asyncio.run(store.path(NANO.name, lambda done, total: told.append((done, total))))
    again = asyncio.run(store.path(NANO.name))

    assert path == again == cache / NANO.file
    assert path.read_bytes() == (data / "models" / NANO.file).read_bytes()
    assert told[-1] == (NANO.bytes, NANO.bytes)
    assert told == sorted(told)
    assert shelf.asked == [(f"/plain/{NANO.file}", None)]
    assert not list(cache.glob("*.part"))


def test_a_cut_download_goes_on_where_it_was(shelf: Shelf, cache: Path) -> None:
    get(cache, mirror=shelf.address("cut"))

    (_, first), (_, second) = shelf.asked
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").rstrip("-")) <= NANO.bytes // 2 + 1


def test_what_arrived_is_kept_for_the_next_start(shelf: Shelf, cache: Path) -> None:
    with pytest.raises(NotReady, match=r"127\.0\.0\.1 was cut.*Put yolox_nano\.onnx"):
        get(cache, mirror=shelf.address("torn"))
    (part,) = cache.glob("*.part")
    kept = part.stat().st_size

    get(cache, mirror=shelf.address("plain"))

    assert kept > NANO.bytes // 4
    assert shelf.asked[-1] == (f"/plain/{NANO.file}", f"bytes={kept}-")


def test_a_server_without_ranges_starts_over(shelf: Shelf, cache: Path) -> None:
    get(cache, mirror=shelf.address("forgetful"))
    assert len(shelf.asked) == 2


def test_a_busy_server_is_asked_again(shelf: Shelf, cache: Path) -> None:
    get(cache, mirror=shelf.address("busy"))
    assert len(shelf.asked) == 2


def test_another_content_is_refused_and_not_kept(shelf: Shelf, cache: Path) -> None:
    with pytest.raises(Rejected, match=f"not the file of the catalogue.*not {NANO.sha256}"):
        get(cache, mirror=shelf.address("wrong"))
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_a_stale_beginning_is_thrown_away(shelf: Shelf, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / f"{NANO.file}.{NANO.sha256[:8]}.part").write_bytes(b"of another file" * 100)

    get(cache, mirror=shelf.address("plain"))

    assert [asked for _, asked in shelf.asked] == ["bytes=1500-", None]


@pytest.mark.parametrize("way", ["longer", "endless"])
def test_a_file_larger_than_it_should_be_is_refused(shelf: Shelf, cache: Path, way: str) -> None:
    with pytest.raises(Rejected, match=r"a file of 3660100 bytes|more than the 3660092 bytes"):
        get(cache, mirror=shelf.address(way))
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_a_missing_file_is_said_with_what_to_do(shelf: Shelf, cache: Path) -> None:
    with pytest.raises(Rejected) as refused:
        get(cache, mirror=shelf.address("gone"))
    words = str(refused.value)
    assert "yolox_nano could not be downloaded: 127.0.0.1 answers 404 Not Found" in words
    assert NANO.file in words
    assert NANO.sha256 in words
    assert str(cache) in words
    assert len(shelf.asked) == 1


@pytest.mark.parametrize(
    ("way", "words"),
    [("stall", "stopped sending"), ("silent", "does not answer")],
)
def test_a_server_that_hangs_is_left_soon(shelf: Shelf, cache: Path, way: str, words: str) -> None:
    begin = time.monotonic()
    with pytest.raises(NotReady, match=words):
        get(cache, mirror=shelf.address(way))
    assert time.monotonic() - begin < 4


def test_nobody_there_is_said_soon(cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotReady, match=r"nothing answers at 127\.0\.0\.1"):
        get(cache, mirror=f"http://127.0.0.1:{port}")
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_a_redirect_is_followed(shelf: Shelf, cache: Path) -> None:
    get(cache, mirror=shelf.address("moved"))
    assert [path for path, _ in shelf.asked] == [f"/moved/{NANO.file}", f"/plain/{NANO.file}"]


@pytest.mark.parametrize("way", ["circle", "astray"])
def test_a_redirect_to_nowhere_is_refused(shelf: Shelf, cache: Path, way: str) -> None:
    with pytest.raises(Rejected, match="an address that cannot be right"):
        get(cache, mirror=shelf.address(way))
    assert len(shelf.asked) <= 7


def test_a_password_in_the_address_is_never_shown(shelf: Shelf, cache: Path) -> None:
    secret = shelf.address("gone").replace("//", "//reader:hush@")
    with pytest.raises(Rejected) as refused:
        get(cache, mirror=secret)
    assert "hush" not in str(refused.value)
    assert "hush" not in str(refused.value.__cause__)


def test_offline_nothing_is_asked(shelf: Shelf, cache: Path) -> None:
    with pytest.raises(NotReady, match=f"not here.*Put {NANO.file}.*into {cache}"):
        get(cache, mirror=shelf.address("plain"), offline=True)
    assert not shelf.asked


def test_offline_the_cache_still_serves(shelf: Shelf, cache: Path) -> None:
    fetched = get(cache, mirror=shelf.address("plain"))
    assert get(cache, offline=True) == fetched


def test_a_folder_s_file_is_used_where_it_is(cache: Path, data: Path) -> None:
    assert get(cache, folder=data / "models") == data / "models" / NANO.file
    assert not cache.exists()


def test_a_wrong_file_in_the_folder_is_named(cache: Path, tmp_path: Path) -> None:
    (tmp_path / NANO.file).write_bytes(b"something else")
    with pytest.raises(Rejected, match=f"{tmp_path / NANO.file} is not the yolox_nano"):
        get(cache, folder=tmp_path)


def test_what_a_folder_lacks_is_fetched_into_the_cache(
    shelf: Shelf, cache: Path, tmp_path: Path
) -> None:
    path = get(cache, folder=tmp_path / "empty", mirror=shelf.address("plain"))
    assert path == cache / NANO.file


def test_a_damaged_cache_is_fetched_again(
    shelf: Shelf, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.mkdir(parents=True)
    (cache / NANO.file).write_bytes(bytes(NANO.bytes))
    get(cache, mirror=shelf.address("plain"))
    assert len(shelf.asked) == 1
    assert "is damaged and will not be used" in caplog.text


def test_a_cache_that_cannot_be_written_is_said(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotReady, match=r"could not be stored: .*Not a directory"):
        get(tmp_path / "file" / "models", mirror=shelf.address("plain"))


def test_a_full_copy_left_by_a_crash_is_used_without_the_network(
    shelf: Shelf, cache: Path, data: Path
) -> None:
    cache.mkdir(parents=True)
    part = cache / f"{NANO.file}.{NANO.sha256[:8]}.part"
    shutil.copyfile(data / "models" / NANO.file, part)
    get(cache, mirror=shelf.address("plain"))
    assert not shelf.asked
    assert not part.exists()


def test_files_that_belong_together_come_one_after_the_other(shelf: Shelf, cache: Path) -> None:
    told: list[tuple[int, int]] = []
    store = Store(Sources(cache=cache, mirror=shelf.address("plain")), HASTY)

    path = asyncio.run(store.path(FACES.name, lambda done, total: told.append((done, total))))

    assert path == cache / FACES.file
    assert (cache / FACES.beside[0].file).stat().st_size == FACES.beside[0].bytes
    assert told == sorted(told)
    assert told[-1] == (FACES.size, FACES.size)


def test_of_files_that_belong_together_only_those_missing_are_fetched(
    shelf: Shelf, cache: Path, data: Path
) -> None:
    cache.mkdir(parents=True)
    shutil.copyfile(data / OMZ / FACES.file, cache / FACES.file)

    assert get(cache, FACES.name, mirror=shelf.address("plain")) == cache / FACES.file
    assert [path for path, _ in shelf.asked] == [f"/plain/{FACES.beside[0].file}"]


def test_every_missing_file_is_named(cache: Path) -> None:
    with pytest.raises(NotReady) as refused:
        get(cache, FACES.name, offline=True)
    for each in FACES.files:
        assert f"{each.file} (sha256 {each.sha256})" in str(refused.value)
    assert "name a folder or a mirror that has them" in str(refused.value)


def test_a_folder_s_own_folders_are_looked_into(cache: Path, data: Path) -> None:
    """The Open Model Zoo's downloader makes one for each model and precision."""
    found = get(cache, FACES.name, folder=data / "models", offline=True)
    assert found == data / OMZ / FACES.file
    assert not cache.exists()


def test_a_folder_with_half_of_a_model_does_not_have_it(
    cache: Path, data: Path, tmp_path: Path
) -> None:
    shutil.copyfile(data / OMZ / FACES.file, tmp_path / FACES.file)
    with pytest.raises(NotReady, match="is not here"):
        get(cache, FACES.name, folder=tmp_path, offline=True)


def test_wrong_weights_in_the_folder_are_refused(cache: Path, data: Path, tmp_path: Path) -> None:
    shutil.copyfile(data / OMZ / FACES.file, tmp_path / FACES.file)
    cut = (data / OMZ / FACES.beside[0].file).read_bytes()[:1000]
    (tmp_path / FACES.beside[0].file).write_bytes(cut)
    with pytest.raises(Rejected, match=f"{FACES.beside[0].file} is not the {FACES.name} of the"):
        get(cache, FACES.name, folder=tmp_path, offline=True)
