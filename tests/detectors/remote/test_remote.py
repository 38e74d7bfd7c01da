"""A model server finds what the same model finds here, and what it does wrong is told."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import voluptuous as vol
from msgspec.structs import astuple
from numpy.typing import NDArray

from detectors.remote.detector import Remote
from hub.api import Known, NotReady, Rejected
from tests.detectors.remote.conftest import Answers, Make, address, asked, prepared, region
from tests.servers.kserve import Array, Served, serving

Picture = NDArray[np.uint8]
WORD, OTHER = "hush-hush", "not-this"
EMPTY = np.zeros((240, 320, 3), np.uint8)


@pytest.mark.parametrize("kind", ["http", "grpc"])
def test_it_finds_a_person_in_real_footage(
    make: Make, served: Served, walker: Picture, kind: str
) -> None:
    detector = make(server=address(served, kind))

    (found,) = asked(detector, region(walker))

    assert detector.size == (416, 416)
    assert found is not None
    assert found[0].label == "person"
    assert 0.45 < found[0].box.left < found[0].box.right < 0.62


@pytest.mark.parametrize("kind", ["http", "grpc"])
def test_it_finds_exactly_what_the_network_here_does(
    make: Make, served: Served, walker: Picture, data: Path, kind: str
) -> None:
    from detectors.openvino.detector import OpenVino
    from tests.detectors.openvino import conftest as here

    near = OpenVino("near", here.prepared(data, {}))
    near.load()
    answers: list[Answers] = []
    near.submit(region(walker), "yard", answers.append)
    near.close()
    (expected,) = answers

    (far,) = asked(make(server=address(served, kind)), region(walker))

    assert far
    assert expected
    assert [each.label for each in far] == [each.label for each in expected]
    for one, other in zip(far, expected, strict=True):
        assert one.score == pytest.approx(other.score, abs=0.01)
        assert astuple(one.box) == pytest.approx(astuple(other.box), abs=0.01)


def test_a_server_without_the_binary_extension_is_asked_in_json(
    make: Make, served: Served, walker: Picture
) -> None:
    served.binary = False

    (found,) = asked(make(server=address(served, "http"), timeout=30), region(walker))

    assert found is not None
    assert found[0].label == "person"


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("UINT8", [-1, 416, 416, 3]), ("FP16", [1, 3, 416, 416]), ("FP32", [1, -1, -1, 3])],
)
def test_a_model_may_take_bytes_halves_and_colours_last(
    make: Make, served: Served, network: Callable[[Array], Array], walker: Picture, kind: str,
    shape: list[int],
) -> None:  # fmt: skip
    def look(picture: Array) -> Array:
        return network(picture if shape[1] == 3 else picture.transpose(0, 3, 1, 2))

    served.inputs = [("images", kind, shape)]
    served.look = lambda inputs: {"output": look(inputs["images"])}

    (found,) = asked(make(server=address(served, "http"), size=416), region(walker))

    assert found is not None
    assert found[0].label == "person"
    assert served.asked[-1]["images"].shape == (
        1,
        *(each if each > 0 else 416 for each in shape[1:]),
    )


def test_several_questions_are_under_way_at_once(make: Make, served: Served) -> None:
    inside, most, lock = 0, 0, threading.Lock()
    quick = served.look
    detector = make(server=address(served, "http"), requests=3)

    def slow(inputs: dict[str, Array]) -> dict[str, Array]:
        nonlocal inside, most
        with lock:
            inside, most = inside + 1, max(most, inside + 1)
        time.sleep(0.1)
        with lock:
            inside -= 1
        return dict(quick(inputs))

    served.look = slow  # type: ignore[assignment]
    asked(detector, *[region(EMPTY)] * 9)

    assert most == 3


def test_a_token_is_sent_and_a_wrong_one_told_without_repeating_it(
    make: Make, served: Served
) -> None:
    served.token = WORD

    assert make(server=address(served, "http"), token=WORD).size == (416, 416)
    for kind in ("http", "grpc"):
        with pytest.raises(Rejected, match="it wants a token") as caught:
            make(server=address(served, kind), token=OTHER)
        assert OTHER not in str(caught.value)


FAULTS = ["hangs", "busy", "nonsense", "short", "other", "hangs_up", "moved", "trickles"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_question_it_spoils_is_answered_with_none_and_a_third_tells_that_it_is_away(
    make: Make, served: Served, fault: str
) -> None:
    detector = make(server=address(served, "http"), timeout=0.5, requests=1)
    served.fault = fault

    assert asked(detector, *[region(EMPTY)] * 3) == [None, None, None]
    with pytest.raises(NotReady, match=r"model 'yolox' on the server http://127\.0\.0\.1"):
        detector.submit(region(EMPTY), "yard", lambda _: None)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("hangs", "no answer within 0.5 s"),
        ("busy", r"HTTP status 503 \(queue is full\)"),
        ("nonsense", "its answer is not of KServe v2"),
        ("short", "output 'output' is cut short"),
        ("hangs_up", "it ended the connection"),
    ],
)
def test_what_is_wrong_is_said_in_words(make: Make, served: Served, fault: str, words: str) -> None:
    served.fault = fault

    with pytest.raises(NotReady, match=words):
        make(server=address(served, "http"), timeout=0.5)


def test_over_grpc_a_hanging_server_is_away_as_well(make: Make, served: Served) -> None:
    detector = make(server=address(served, "grpc"), timeout=0.5, requests=1)
    served.fault = "hangs"

    assert asked(detector, *[region(EMPTY)] * 3) == [None, None, None]
    with pytest.raises(NotReady, match=r"no answer within 0\.5 s"):
        detector.submit(region(EMPTY), "yard", lambda _: None)


def test_one_lost_answer_changes_nothing(make: Make, served: Served, walker: Picture) -> None:
    detector = make(server=address(served, "http"), timeout=0.5, requests=1)
    served.fault = "busy"
    assert asked(detector, region(EMPTY)) == [None]

    served.fault = ""
    (found,) = asked(detector, region(walker))

    assert found is not None
    assert found[0].label == "person"


def test_a_dead_server_is_told_by_what_happened(make: Make, served: Served) -> None:
    nobody = free_port()

    with pytest.raises(NotReady, match="cannot be reached: connection refused"):
        make(server=f"http://127.0.0.1:{nobody}")
    with pytest.raises(NotReady, match="it cannot be reached"):
        make(server=f"grpc://127.0.0.1:{nobody}", timeout=1)


@pytest.mark.parametrize("kind", ["http", "grpc"])
def test_a_model_it_does_not_have_is_named(make: Make, served: Served, kind: str) -> None:
    with pytest.raises(NotReady, match="has no model 'yolov9' that is ready"):
        make(server=address(served, kind), model="yolov9")


def test_outputs_that_no_head_reads_are_listed(make: Make, served: Served) -> None:
    served.look = lambda _: {"scores": np.zeros((1, 3), np.float32)}

    with pytest.raises(Rejected, match=r"yolox has the output scores \[1, 3\]"):
        make(server=address(served, "http"))


def test_a_wrong_count_of_labels_is_told(make: Make, served: Served) -> None:
    with pytest.raises(Rejected, match="list its classes under 'labels'"):
        make(server=address(served, "http"), labels=["cat", "dog"])


def test_a_model_that_takes_no_picture_is_refused(make: Make, served: Served) -> None:
    served.inputs = [("words", "FP32", [-1, 512])]

    with pytest.raises(Rejected, match=r"takes words \[-1, 512\], and not one picture"):
        make(server=address(served, "http"))


def test_a_size_it_was_not_made_for_is_refused(make: Make, served: Served) -> None:
    with pytest.raises(Rejected, match="416x416 pixels and not at 640x640: leave 'size' out"):
        make(server=address(served, "http"), size=640)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"server": "ftp://box:1"}, "begins with http:// or https:// or grpc:// or grpcs://"),
        ({"token": "two\nlines"}, "a token is one line"),
        ({"requests": 0}, "from 1 to 64"),
        ({"head": "yolo"}, "expected one of auto, yolox"),
    ],
)
def test_options_that_cannot_be_right_are_told(given: dict[str, object], words: str) -> None:
    with pytest.raises(vol.Invalid, match=words):
        prepared({"server": "http://box:8000", "model": "m", **given})


def test_an_address_with_a_password_is_told_to_be_a_token() -> None:
    options = vol.Schema(dict(Remote.SCHEMA))({"server": "http://me:secret@box", "model": "m"})

    (problem,) = Remote.check(options, Known())

    assert problem.path == ("server",)
    assert problem.hint == "Give a token as 'token'."


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def triton(data: Path) -> Iterator[tuple[int, int]]:
    """A real Triton, where an interpreter that has pytriton is named."""
    python = os.environ.get("WATCHPOST_TEST_TRITON")
    if not python:
        pytest.skip("set WATCHPOST_TEST_TRITON to an interpreter that has nvidia-pytriton")
    ports = free_port(), free_port()
    script = Path(__file__).with_name("triton.py")
    model = data / "models" / "yolox_nano.onnx"
    command = [python, script, model, *map(str, ports)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        try:
            while line := process.stdout.readline():
                if line.strip() == b"ready":
                    break
            yield ports
        finally:
            process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["http", "grpc"])
def test_a_real_triton_finds_the_person(
    make: Make, triton: tuple[int, int], walker: Picture, kind: str
) -> None:
    port = triton[0] if kind == "http" else triton[1]

    (found,) = asked(make(server=f"{kind}://127.0.0.1:{port}"), region(walker))

    assert found is not None
    assert found[0].label == "person"


def test_grpc_without_its_package_says_what_to_install(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tritonclient.grpc", None)

    with pytest.raises(Rejected, match=r"pip install 'watchpost\[grpc\]'"):
        make(server="grpc://127.0.0.1:9")


def test_a_served_model_ends_with_its_server(served: Served) -> None:
    with serving(Served(name="other", inputs=[], outputs=[], look=dict)) as other:
        assert other.http != served.http
