"""Mistakes in YAML are answered in words, before anything connects."""

import pytest
import voluptuous as vol

from hub.api import Known, Problem
from integrations.mqtt import options, topics
from integrations.mqtt.service import MqttService
from integrations.mqtt.trigger import MqttTrigger


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"port": 0}, "expected a number from 1 to 65535, got 0"),
        ({"port": 70000}, "expected a number from 1 to 65535, got 70000"),
        ({"port": "1883"}, "expected a number, got '1883'"),
        ({"host": "mqtt://broker"}, "'mqtt://' does not belong here"),
        ({"host": "broker:1883"}, "give its name or address alone"),
        ({"host": "bro ker"}, "is not a host"),
        ({"protocol": "4"}, "expected one of 3.1.1, 5, got '4'"),
        ({"keepalive": 1}, "expected a number from 2 to 3600"),
        ({"prefix": "home/#"}, "'#' is for subscribing only"),
        ({"password": 1234}, "expected a text, got 1234"),
    ],
)
def test_a_wrong_option_is_explained(given: dict[str, object], words: str) -> None:
    with pytest.raises(vol.MultipleInvalid) as raised:
        vol.Schema(dict(MqttService.SCHEMA))(given)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a/#/b", "'#' may only be the whole last level"),
        ("a/b#", "'#' may only be the whole last level"),
        ("a/b+/c", "'+' has to stand for a whole level"),
        ("a\x00b", "control characters"),
        ("$share/group/a", "shared subscription"),
        (5, "expected a text, got 5"),
    ],
)
def test_a_wrong_topic_of_a_trigger_is_explained(given: object, words: str) -> None:
    with pytest.raises(vol.MultipleInvalid) as raised:
        vol.Schema(dict(MqttTrigger.SCHEMA))({"topic": given})
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("127.0.0.1", 1883, "127.0.0.1:1883")),
        ({"tls": {}}, ("127.0.0.1", 8883, "127.0.0.1:8883")),
        ({"host": "[fe80::1]", "port": 1}, ("fe80::1", 1, "[fe80::1]:1")),
        ({"host": "broker.local"}, ("broker.local", 1883, "broker.local:1883")),
    ],
)
def test_host_and_port_have_sensible_defaults(
    given: dict[str, object], expected: tuple[str, int, str], tmp_path: object
) -> None:
    checked = vol.Schema(dict(MqttService.SCHEMA))(given)
    broker = options.read(checked, "watchpost-test", tmp_path)
    assert (broker.host, broker.port, str(broker)) == expected


def test_a_password_is_not_in_the_representation(tmp_path: object) -> None:
    checked = vol.Schema(dict(MqttService.SCHEMA))({"username": "hub", "password": "c4nary"})
    assert "c4nary" not in repr(options.read(checked, "watchpost-test", tmp_path))


def test_a_password_without_a_username_is_a_problem() -> None:
    assert list(MqttService.check({"password": "x"}, Known())) == [
        Problem(path=("password",), words="a password needs a username", on_key=True)
    ]
    assert list(MqttService.check({"password": "x", "username": "y"}, Known())) == []


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/+", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/", True),
        ("+/+", "/a", True),
        ("+", "/a", False),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/+/c/#", "a/b/c", True),
        ("#", "a/b", True),
        ("#", "$SYS/uptime", False),
        ("+/uptime", "$SYS/uptime", False),
        ("$SYS/#", "$SYS/uptime", True),
    ],
)
def test_patterns_mean_what_the_standard_says(pattern: str, topic: str, expected: bool) -> None:
    assert topics.matches(pattern.split("/"), topic.split("/")) is expected
