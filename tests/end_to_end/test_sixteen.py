"""The soak in small: counts only, for how long things take is the machine's business."""

from typing import Any

import pytest

from tests.benchmarks.sixteen import soak

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]


def test_four_cameras_lose_no_packet_and_none_is_passed_over_in_silence(data: object) -> None:
    found: dict[str, Any] = soak(4, 16, length=4)
    assert found["packets"]["dropped_at_ingest"] == 0
    assert 0 <= found["packets"]["missing"] <= 8  # FFmpeg's parser holds one picture of each stream
    assert found["packets"]["received"] > 4 * 16 * 10  # of 30 a second, were the machine idle
    assert found["offline"] == 0
    assert found["looks"]["least"] > 0
    assert set(found["looks"]["unexplained"]) <= set(found["shed_seconds"])
