"""RTSP cameras, over real connections."""

import ssl
from itertools import pairwise
from pathlib import Path

import pytest
import voluptuous as vol

from hub.api import Role
from hub.core.components import load
from integrations.rtsp.camera import RtspCamera
from tests.hub.ingest.harness import (
    Offline,
    Online,
    StreamPacket,
    StreamStart,
    camera,
    running,
)
from tests.servers import Clip, RtspServer, make_clip

AWKWARD = "p@s:w/o#r%d?é & co"


def test_it_is_found_by_its_name() -> None:
    assert load("rtsp", "rtsp", RtspCamera) is RtspCamera


def options(**given: object) -> dict[str, object]:
    checked: dict[str, object] = vol.Schema(dict(RtspCamera.SCHEMA))(given)
    return checked


def test_it_describes_a_stream_for_each_address() -> None:
    both = {"main": "rtsp://10.0.0.7/main", "sub": "rtsp://10.0.0.7/sub"}
    given = options(streams=both, timeout="10s")
    main, sub = RtspCamera("porch", given).streams()
    assert (main.role, sub.role) == (Role.MAIN, Role.SUB)
    assert sub.url == "rtsp://10.0.0.7/sub"
    assert sub.silence == 10.0
    assert "file" not in sub.protocols
    assert "http" not in sub.protocols


def test_a_login_beside_the_address_goes_into_every_address_whatever_its_characters() -> None:
    given = options(
        streams={"main": "rtsp://old:login@10.0.0.7:8554/main", "sub": "rtsp://10.0.0.7/sub"},
        username="us@er",
        password=AWKWARD,
    )
    main, sub = RtspCamera("porch", given).streams()
    login = "us%40er:p%40s%3Aw%2Fo%23r%25d%3F%C3%A9%20%26%20co"
    assert main.url == f"rtsp://{login}@10.0.0.7:8554/main"
    assert sub.url == f"rtsp://{login}@10.0.0.7/sub"
    assert "co" not in repr(main).replace("protocols", "")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("auth", ["none", "basic", "digest"])
def test_pictures_come_with_every_login_and_transport(
    clip: Clip, auth: str, transport: str
) -> None:
    with RtspServer(clip, auth=auth, password=AWKWARD) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url(), transport=transport))
        worker.wait(Online)
        assert len(ear.last().wait(StreamPacket, 20)) >= 20
        assert AWKWARD not in worker.texts()


def test_pictures_come_with_the_login_beside_the_address(clip: Clip) -> None:
    with RtspServer(clip, auth="digest", password=AWKWARD) as server, running() as (worker, ear):
        plain = f"rtsp://127.0.0.1:{server.port}/cam1"
        login = {"username": server.user, "password": AWKWARD}
        worker.plan(camera("porch", "rtsp", ear.path, source=plain, **login))
        worker.wait(Online)


def test_a_password_written_into_the_address_as_it_is_works_too(clip: Clip) -> None:
    with RtspServer(clip, auth="digest", password="p@ss:w&rd") as server:  # noqa: S106
        url = f"rtsp://viewer:p@ss:w&rd@127.0.0.1:{server.port}/cam1"
        with running() as (worker, ear):
            worker.plan(camera("porch", "rtsp", ear.path, source=url))
            worker.wait(Online)


@pytest.mark.parametrize("auth", ["basic", "digest"])
def test_a_wrong_password_is_called_that(clip: Clip, auth: str) -> None:
    with RtspServer(clip, auth=auth) as server, running() as (worker, ear):
        plain = f"rtsp://127.0.0.1:{server.port}/cam1"
        wrong = "not-it-4711"
        worker.plan(
            camera("wrong", "rtsp", ear.path, source=server.url(password=wrong)),
            camera("none", "rtsp", ear.path, source=plain),
        )
        worker.wait(Offline, 2)
        assert {each.camera: each.reason for each in worker.of(Offline)} == {
            "wrong": "wrong password",
            "none": "it asks for a password",
        }
        assert wrong not in worker.texts()


def test_what_is_no_camera_is_said_in_plain_words(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        server.refuse("503 Service Unavailable")
        worker.plan(
            camera("nobody", "rtsp", ear.path, source="rtsp://127.0.0.1:1/x"),
            camera("nameless", "rtsp", ear.path, source="rtsp://no.such.host.invalid/x"),
            camera("pathless", "rtsp", ear.path, source=server.url("cam9")),
            camera("busy", "rtsp", ear.path, source=server.url()),
        )
        worker.wait(Offline, 4)
        assert {each.camera: each.reason for each in worker.of(Offline)} == {
            "nobody": "nothing answers at 127.0.0.1:1",
            "nameless": "the name no.such.host.invalid does not resolve",
            "pathless": "the address has no stream (404)",
            "busy": "it answered with an error (5XX Server Error)",
        }


def test_a_camera_that_signs_its_own_certificate_is_taken_unless_told_otherwise(
    clip: Clip, certificate: ssl.SSLContext
) -> None:
    with RtspServer(clip, auth="digest", tls=certificate) as server, running() as (worker, ear):
        assert server.url().startswith("rtsps://")
        worker.plan(
            camera("trusting", "rtsp", ear.path, source=server.url()),
            camera("strict", "rtsp", ear.path, source=server.url(), verify=True),
        )
        assert worker.wait(Online)[0].camera == "trusting"
        offline = worker.wait(Offline)[0]
        assert offline.camera == "strict"
        assert "certificate" in offline.reason


def test_the_sub_stream_is_the_one_that_is_looked_at(clip: Clip, small: Clip) -> None:
    with RtspServer(clip) as main, RtspServer(small) as sub, running() as (worker, ear):
        worker.plan(
            camera("porch", "rtsp", ear.path, streams={"main": main.url(), "sub": sub.url()})
        )
        start = ear.last().wait(StreamStart)[0]
        assert (start.format.width, start.format.height) == (160, 128)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"streams": {"sub": "rtsp://h/"}}, "required key not provided"),
        ({"streams": {"main": "rtsp://h/", "small": "rtsp://h/"}}, "extra keys not allowed"),
        ({"streams": "rtsp://h/"}, "expected a dictionary"),
        ({"source": "10.0.0.7"}, "begins with rtsp:// or rtsps://"),
        ({"source": "http://10.0.0.7/x"}, "not with 'http'"),
        ({"source": "rtsp://"}, "names no host"),
        ({"source": "rtsp://10.0.0.7/a b"}, "%20"),
        ({"source": 7}, "expected a text"),
        ({"streams": {"main": "rtsp://h/", "sub": "exec:id"}}, "not with 'exec'"),
        ({"source": "rtsp://h/", "transport": "sctp"}, "one of tcp, udp"),
        ({"source": "rtsp://h/", "timeout": "1s"}, "from 2 to 60"),
        ({"source": "rtsp://h/", "password": 1234}, "expected a text"),
        ({"source": "rtsp://h/", "verify": "maybe"}, "true or false"),
    ],
)
def test_mistakes_are_explained(given: dict[str, object], words: str) -> None:
    with pytest.raises(vol.Invalid, match=".*" + words.replace("(", r"\(")):
        options(**given)


def test_pictures_that_refer_to_later_ones_come_with_both_times(tmp_path: Path) -> None:
    between = Clip.read(make_clip(tmp_path / "between.mp4", between=2))
    with RtspServer(between) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        packets = ear.last().wait(StreamPacket, 60)[10:]
        assert any(a.pts > b.pts for a, b in pairwise(packets))
        assert all(a.dts < b.dts for a, b in pairwise(packets))
        assert all(each.dts <= each.pts <= each.dts + 0.2 for each in packets)
