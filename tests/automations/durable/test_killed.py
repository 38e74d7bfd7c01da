"""The hub is killed while automations wait; it goes on with each as somebody would expect."""

import json
import time
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.end_to_end.product import Product, kill, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.xdist_group("product")]

AUTOMATIONS = """\
- alias: Delay
  triggers: []
  actions:
    - &begins {event: mark, event_data: {of: "{{ this.entity_id }}", at: begins}}
    - delay: 5s
    - {event: mark, event_data: {of: "{{ this.entity_id }}", at: "after {{ word }}"}}
- alias: Template
  triggers: []
  actions:
    - *begins
    - {wait_template: "{{ is_state('automation.other', 'off') }}", timeout: 60}
    - &waited {event: mark, event_data: {of: "{{ this.entity_id }}", at: "{{ wait.completed }}"}}
- alias: Trigger
  triggers: []
  actions:
    - *begins
    - wait_for_trigger: {trigger: event, event_type: go}
      timeout: 60
    - *waited
- alias: Too late
  triggers: []
  actions:
    - *begins
    - {wait_template: "{{ false }}", timeout: 5}
    - *waited
- alias: Held
  triggers: {trigger: state, entity_id: automation.switch, to: "off", for: 6s}
  actions: {event: mark, event_data: {of: "{{ this.entity_id }}", at: "{{ trigger.for }}"}}
- alias: Queue
  mode: queued
  triggers: []
  actions:
    - {event: mark, event_data: {of: "{{ this.entity_id }}", at: "begins {{ word }}"}}
    - delay: 2s
    - {event: mark, event_data: {of: "{{ this.entity_id }}", at: "ends {{ word }}"}}
- alias: Repeat
  triggers: []
  actions:
    repeat:
      for_each: [a, b, c]
      sequence:
        - {event: mark, event_data: {of: "{{ this.entity_id }}", at: "{{ repeat.item }}"}}
        - delay: 2s
- alias: Parallel
  triggers: []
  actions:
    - parallel:
        - [{delay: 4s}, {event: mark, event_data: {of: "{{ this.entity_id }}", at: four}}]
        - [{delay: 5s}, {event: mark, event_data: {of: "{{ this.entity_id }}", at: five}}]
        - {event: mark, event_data: {of: "{{ this.entity_id }}", at: at once}}
    - {event: mark, event_data: {of: "{{ this.entity_id }}", at: all}}
- alias: Choice
  triggers: []
  actions:
    choose:
      - conditions: "{{ word == 'left' }}"
        sequence: {event: mark, event_data: {of: "{{ this.entity_id }}", at: left}}
      - conditions: "{{ word == 'right' }}"
        sequence:
          - *begins
          - variables: {word: left}
          - delay: 5s
          - {event: mark, event_data: {of: "{{ this.entity_id }}", at: right}}
- alias: Switch
  triggers: []
  actions: []
- alias: Other
  triggers: []
  actions: []
- alias: Go
  triggers: []
  actions: {event: go}
"""
WAITING = ("delay", "template", "trigger", "too_late", "repeat", "parallel", "choice")


def call(product: Product, action: str, entity: str, **data: object) -> None:
    """Call an action on an automation as the page does."""
    body = json.dumps({"entity_id": f"automation.{entity}", **data}).encode()
    address = f"http://127.0.0.1:{product.port}/api/actions/automation.{action}"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own
        assert answer.status == 200


def marks(product: Product) -> dict[str, list[object]]:
    """Return what each automation did, in order."""
    found: dict[str, list[object]] = {}
    for each in product.events("event.fired"):
        if each["name"] == "mark":
            what: Mapping[str, Any] = each["data"]
            found.setdefault(what["of"].partition(".")[2], []).append(what["at"])
    return found


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[object]]]:
    """What each automation did in all, when the hub was killed while all of them waited."""
    house = tmp_path_factory.mktemp("house")
    (house / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    (house / "automations.yaml").write_text(AUTOMATIONS)
    with Product(house) as product:
        product.event("hub.started")
        for each in WAITING:
            word = "right" if each == "choice" else "rest"
            call(product, "trigger", each, variables={"word": word})
        for word in ("one", "two", "three"):
            call(product, "trigger", "queue", variables={"word": word})
        began = {"delay", "template", "trigger", "too_late", "queue", "repeat", "parallel"}
        wait_for("beginnings", lambda: began <= marks(product).keys())
        call(product, "turn_off", "switch")
        time.sleep(1)  # until the journal has it
        last = product.events()[-1]["sequence"]
        assert product.process
        kill(product.process.pid)
        product.process.wait()
    with Product(house) as product:
        product.event("hub.started", after=last)
        call(product, "trigger", "go")
        call(product, "turn_off", "other")
        wait_for("ends", lambda: "ends three" in marks(product).get("queue", []), 30)
        wait_for("held", lambda: "held" in marks(product), 30)
        time.sleep(1)
        yield marks(product)


@pytest.mark.feature(
    "restart in the middle of a delay", "different", "goes on; Home Assistant loses it"
)
def test_a_delay_goes_on_and_its_variables_are_still_there(after: dict[str, list[object]]) -> None:
    assert after["delay"] == ["begins", "after rest"]


def test_a_wait_for_a_template_goes_on(after: dict[str, list[object]]) -> None:
    assert after["template"] == ["begins", True]


@pytest.mark.feature(
    "restart in the middle of a wait", "different", "goes on; Home Assistant loses it"
)
def test_a_wait_for_a_trigger_goes_on(after: dict[str, list[object]]) -> None:
    assert after["trigger"] == ["begins", True]


def test_a_timeout_that_passed_without_a_hub_has_passed(after: dict[str, list[object]]) -> None:
    assert after["too_late"] == ["begins", False]


@pytest.mark.feature(
    "restart in the middle of a for", "different", "goes on; Home Assistant loses it"
)
def test_what_is_held_for_a_while_goes_on(after: dict[str, list[object]]) -> None:
    assert after["held"] == [6.0]


@pytest.mark.feature(
    "restart with runs in a queue", "different", "goes on; Home Assistant loses it"
)
def test_a_queue_goes_on_in_its_order(after: dict[str, list[object]]) -> None:
    words = ("one", "two", "three")
    assert after["queue"] == [f"{what} {word}" for word in words for what in ("begins", "ends")]


def test_a_repeat_goes_on_with_its_round(after: dict[str, list[object]]) -> None:
    assert after["repeat"] == ["a", "b", "c"]


def test_what_was_done_at_the_same_time_goes_on(after: dict[str, list[object]]) -> None:
    assert after["parallel"] == ["at once", "four", "five", "all"]


def test_a_choice_is_not_made_again(after: dict[str, list[object]]) -> None:
    assert after["choice"] == ["begins", "right"]
