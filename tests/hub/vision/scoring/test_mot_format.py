"""MOTChallenge's files, and what is said of those that are none."""

from pathlib import Path

import pytest

from hub.api import Invalid
from hub.vision.scoring import info_beside, read_detections, read_tracks, read_truth


def written(folder: Path, text: str) -> Path:
    path = folder / "some.txt"
    path.write_text(text)
    return path


def test_a_box_has_sides_in_pixels(tmp_path: Path) -> None:
    (row,) = read_tracks(written(tmp_path, "3,7,10,20.5,30,40,0.9,-1,-1,-1\n"))
    assert (row.frame, row.id, row.score) == (3, 7, 0.9)
    assert (row.left, row.top, row.right, row.bottom) == (10, 20.5, 40, 60.5)


def test_spaces_do_as_well_as_commas_and_notes_are_skipped(tmp_path: Path) -> None:
    rows = read_tracks(written(tmp_path, "\ufeff# a note\n1 2 3 4 5 6\n\n2, 2, 3, 4, 5, 6,\n"))
    assert [(each.frame, each.score) for each in rows] == [(1, 1.0), (2, 1.0)]


def test_a_truth_says_what_counts(tmp_path: Path) -> None:
    text = "1,1,0,0,9,9,1,1,1\n1,2,0,0,9,9,0,1,1\n1,3,0,0,9,9,1,3,1\n1,4,0,0,9,9,0,7,1\n"
    rows = read_truth(written(tmp_path, text))
    assert [each.counts for each in rows] == [True, False, False, False]
    assert [each.doubtful for each in rows] == [False, False, False, True]


def test_a_place_in_the_world_is_no_class(tmp_path: Path) -> None:
    (row,) = read_truth(written(tmp_path, "1,1,0,0,9,9,1,-7.2,3.1,0\n"))
    assert row.counts
    assert not row.doubtful


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,2,3,4,5", "5 columns, where frame, id, left, top, width and height are needed"),
        ("1,2,3,x,5,6", "'x' in column 4 is no number"),
        ("1,2,3,nan,5,6", "'nan' in column 4 is no number to reckon with"),
        ("0,2,3,4,5,6", "0 is no frame; they are counted from 1 to 10000000"),
        ("1.5,2,3,4,5,6", "1.5 is no frame"),
        ("1e300,2,3,4,5,6", "1e300 is no frame"),
        ("1,2.5,3,4,5,6", "2.5 is no id"),
        ("1,2,3,4,0,6", "a box of 0 x 6 pixels"),
        ("1,-1,3,4,5,6", "-1 is no id of a track; ids are 0 or more"),
        ("1,1,3,4,5,6", "id 1 is in frame 1 already, in line 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    path = written(tmp_path, f"1,1,3,4,5,6\n{line}\n")
    with pytest.raises(Invalid) as raised:
        read_tracks(path)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert words in str(raised.value)


def test_detections_need_no_ids(tmp_path: Path) -> None:
    assert len(read_detections(written(tmp_path, "1,-1,3,4,5,6,7\n1,-1,3,4,5,6,7\n"))) == 2


def test_files_that_are_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"none\.txt cannot be read"):
        read_truth(tmp_path / "none.txt")
    (tmp_path / "some.txt").write_bytes(b"1,1,\xff\xfe")
    with pytest.raises(Invalid, match=r"some\.txt is no text"):
        read_truth(tmp_path / "some.txt")


def test_a_sequence_tells_its_speed_and_size(tmp_path: Path) -> None:
    (tmp_path / "det").mkdir()
    assert info_beside(tmp_path / "det" / "det.txt").fps is None
    (tmp_path / "seqinfo.ini").write_text(
        "[Sequence]\nname=a\nframeRate=14\nimWidth=1920\nimHeight=1080\n"
    )
    told = info_beside(tmp_path / "det" / "det.txt")
    assert (told.fps, told.size) == (14.0, (1920, 1080))


@pytest.mark.parametrize("text", ["frameRate=14\n", "[Sequence]\nframeRate=fast\n"])
def test_a_sequence_that_tells_nonsense_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "seqinfo.ini").write_text(text)
    with pytest.raises(Invalid, match=r"seqinfo\.ini cannot be read"):
        info_beside(tmp_path / "det.txt")
