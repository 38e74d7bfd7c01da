"""A stream that changes in the middle."""

from pathlib import Path

import av
import pytest

from hub.api import StreamFormat
from hub.ingest.formats import FormatWatch, format_of, jpeg_size, parameter_sets, picture_size
from tests.servers import make_clip
from tests.servers.mjpeg import jpegs


def key_frames(path: Path) -> tuple[StreamFormat, list[bytes]]:
    with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
        stream = container.streams.video[0]
        packets = [bytes(p) for p in container.demux(stream) if p.size and p.is_keyframe]
        return format_of(stream), packets


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_another_resolution_is_seen_at_its_first_key_frame(tmp_path: Path, codec: str) -> None:
    large, first = key_frames(make_clip(tmp_path / "large.ts", codec=codec))
    small, second = key_frames(make_clip(tmp_path / "small.ts", codec=codec, size=(160, 128)))
    watch = FormatWatch(large)
    assert [watch.changed(each) for each in first] == [None, None]
    new = watch.changed(second[0])
    assert new is not None
    assert (new.codec, new.width, new.height) == (small.codec, 160, 128)
    assert new.extradata == parameter_sets(small.codec, second[0])
    assert watch.changed(second[1]) is None


def test_the_same_pictures_with_other_parameters_are_another_format(tmp_path: Path) -> None:
    slow, first = key_frames(make_clip(tmp_path / "slow.ts", fps=10))
    _, second = key_frames(make_clip(tmp_path / "fast.ts", fps=50))
    watch = FormatWatch(slow)
    assert watch.changed(first[0]) is None
    changed = watch.changed(second[0])
    assert changed is not None
    assert (changed.width, changed.height) == (320, 240)


def test_a_size_nobody_told_is_found_in_the_first_key_frame(tmp_path: Path) -> None:
    known, frames = key_frames(make_clip(tmp_path / "film.ts"))
    watch = FormatWatch(StreamFormat(codec="h264"))
    found = watch.changed(frames[0])
    assert found is not None
    assert (found.width, found.height) == (known.width, known.height)


def test_a_container_that_keeps_the_parameters_to_itself_is_decoded_with_them(
    tmp_path: Path,
) -> None:
    known, frames = key_frames(make_clip(tmp_path / "film.mp4"))
    watch = FormatWatch(StreamFormat(codec="h264", extradata=known.extradata))
    found = watch.changed(frames[0])
    assert found == known
    assert watch.changed(frames[1]) is None


def test_jpeg_pictures_tell_their_size_in_their_header(tmp_path: Path) -> None:
    large = jpegs(make_clip(tmp_path / "large.mp4", seconds=0.2))[0]
    small = jpegs(make_clip(tmp_path / "small.mp4", seconds=0.2, size=(160, 128)))[0]
    watch = FormatWatch(StreamFormat(codec="mjpeg"))
    sizes = [watch.changed(each) for each in (large, large, small)]
    assert [each and (each.width, each.height) for each in sizes] == [(320, 240), None, (160, 128)]


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xc0", b"nonsense" * 100])
def test_nonsense_has_no_size(data: bytes) -> None:
    assert jpeg_size(data) == (0, 0)
    assert picture_size("h264", b"", data) == (0, 0)
    assert FormatWatch(StreamFormat(codec="h264", width=320, height=240)).changed(data) is None
