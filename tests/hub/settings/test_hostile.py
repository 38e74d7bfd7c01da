"""Files that want memory, time or a crash, and files that were cut off or scrambled."""

import random
import resource
import time

import pytest

from tests.hub.settings.conftest import Desk

_GOOD = {
    "configuration.yaml": """
        hub: {name: Home, time_zone: Europe/Berlin}
        cameras:
          porch:
            platform: lens
            source: !secret porch   # "quoted", 'twice'
            detect: {fps: 5, objects: [person, dog]}
            zones: &zones
              doorstep: {polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 1]], enter_after: 0.4s}
          yard:
            platform: lens
            source: "rtsp://10.0.0.8/sub"
            zones: *zones
        notify:
          phone: {platform: bell}
        automation: !include automations.yaml
        web: {port: !env_var PORT 8080}
        """,
    "automations.yaml": """
        - alias: Someone at the door
          camera: porch
          zone: doorstep
          action: notify.phone
        - alias: A text of several lines
          text: |
            one
              two
          action: camera.snapshot
        """,
    "secrets.yaml": "porch: rtsp://viewer:swordfish@10.0.0.7/sub\n",
}
_NASTY = "\t\n :-[]{}'\"#&*!|>%@`,?\\é\x00\u2028~<=.0a"


def _bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for name, below in zip("bcdefghij", "abcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + below] * 10)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_bomb(), "the configuration holds more than 200,000 values"),
        ("a: " + "[" * 20_000 + "]" * 20_000, "nested more than 60 levels deep"),
        ("[" * 20_000, "nested more than 60 levels deep"),
        ("a: " + "{b: " * 20_000, "nested more than 60 levels deep"),
        ("- " * 20_000 + "x", "nested more than 60 levels deep"),
        ("a: [" + "1," * 400_000 + "]", "the file holds more than 200,000 values"),
        ("a: x" + "x" * (6 * 1024 * 1024), "the file is larger than 5 MB"),
        ("a: &a [*a]", "'*a' refers to no anchor above it"),
    ],
    ids=["anchors", "lists", "open lists", "mappings", "dashes", "values", "megabytes", "itself"],
)
def test_a_bomb_is_refused_quickly_and_with_little_memory(
    desk: Desk, text: str, words: str
) -> None:
    desk.write(text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB
    start = time.process_time()
    document = desk.load({})
    assert [each.words for each in document.problems] == [words]
    assert all(each.place for each in document.problems)
    assert time.process_time() - start < 3  # about 0.3 s on an idle machine
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_anchors_that_nest_each_other_are_counted_in_depth(desk: Desk) -> None:
    deep = "a0: &a0 " + "[" * 30 + "]" * 30 + "\n"
    chain = "".join(f"a{i}: &a{i} {'[' * 30}*a{i - 1}{']' * 30}\n" for i in range(1, 40))
    document = desk.load(deep + chain)
    assert [each.words for each in document.problems] == ["nested more than 60 levels deep"]


def test_the_good_one_is_good(desk: Desk) -> None:
    settings = desk.open(_GOOD)
    assert desk.lines(settings) == []
    assert settings.left_out == ()
    assert set(settings.cameras) == {"porch", "yard"}


@pytest.mark.parametrize("seed", range(100))
def test_whatever_is_done_to_a_file_it_is_read_or_explained(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    desk.write(_GOOD)
    path = desk.folder / dice.choice(["configuration.yaml", "configuration.yaml", *_GOOD])
    path.write_text(_mutated(path.read_text(), dice), newline="")
    settings = desk.open({})
    assert all(each.place and each.place.line > 0 for each in settings.problems)
    assert all(each.words and "swordfish" not in str(each) for each in settings.problems)
    assert bool(settings.left_out) <= bool(settings.problems)


def _mutated(text: str, dice: random.Random) -> str:
    for _ in range(dice.choice([1, 1, 2, 5])):
        at = dice.randrange(len(text) + 1)
        end = min(len(text), at + dice.choice([0, 1, 3, 30]))
        match dice.randrange(4):
            case 0:
                text = text[:at]
            case 1:
                text = text[:at] + text[end:]
            case 2:
                text = text[:at] + dice.choice(_NASTY) * dice.choice([1, 1, 3]) + text[end:]
            case _:
                text = text[:at] + text[dice.randrange(len(text) + 1) :][:20] + text[at:]
    return text
