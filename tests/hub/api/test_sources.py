"""``source`` or ``streams``: the same two options on every platform that has addresses."""

from pathlib import Path

import pytest
import voluptuous as vol
from click.testing import CliRunner

from hub.api import Camera, Known, Role, SourceCamera, StreamSource, source_keys
from hub.api import schema as keys
from hub.cli import main
from hub.core.components import load

BOTH = {"main": "rtsp://10.0.0.7/main", "sub": "rtsp://10.0.0.7/sub"}
PLATFORMS = ("file", "hls", "mjpeg", "rtmp", "rtsp")


def checked(folder: Path, options: str) -> list[str]:
    """Return what ``watchpost check`` says of a camera, without the folder."""
    (folder / "configuration.yaml").write_text(f"cameras:\n  porch:\n{options}")
    said = CliRunner().invoke(main, ["check", "-c", str(folder)]).output
    return [line.replace(f"{folder}/", "") for line in said.splitlines() if "error:" in line]


class Doorbell(SourceCamera):
    KEY = "doorbell"
    SCHEMA = source_keys("Address of the bell", keys.text)

    def stream(self, address: str, role: Role) -> StreamSource:
        return StreamSource(url=address, role=role, protocols=("tcp",))


def opened(options: dict[str, object]) -> dict[Role, str]:
    return {each.role: each.url for each in Doorbell("door", options).streams()}


def test_one_address_serves_for_everything() -> None:
    assert opened({"source": "rtsp://10.0.0.7/x"}) == {Role.MAIN: "rtsp://10.0.0.7/x"}


def test_each_role_has_the_address_that_is_named_for_it() -> None:
    assert opened({"streams": BOTH}) == {Role.MAIN: BOTH["main"], Role.SUB: BOTH["sub"]}


@pytest.mark.parametrize("options", [{"source": "x"}, {"streams": {"main": "x"}}])
def test_one_of_the_two_is_right(options: dict[str, object]) -> None:
    assert list(Doorbell.check(options, Known())) == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_with_addresses_wants_exactly_one_of_them(platform: str) -> None:
    kind = load(platform, platform, Camera)
    assert [each.words for each in kind.check({}, Known())] == ["missing key 'source' or 'streams'"]
    both = {"source": "x", "streams": {"main": "x"}}
    assert [each.path for each in kind.check(both, Known())] == [("source",)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_with_addresses_opens_both_streams_alike(platform: str) -> None:
    kind = load(platform, platform, Camera)
    scheme = {"file": "", "hls": "http://h/", "mjpeg": "http://h/"}.get(
        platform, f"{platform}://h/"
    )
    camera = kind("porch", _options(kind, {"main": f"{scheme}a.mp4", "sub": f"{scheme}b.mp4"}))
    main_stream, sub = camera.streams()
    assert (main_stream.role, sub.role) == (Role.MAIN, Role.SUB)
    assert main_stream.url.endswith("a.mp4")
    assert sub.url.endswith("b.mp4")
    assert (main_stream.protocols, main_stream.options) == (sub.protocols, sub.options)


def _options(kind: type[Camera], streams: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = vol.Schema(dict(kind.SCHEMA))({"streams": streams})
    return found


def test_neither_is_told_with_both_ways_out(tmp_path: Path) -> None:
    assert checked(tmp_path, "    platform: rtsp\n") == [
        (
            "configuration.yaml:2:3: error: missing key 'source' or 'streams'. One address, "
            "or 'streams: {main: ..., sub: ...}' with a smaller one to look at."
        )
    ]


def test_both_are_told_where_the_one_too_many_is(tmp_path: Path) -> None:
    options = "    platform: rtsp\n    source: rtsp://h/a\n    streams: {main: rtsp://h/b}\n"
    (line,) = checked(tmp_path, options)
    assert line.startswith("configuration.yaml:4:5: error: 'source' and 'streams' say the same")


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("sorce: rtsp://h/a", "4:5: error: unknown key 'sorce'. Did you mean 'source'?"),
        ("url: rtsp://h/a", "4:5: error: unknown key 'url'. Did you mean 'source'?"),
        ("steams: {main: rtsp://h/a}", "4:5: error: unknown key 'steams'. Did you mean 'streams'?"),
        ("streams: {sub: rtsp://h/a}", "4:5: error: missing key 'main'"),
        ("streams: {main: rtsp://h/a, sbu: rtsp://h/b}", "unknown key 'sbu'. Did you mean 'sub'?"),
        ("streams: [rtsp://h/a]", "expected options as 'key: value', got a list"),
        ("streams: {main: http://h/a}", "begins with rtsp:// or rtsps://, not with 'http'"),
        ("source: rtsp://h/a\n    sub: rtsp://h/b", "Write 'streams: {main: ..., sub: ...}'"),
    ],
)
def test_a_mistake_is_told_once(tmp_path: Path, wrong: str, line: str) -> None:
    (told,) = checked(tmp_path, f"    platform: rtsp\n    {wrong}\n")
    assert line in told
