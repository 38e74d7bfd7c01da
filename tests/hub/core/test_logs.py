import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.core import logs
from hub.core.redaction import Redactor


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_when_how_bad_who_and_what(page: io.StringIO) -> None:
    logs.configure(stream=page)
    logging.getLogger("hub.camera.porch").warning("Away: %s", "wrong password")
    logging.getLogger("aiohttp").info("listens")
    logging.getLogger("hub").debug("not shown")
    first, second, last = page.getvalue().split("\n")
    assert first[2] == first[5] == ":"
    assert first[8:] == " WARN  camera.porch  Away: wrong password"
    assert second[8:] == " INFO  aiohttp  listens"
    assert last == ""


def test_colour_is_for_terminals_only(page: io.StringIO) -> None:
    logs.configure(stream=page)
    logging.getLogger("x").error("plain")
    assert "\x1b" not in page.getvalue()
    terminal = _Terminal()
    logs.configure(stream=terminal)
    logging.getLogger("x").error("red")
    assert "\x1b[31mERROR\x1b[0m" in terminal.getvalue()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\r\n12:00:00 INFO  auth  welcome admin", r"a\r\n12:00:00 INFO  auth  welcome admin"),
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("\x85\u2028\u2029next\x00", r"\x85\u2028\u2029next\x00"),
        ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
        ("Grüße, 門口", "Grüße, 門口"),
    ],
)
def test_what_a_visitor_sends_cannot_forge_a_line_nor_colour_it(
    page: io.StringIO, sent: str, shown: str
) -> None:
    logs.configure(stream=page)
    logging.getLogger("web").warning("Agent %s", sent)
    assert page.getvalue()[8:] == f" WARN  web  Agent {shown}\n"


def test_no_password_of_an_address_in_message_or_traceback(page: io.StringIO) -> None:
    logs.configure(stream=page)
    address = "rtsp://viewer:hunter2@10.0.0.7/sub?token=hunter2&x=1"
    try:
        Path(f"/nowhere/{address}\x1b[31m").read_text()
    except OSError:
        logging.getLogger("ingest").exception("Failed with %s", address)
    text = page.getvalue()
    assert "hunter2" not in text
    assert text.count("viewer:***@10.0.0.7/sub?token=***&x=1") == 2
    assert "\x1b" not in text
    assert all(each.startswith("    ") for each in text.splitlines()[1:])


def test_json_lines_hold_the_same_without_passwords(page: io.StringIO) -> None:
    logs.configure(level="debug", stream=page, json=True)
    try:
        Path("/nowhere/http://a:hunter2@b").read_text()
    except OSError:
        logging.getLogger("hub.x").debug("two\nlines http://a:hunter2@b", exc_info=True)
    (line,) = page.getvalue().splitlines()
    got = json.loads(line)
    assert got["level"] == "DEBUG"
    assert got["logger"] == "hub.x"
    assert got["message"] == "two\nlines http://a:***@b"
    assert got["traceback"].endswith("'/nowhere/http:/a:***@b'")


def test_warnings_are_lines_too(page: io.StringIO) -> None:
    logs.configure(stream=page)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old fashioned", stacklevel=1)
    assert "old fashioned" in page.getvalue()
    assert page.getvalue().count("\n") == 1


def test_a_malformed_record_is_named_but_not_shown(
    page: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(stream=page)
    logging.getLogger("plugin").warning("%d apples", "rtsp://a:hunter2@b")
    assert "A log record of plugin" in page.getvalue()
    assert "hunter2" not in page.getvalue() + capsys.readouterr().err


def test_a_stream_that_is_gone_harms_nobody(page: io.StringIO) -> None:
    logs.configure(stream=page)
    page.close()
    logging.getLogger("x").error("into the void")


def test_configuring_again_does_not_double_the_lines(page: io.StringIO) -> None:
    logs.configure(stream=sys.stderr)
    logs.configure(stream=page)
    logging.getLogger("x").error("once")
    assert page.getvalue().count("once") == 1


def test_a_workers_lines_are_records_of_their_own(page: io.StringIO) -> None:
    logs.configure(stream=page)
    logs.relay(logging.getLogger("hub.vision"), logging.ERROR, "codec: failed\nTraceback\n  line")
    assert [each[8:] for each in page.getvalue().splitlines()] == [
        " ERROR vision  codec: failed",
        " ERROR vision  Traceback",
        " ERROR vision    line",
    ]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("rtsp://u:p@h/x", "rtsp://u:***@h/x"),
        ("rtsp://u:p@ss/w'rd@h/x", "rtsp://u:***@h/x"),
        ("['amqp://:pw@h', 'http://a:b@c']", "['amqp://:***@h', 'http://a:***@c']"),
        ("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite:///a.db"),
        (
            "page at http://127.0.0.1:8080 (ask me@home)",
            "page at http://127.0.0.1:8080 (ask me@home)",
        ),
        ("rtsp://[fe80::1]:554/live", "rtsp://[fe80::1]:554/live"),
        ("/x?Token=a&api_key=b;PASSWORD=c&keys=d", "/x?Token=***&api_key=***;PASSWORD=***&keys=d"),
        ("/x?access_token=eyJh.bG.x#top", "/x?access_token=***#top"),
    ],
)
def test_what_looks_like_a_password_is_hidden(text: str, redacted: str) -> None:
    assert Redactor()(text) == redacted


def test_known_secrets_are_hidden_wherever_and_however_they_are_written() -> None:
    redactor = Redactor()
    redactor.add("s3cr t/é'")
    redactor.add("s3cr t")
    redactor.add("on")
    assert redactor("is on: s3cr t/é' and s3cr%20t%2F%C3%A9%27 and s3cr%20t/%C3%A9%27") == (
        "is on: *** and *** and ***"
    )


def test_a_hostile_line_takes_no_time() -> None:
    redactor = Redactor()
    for hostile in (
        "a://b:" * 50_000,
        "?token" * 50_000 + "=",
        "a" * 300_000 + "://",
        ":@" * 99_999,
    ):
        redactor(hostile)  # a quadratic pattern would run into the test's time limit
