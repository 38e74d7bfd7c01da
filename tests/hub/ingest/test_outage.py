"""Offline once, online once."""

import logging

import pytest

from hub.api import StreamFormat
from hub.ingest.messages import Offline, Online
from hub.ingest.outage import Outage

FORMAT = StreamFormat(codec="h264", width=640, height=360)
ONLINE = Online(camera="porch", codec="h264", width=640, height=360)


def outage() -> tuple[Outage, list[Online | Offline]]:
    said: list[Online | Offline] = []
    return Outage("porch", said.append), said


def test_online_is_said_once_however_many_packets_come() -> None:
    porch, said = outage()
    for now in range(100):
        porch.over(FORMAT, float(now))
    assert said == [ONLINE]


def test_a_camera_that_was_never_there_is_offline_once() -> None:
    porch, said = outage()
    for _ in range(10):
        porch.failed("nothing answers at 10.0.0.7:554")
    assert said == [Offline(camera="porch", reason="nothing answers at 10.0.0.7:554")]


def test_a_connection_that_is_back_within_three_seconds_is_only_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    porch, said = outage()
    porch.over(FORMAT, 0.0)
    porch.lost("closed the connection", since=10.0, now=10.0)
    porch.waited(12.9)
    porch.over(FORMAT, 12.9)
    porch.waited(20.0)
    assert said == [ONLINE]
    assert [each.getMessage() for each in caplog.records] == [
        "Camera porch: closed the connection; back after 2.9 s"
    ]


def test_a_connection_that_is_lost_for_longer_is_offline_once_and_online_once() -> None:
    porch, said = outage()
    porch.over(FORMAT, 0.0)
    porch.lost("closed the connection", since=10.0, now=10.0)
    for now in (11.0, 12.0, 13.0, 14.0, 15.0):
        porch.waited(now)
    porch.failed("nothing answers at 10.0.0.7:554")
    porch.over(FORMAT, 20.0)
    assert said == [ONLINE, Offline(camera="porch", reason="closed the connection"), ONLINE]


def test_the_first_attempt_to_reconnect_that_fails_says_offline_and_why() -> None:
    porch, said = outage()
    porch.over(FORMAT, 0.0)
    porch.lost("closed the connection", since=10.0, now=10.0)
    porch.failed("nothing answers at 10.0.0.7:554")
    porch.waited(20.0)
    assert said[1:] == [Offline(camera="porch", reason="nothing answers at 10.0.0.7:554")]


def test_a_connection_that_was_silent_for_long_is_offline_at_once() -> None:
    porch, said = outage()
    porch.over(FORMAT, 0.0)
    porch.lost("it stopped sending", since=10.0, now=16.0)
    assert said[1:] == [Offline(camera="porch", reason="it stopped sending")]


def test_another_reason_in_the_same_outage_is_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    porch, said = outage()
    porch.failed("nothing answers at 10.0.0.7:554")
    porch.failed("wrong password")
    porch.failed("wrong password")
    assert len(said) == 1
    assert [each.getMessage() for each in caplog.records] == [
        "Camera porch is still offline: wrong password"
    ]
