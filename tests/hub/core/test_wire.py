import asyncio
import random
import socket

import pytest
from msgspec import Struct

from hub.api import StreamFormat
from hub.core.stream import StreamEnd, StreamMessage, StreamPacket, StreamStart
from hub.core.wire import LIMIT, Channel, Reader, pack


class Word(Struct, frozen=True, tag="word"):
    text: str


class Number(Struct, frozen=True, tag="number"):
    value: int


def test_messages_arrive_whole_however_the_bytes_are_cut() -> None:
    chance = random.Random(7)  # noqa: S311
    messages = [
        Word("x" * chance.choice([0, 1, 31, 32, 255, 70_000]))
        if chance.random() < 0.5
        else Number(n)
        for n in range(300)
    ]
    stream = b"".join(map(pack, messages))
    for largest in (1, 3, 5, 1000, 100_000, len(stream)):
        reader: Reader[Word | Number] = Reader(Word | Number)
        got: list[object] = []
        at = 0
        while at < len(stream):
            size = chance.randint(1, largest) if largest > 3 or at < 20_000 else 50_000
            got += reader.feed(stream[at : at + size])
            at += size
        assert got == messages


def test_what_a_stream_is_made_of_survives_the_wire() -> None:
    sent: list[StreamMessage] = [
        StreamStart(camera="porch", format=StreamFormat(codec="h264", extradata=b"\x01\x00")),
        StreamPacket(pts=1.5, dts=1.4, captured=2.5, key=True, data=bytes(range(256))),
        StreamEnd(),
    ]
    reader: Reader[StreamMessage] = Reader(StreamMessage)
    assert reader.feed(b"".join(map(pack, sent))) == sent


def test_a_length_over_the_limit_is_refused_before_it_is_waited_for() -> None:
    with pytest.raises(ValueError, match="over the limit"):
        Reader(Word).feed((LIMIT + 1).to_bytes(4, "big"))


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"\x80", b"\xff" * 9, b"\x81\xa4type\xa6strang", pack(Number(1))[4:]]
)
def test_a_message_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's words are its own
        Reader(Word).feed(len(body).to_bytes(4, "big") + body)


def test_random_bytes_are_refused_or_waited_for_but_never_believed() -> None:
    chance = random.Random(11)  # noqa: S311
    for _ in range(2000):
        reader: Reader[Word] = Reader(Word)
        body = chance.randbytes(chance.randint(0, 40))
        try:
            assert reader.feed(len(body).to_bytes(4, "big") + body) == []
        except ValueError:
            continue
        raise AssertionError(f"{body!r} was taken for a message")


def test_a_channel_carries_both_ways_and_ends_with_its_other_end() -> None:
    async def scene() -> None:
        ours, theirs = socket.socketpair()
        one: Channel[Word | Number] = await Channel.over(ours, Word | Number)
        two: Channel[Word | Number] = await Channel.over(theirs, Word | Number)
        one.send(Word("to two"))
        two.send(Number(1))
        two.send(Number(2))
        assert await anext(aiter(two)) == Word("to two")
        two.close()
        assert [each async for each in one] == [Number(1), Number(2)]
        one.send(Word("nobody hears this"))
        one.close()
        one.send(Word("nor this"))

    asyncio.run(scene())


def test_a_reader_that_does_not_read_is_seen_as_backlog() -> None:
    async def scene() -> None:
        ours, theirs = socket.socketpair()
        one: Channel[Word] = await Channel.over(ours, Word)
        for _ in range(50):
            one.send(Word("x" * 100_000))
        assert one.backlog > 1_000_000
        theirs.close()
        assert [each async for each in one] == []
        one.close()

    asyncio.run(scene())
