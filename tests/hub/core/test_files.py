"""Files that are written in full or not at all."""

from pathlib import Path

import pytest

from hub.core.files import write


def test_a_file_takes_the_place_of_the_former_and_is_for_its_group(tmp_path: Path) -> None:
    path = tmp_path / "porch-1.jpg"
    write(path, b"before")
    write(path, b"after")
    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_could_not_be_written_in_full_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "shut" / "porch-1.jpg"
    with pytest.raises(OSError, match="No such file"):
        write(path, b"x")
    folder = tmp_path / "porch-2.jpg"
    (folder / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write(folder, b"x")
    assert not folder.with_suffix(".part").exists()
