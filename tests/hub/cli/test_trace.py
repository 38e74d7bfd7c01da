"""``watchpost trace``: the list, one as a whole, and what it says when there is nothing."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.api import Finding, Trace, TracedStep
from hub.journal import TraceStore
from tests.hub.cli.conftest import run

WHEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
MISS = Trace(
    id="m1",
    kind="miss",
    automation="automation.hall",
    name="Hall",
    time=WHEN,
    trigger="event go",
    conditions=Finding(
        place="conditions",
        words="all of these",
        result=False,
        parts=(
            Finding(place="conditions 1", words="it is noon", result=True),
            Finding(place="conditions 2", words="light.hall is 'off', not 'on'", result=False),
        ),
    ),
    result="missed",
    count=4,
    last=WHEN + timedelta(seconds=5),
)
RUN = Trace(
    id="r1",
    kind="run",
    automation="automation.hall",
    name="Hall",
    time=WHEN + timedelta(seconds=9),
    trigger="event go",
    event=17,
    chain=("Door: person entered doorstep (run d1)",),
    data={"platform": "event", "id": "0"},
    steps=(
        TracedStep(
            place="actions 1 (notify.log)", what="Say [it]", at=0.0, seconds=0.002, result="failed",
            error="no such thing", details={"data": {"message": "[hi]"}, "round": 2},
        ),
    ),
    result="failed",
    error="actions 1 (notify.log): no such thing",
    seconds=0.0021,
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: None) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "configuration.yaml").write_text(
        "hub: {data: data, time_zone: UTC}\ncameras: {porch: {platform: demo}}\n"
    )
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def traced(house: Path) -> Path:
    asyncio.run(TraceStore(house / "data").write((MISS, RUN), ()))
    return house


def test_without_traces_it_says_when_there_will_be_some(house: Path) -> None:
    result = run("trace", "-c", house)
    assert result.exit_code == 1
    assert "appear when a trigger of an automation matches" in result.output


def test_the_list_tells_each_with_its_reason(traced: Path) -> None:
    lines = run("trace", "-c", traced).output.splitlines()
    assert "failed" in lines[1]
    assert "no such thing" in lines[1]
    assert "missed (4 times)" in lines[2]
    assert "event go; but light.hall is 'off', not 'on'" in lines[2]
    assert "it is noon" not in lines[2]


def test_near_misses_alone(traced: Path) -> None:
    output = run("trace", "-c", traced, "--why-not", "hall").output
    assert "m1" in output
    assert "r1" not in output


@pytest.mark.parametrize("which", ["LAST", "r1"])
def test_one_is_told_as_a_whole(traced: Path, which: str) -> None:
    output = run("trace", "-c", traced, which).output
    assert "Hall  failed in 2.1 ms  2026-06-01 12:00:09  r1" in output
    assert "because of event go (event 17)" in output
    assert "because of Door: person entered doorstep (run d1)" in output
    assert "actions 1 (notify.log)  failed 2.0 ms round 2" in output
    assert "Say [it]" in output
    assert 'data: {"message":"[hi]"}' in output
    assert "platform" not in output


def test_conditions_are_told_with_marks(traced: Path) -> None:
    output = run("trace", "-c", traced, "m1").output
    assert "4 times like this, the last at 2026-06-01 12:00:05" in output
    assert "✓ it is noon" in output
    assert "✗ light.hall is 'off', not 'on'" in output


def test_a_wrong_name_is_told_with_the_right_one(traced: Path) -> None:
    result = run("trace", "-c", traced, "automation.hal")
    assert result.exit_code == 1
    assert "Did you mean 'automation.hall'?" in result.output


def test_programs_get_json(traced: Path) -> None:
    lines = run("trace", "-c", traced, "--json").output.splitlines()
    assert [json.loads(each)["id"] for each in lines] == ["r1", "m1"]
    assert json.loads(run("trace", "-c", traced, "m1", "--json").output)["count"] == 4
