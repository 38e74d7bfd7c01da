"""Addresses, and logins in them."""

import pytest
import voluptuous as vol

from hub.api import schema, with_login

rtsp = schema.address("rtsp", "rtsps")


@pytest.mark.parametrize(
    "given",
    [
        "rtsp://10.0.0.7/x",
        "rtsps://porch.local:322/x?channel=1&subtype=0",
        "rtsp://viewer:s3cret@10.0.0.7:8554/x",
        "rtsp://viewer:p@ss@10.0.0.7/x",
        "rtsp://[fe80::1]:554/x",
    ],
)
def test_an_address_is_taken_as_it_is(given: str) -> None:
    assert rtsp(given) == given


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("http://10.0.0.7/", "begins with rtsp:// or rtsps://, not with 'http'"),
        ("RTSP://10.0.0.7/", "begins with rtsp:// or rtsps://"),
        (" rtsp://10.0.0.7/", "begins with rtsp:// or rtsps://"),
        ("porch.local", "begins with rtsp:// or rtsps://"),
        ("rtsp://10.0.0.7/a b", "no spaces"),
        ("rtsp://10.0.0.7/a\nb", "no spaces"),
        ("rtsp:///x", "names no host"),
        ("rtsp://viewer:a/b@10.0.0.7/x", "names no host"),
        ("rtsp://10.0.0.7:99999/x", "names no host"),
        ("", "expected a text"),
        (5, "expected a text"),
    ],
)
def test_what_is_none_is_explained(given: object, words: str) -> None:
    with pytest.raises(vol.Invalid) as refused:
        rtsp(given)
    assert words in str(refused.value)


@pytest.mark.parametrize("given", ["hunter2:x", "viewer:hunter2@h", "ftps://u:hunter2@h/"])
def test_what_may_be_a_password_is_not_repeated(given: str) -> None:
    with pytest.raises(vol.Invalid) as refused:
        rtsp(given)
    assert "hunter2" not in str(refused.value)


def test_a_login_is_written_so_that_any_character_works() -> None:
    assert with_login("rtsp://10.0.0.7:554/x?y=1", "a@b", "p:/?#%é") == (
        "rtsp://a%40b:p%3A%2F%3F%23%25%C3%A9@10.0.0.7:554/x?y=1"
    )
    assert with_login("rtsp://old:word@h/", "anna", None) == "rtsp://anna@h/"
    assert with_login("rtsp://old:word@h/", None, "x") == "rtsp://old:word@h/"
