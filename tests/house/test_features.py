"""The table of Home Assistant's features is what the tests show."""

import pytest

from tests.house.features import TABLE, Feature, features, table


def test_the_table_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(features()), (
        "run python -m tests.house.features > docs/home-assistant.md"
    )


@pytest.mark.parametrize(
    "marks",
    [
        [Feature("delay", "supported", "", "a"), Feature("delay", "refused", "", "b")],
        [Feature("delay", "perhaps", "", "a")],
    ],
)
def test_answers_that_contradict_or_are_none_are_told(marks: list[Feature]) -> None:
    with pytest.raises(ValueError, match="delay"):
        table(marks)
