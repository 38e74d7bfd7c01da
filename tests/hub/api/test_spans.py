"""Numbers and time spans that are none are refused before they reach arithmetic."""

import math

import pytest
import voluptuous as vol

from hub.api import schema


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("check", [schema.number(), schema.number(0, 5), schema.seconds])
def test_what_is_no_number_is_no_number_within_bounds(
    check: schema.Validator, value: float
) -> None:
    with pytest.raises(vol.Invalid, match="expected a"):
        check(value)


@pytest.mark.parametrize("value", ["9" * 400 + "s", "9" * 5000 + ":00", {"days": math.inf}])
def test_a_span_longer_than_time_is_refused(value: object) -> None:
    with pytest.raises(vol.Invalid, match="expected a"):
        schema.seconds(value)
