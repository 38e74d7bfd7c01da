"""``watchpost backtest``: the journal of a real storage, gone through once more."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.api import (
    AutomationTriggered,
    Box,
    Event,
    EventFired,
    State,
    StateChanged,
    StoredRow,
    ZoneEntered,
)
from hub.app.bare import open_storage
from hub.cli.configuration import configuration
from tests.hub.cli.conftest import run

MAIN = """
hub: {time_zone: UTC, data: data}
cameras:
  porch: {platform: demo, zones: {doorstep: {polygon: [[0, 0], [1, 0], [1, 1]]}}}
input_boolean: {guests: }
automation: !include automations.yaml
"""
AUTOMATIONS = """
- alias: At the door
  triggers: {trigger: zone, camera: porch, zone: doorstep}
  conditions: {condition: state, entity_id: input_boolean.guests, state: "off"}
  actions:
    - {action: notify.log, data: {message: "{{ trigger.object }} {{ trigger.score }}"}}
    - {delay: 60}
    - {action: notify.log, data: {message: later}}
"""
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def house(tmp_path: Path, quiet: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WATCHPOST_OFFLINE", "1")
    monkeypatch.setenv("COLUMNS", "160")
    (tmp_path / "configuration.yaml").write_text(MAIN)
    (tmp_path / "automations.yaml").write_text(AUTOMATIONS)
    (tmp_path / "data").mkdir()
    return tmp_path


def entered(score: float, thing: str = "person") -> ZoneEntered:
    return ZoneEntered(
        camera="porch", zone="doorstep", object=thing, track="t", score=score,
        box=Box(0, 0, 1, 1), captured=NOW, count=1,
    )  # fmt: skip


def guests(now: str, old: str, at: datetime) -> StateChanged:
    def state(word: str) -> State:
        return State(entity="input_boolean.guests", state=word, changed=at, updated=at)

    return StateChanged(entity="input_boolean.guests", old=state(old), new=state(now))


def ran(**more: Any) -> AutomationTriggered:
    return AutomationTriggered(
        automation="automation.at_the_door", name="At the door", trigger="then", run="r",
        source="automation", **more,
    )  # fmt: skip


def past(house: Path, *events: tuple[float, Event]) -> None:
    """Write events into the journal, each so many hours ago."""

    async def write() -> None:
        rows = []
        for number, (hours, event) in enumerate(events, 1):
            time = NOW - timedelta(hours=hours)
            stamped = msgspec.structs.replace(event, sequence=number, time=time)
            body = msgspec.json.encode(stamped)
            rows.append(StoredRow(sequence=number, time=time, type=event.type, body=body))
        async with open_storage(configuration(house)[0]) as storage:
            await storage.append(rows, {})

    asyncio.run(write())


def runs(house: Path, *arguments: object) -> list[dict[str, Any]]:
    result = run("backtest", "-c", house, "--json", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_would_have_run_stands_beside_what_did(house: Path) -> None:
    past(
        house,
        (5.0, entered(0.7)),
        (5.0, ran(cause=1)),
        (4.0, ran()),
        (3.0, entered(0.9, "dog")),
    )
    found = runs(house)
    assert [each["kind"] for each in found] == ["same", "gone", "new"]
    first = found[0]["now"]
    assert first["trigger"] == "person entered doorstep of porch"
    assert [each["data"]["message"] for each in first["actions"]] == ["person 0.7", "later"]
    assert found[1]["now"] is None
    assert found[2]["now"]["actions"][0]["data"] == {"message": "dog 0.9"}


def test_states_are_those_of_then(house: Path) -> None:
    at = NOW - timedelta(hours=4)
    past(
        house,
        (5.0, entered(0.7)),
        (4.0, guests("off", "on", at)),
        (3.0, entered(0.8)),
        (2.0, guests("on", "off", at)),
        (1.0, entered(0.9)),
    )
    (only,) = runs(house)
    assert only["now"]["actions"][0]["data"] == {"message": "person 0.8"}


def test_what_automations_brought_about_is_not_fed_again(house: Path) -> None:
    (house / "automations.yaml").write_text("""
- alias: First
  triggers: {trigger: zone, camera: porch, zone: doorstep}
  actions: [{event: mine}]
- alias: Second
  mode: parallel
  triggers: {trigger: event, event_type: mine}
  actions: []
""")
    past(
        house,
        (3.0, entered(0.7)),
        (3.0, ran(cause=1)),
        (3.0, EventFired(name="mine", source="automation", cause=2)),
        (2.0, EventFired(name="mine", source="telegram")),
    )
    names = [each["now"]["name"] for each in runs(house) if each["now"]]
    assert names == ["First", "Second", "Second"]


def test_another_file_can_be_tried(house: Path) -> None:
    past(house, (3.0, entered(0.7)), (3.0, ran(cause=1)), (2.0, entered(0.4)))
    edited = house / "edited.yaml"
    edited.write_text(AUTOMATIONS.replace("zone: doorstep}", "zone: doorstep, event: leave}"))
    assert [each["kind"] for each in runs(house, edited)] == ["gone"]
    assert [each["kind"] for each in runs(house)] == ["same", "new"]


def test_a_span_can_be_chosen(house: Path) -> None:
    past(house, (50.0, entered(0.5)), (20.0, entered(0.6)), (2.0, entered(0.7)))
    assert len(runs(house)) == 3
    assert len(runs(house, "--since", "1d")) == 2
    day = (NOW - timedelta(hours=30)).isoformat()
    assert len(runs(house, "--since", day, "--until", "10h")) == 1
    assert runs(house, "--automation", "nothing") == []


def test_people_get_a_table(house: Path) -> None:
    past(house, (5.0, entered(0.7)), (5.0, ran(cause=1)), (2.0, entered(0.4)))
    output = run("backtest", "-c", house).stdout
    assert "At the door: 1 same, 1 new" in output
    assert 'notify.log {"message": "person 0.4"}' in output
    assert "3 events gone through." in output


def test_it_gives_the_same_twice(house: Path) -> None:
    past(house, *((40.0 - hour, entered(hour / 50)) for hour in range(39)))
    first, second = (run("backtest", "-c", house, "--json").stdout for _ in range(2))
    assert first == second
    assert first.count("\n") == 39


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "yesterday"), "expected a span such as 7d, or a date and time"),
        (("--since", "1h", "--until", "2h"), "--since has to be before --until"),
        ((), "the journal has no events of that time"),
    ],
)
def test_what_cannot_be_done_is_told(house: Path, arguments: tuple[str, ...], said: str) -> None:
    past(house)
    result = run("backtest", "-c", house, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_file_elsewhere_and_one_with_mistakes_are_refused(house: Path, tmp_path: Path) -> None:
    wrong = house / "wrong.yaml"
    wrong.write_text(AUTOMATIONS.replace("notify.log", "notify.lgo"))
    result = run("backtest", "-c", house, wrong)
    assert result.exit_code == 1
    assert "wrong.yaml:6:" in result.stderr
    assert "Did you mean 'notify.log'?" in result.stderr


def test_a_recording_can_be_reacted_to(folder: Path, clip: Path) -> None:
    file = folder / "configuration.yaml"
    file.write_text(
        file.read_text()
        + """
automation:
  - alias: Seen
    mode: parallel
    triggers: {trigger: zone, camera: porch, zone: all, object: person}
    conditions: {condition: zone, camera: porch, zone: all, above: 0}
    actions: [{action: notify.log, data: {message: "{{ trigger.camera }} {{ trigger.count }}"}}]
"""
    )
    result = run("backtest", "-c", folder, "--footage", clip, "--camera", "porch", "--json")
    assert result.exit_code == 0, result.output
    (only,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert only["kind"] == "new"
    assert only["now"]["actions"][0]["data"] == {"message": "porch 1"}
    again = run("backtest", "-c", folder, "--footage", clip, "--camera", "porch", "--json")
    assert again.stdout == result.stdout
