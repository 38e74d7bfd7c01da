"""Numbers of bytes as people write them."""

import pytest
import voluptuous as vol

from hub.api import schema


@pytest.mark.parametrize(
    ("given", "bytes_"),
    [
        ("1GB", 10**9),
        ("1 gb", 10**9),
        ("500MB", 500_000_000),
        ("1.5 GB", 1_500_000_000),
        ("2GiB", 2 * 2**30),
        ("1 KiB", 1024),
        ("1TiB", 2**40),
        ("3TB", 3 * 10**12),
        ("64KB", 64_000),
        ("7B", 7),
        ("1234", 1234),
        (1234, 1234),
        (0, 0),
    ],
)
def test_bytes_are_counted_as_they_are_written(given: object, bytes_: int) -> None:
    assert schema.amount(given) == bytes_


@pytest.mark.parametrize(
    "given",
    [
        "", "GB", "plenty", "1 XB", "-1GB", "1e9", "1,5GB", "1GBit", "1 G", "9" * 400 + "GB",
        "999999999TB", -1, 1.5, True, None, [], {}, 10**19,
    ],
)  # fmt: skip
def test_what_is_no_number_of_bytes_is_refused(given: object) -> None:
    with pytest.raises(vol.Invalid, match="expected a number of bytes such as 500MB"):
        schema.amount(given)


def test_it_says_what_it_takes() -> None:
    assert schema.shape(schema.amount) == {"type": ["string", "integer"], "title": "bytes"}
