"""The detect stream survives a vision worker that is late, slow, or dies."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from hub.api import StreamFormat
from hub.core.stream import StreamEnd, StreamPacket, StreamStart
from hub.ingest.outlet import KEPT_BYTES, KEPT_PACKETS, Outlet
from tests.hub.ingest.harness import Ear

FORMAT = StreamFormat(codec="h264", width=320, height=240)
START = StreamStart(camera="porch", format=FORMAT)


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear().start()
    yield ear
    ear.stop()


def packet(number: int, *, key: bool = False, size: int = 100) -> StreamPacket:
    return StreamPacket(
        pts=number / 25, dts=number / 25, captured=number / 25, key=key, data=bytes(size)
    )


def later(flush: Callable[[], bool]) -> None:
    def repeat() -> None:
        while flush():
            time.sleep(0.005)

    threading.Thread(target=repeat, daemon=True).start()


def outlet(ear: Ear, *, patient: bool = False) -> Outlet:
    made = Outlet("porch", ear.path, later, patient=patient)
    made.begin(FORMAT)
    return made


def test_packets_arrive_as_they_were_after_the_format(ear: Ear) -> None:
    out = outlet(ear)
    packets = [packet(n, key=n == 0, size=50_000) for n in range(50)]
    for each in packets:
        out.take(each)
    heard = ear.last()
    assert heard.wait(StreamPacket, 50) == packets
    assert heard.seen() == [START]
    out.close()
    heard.wait(StreamEnd)
    assert out.dropped == 0


def test_a_worker_that_comes_late_gets_everything_since_the_last_key_frame(ear: Ear) -> None:
    ear.stop()
    out = outlet(ear)
    for number in range(60):
        out.take(packet(number, key=number % 25 == 0))
    ear.start()
    time.sleep(0.25)
    out.take(packet(60))
    heard = ear.last().wait(StreamPacket, 11)
    assert [round(each.pts * 25) for each in heard] == list(range(50, 61))
    assert ear.last().messages[0] == START
    out.close()


def test_a_worker_that_starts_again_gets_the_format_and_a_key_frame_first(ear: Ear) -> None:
    out = outlet(ear)
    for number in range(30):
        out.take(packet(number, key=number % 25 == 0))
    ear.last().wait(StreamPacket, 30)
    ear.stop()
    ear.start()
    for number in range(30, 50):
        out.take(packet(number))
        time.sleep(0.02)
    heard = ear.last(2)
    first = heard.wait(StreamPacket, 6)[0]
    assert heard.messages[0] == START
    assert first.key
    assert round(first.pts * 25) == 25
    out.close()


def test_a_worker_that_does_not_listen_never_holds_the_camera_up(ear: Ear) -> None:
    ear.deaf = True
    out = outlet(ear)
    slowest = 0.0
    for number in range(1000):
        began = time.monotonic()
        out.take(packet(number, key=number % 25 == 0, size=30_000))
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 0.2
    assert out.dropped > 1000 - KEPT_BYTES * 1.3 / 30_000 - 50
    ear.deaf = False
    for number in range(1000, 1100):
        out.take(packet(number, key=number % 25 == 0, size=30_000))
        time.sleep(0.005)
    heard = ear.last()
    heard.wait(StreamPacket, 100)
    assert_decodable(heard.messages)
    assert heard.of(StreamPacket)[-1].pts == 1099 / 25
    out.close()


def assert_decodable(messages: list[object]) -> None:
    """Without a new start, no packet may be missing between key frames."""
    expected = None
    for each in messages:
        if isinstance(each, StreamStart):
            expected = "key"
        elif isinstance(each, StreamPacket):
            number = round(each.pts * 25)
            assert each.key if expected == "key" else number == expected, number
            expected = number + 1


def test_a_patient_outlet_loses_nothing_to_a_slow_worker(ear: Ear) -> None:
    ear.deaf = True
    out = outlet(ear, patient=True)
    packets = [packet(n, key=n % 25 == 0, size=30_000) for n in range(400)]
    sender = threading.Thread(target=lambda: [out.take(each) for each in packets])
    sender.start()
    sender.join(0.3)
    assert sender.is_alive()
    ear.deaf = False
    sender.join(10)
    assert ear.last().wait(StreamPacket, 400) == packets
    assert out.dropped == 0
    out.close()


def test_a_patient_outlet_waits_for_a_worker_that_is_not_there_yet(ear: Ear) -> None:
    ear.stop()
    out = outlet(ear, patient=True)
    packets = [packet(n, key=n == 0) for n in range(10)]
    sender = threading.Thread(target=lambda: [out.take(each) for each in packets])
    sender.start()
    sender.join(0.3)
    assert sender.is_alive()
    ear.start()
    sender.join(10)
    assert ear.last().wait(StreamPacket, 10) == packets
    out.close()


def test_closing_frees_a_patient_outlet(ear: Ear) -> None:
    ear.stop()
    out = outlet(ear, patient=True)
    sender = threading.Thread(target=lambda: out.take(packet(0, key=True)))
    sender.start()
    out.close()
    sender.join(2)
    assert not sender.is_alive()


def test_an_endless_distance_between_key_frames_does_not_fill_the_memory(ear: Ear) -> None:
    ear.stop()
    out = outlet(ear)
    out.take(packet(0, key=True))
    for number in range(1, 2 * KEPT_PACKETS):
        out.take(packet(number, size=100_000))
    ear.start()
    time.sleep(0.25)
    out.take(packet(9999))
    out.take(packet(10_000, key=True))
    heard = ear.last()
    assert [each.key for each in heard.wait(StreamPacket)] == [True]
    assert heard.messages[0] == START
    out.close()


def test_a_camera_that_goes_offline_is_said_to_have_ended(ear: Ear) -> None:
    out = outlet(ear)
    out.take(packet(0, key=True))
    out.end()
    out.take(packet(1))
    out.begin(FORMAT)
    out.take(packet(2, key=True))
    heard = ear.last()
    heard.wait(StreamPacket, 2)
    assert [type(each) for each in heard.messages] == [
        StreamStart, StreamPacket, StreamEnd, StreamStart, StreamPacket,
    ]  # fmt: skip
    out.close()
