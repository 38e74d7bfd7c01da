"""Packages: what belongs together in a file of its own, put together with the rest."""

import pytest

from tests.hub.settings.conftest import Desk

MAIN = """
hub:
  name: Home
  packages: !include_dir_named packages
automation: [{alias: One}]
notify:
  first: {platform: log}
"""


@pytest.mark.feature("packages", "supported", "below hub:")
def test_lists_and_mappings_are_put_together(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": MAIN,
            "packages/laundry.yaml": "automation: [{alias: Two}]\ntimer: {laundry: }\n",
            "packages/phone.yaml": "automation: {alias: Three}\nnotify: {b: {platform: log}}\n",
            "packages/empty.yaml": "",
        }
    )
    assert document.tree == {
        "hub": {"name": "Home"},
        "automation": [{"alias": "One"}, {"alias": "Two"}, {"alias": "Three"}],
        "notify": {"first": {"platform": "log"}, "b": {"platform": "log"}},
        "timer": {"laundry": None},
    }
    assert desk.lines(document) == []


def test_packages_can_stand_in_the_main_file(desk: Desk) -> None:
    document = desk.load("hub: {packages: {a: {timer: {x: }}, b: {timer: {y: }}}}\n")
    assert document.tree == {"hub": {}, "timer": {"x": None, "y": None}}


def test_mistakes_in_a_package_are_told_in_its_file(desk: Desk) -> None:
    found = desk.open(
        {
            "configuration.yaml": MAIN.replace("automation: [{alias: One}]\n", ""),
            "packages/cameras.yaml": "cameras:\n  porch: {platform: rstp}\n",
        }
    )
    assert any(each.startswith("packages/cameras.yaml:2:") for each in desk.lines(found))


def test_the_same_name_twice_is_told_with_both_places(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": MAIN,
            "packages/phone.yaml": "notify:\n  first: {platform: other}\n",
        }
    )
    (line,) = desk.lines(document)
    assert line.startswith("packages/phone.yaml:2:3: error: 'first' of 'notify' is there already")
    assert "configuration.yaml:6:3" in line
    assert document.tree["notify"] == {"first": {"platform": "log"}}


def test_what_is_no_package_is_told(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": MAIN,
            "packages/hub.yaml": "hub: {name: Other}\n",
            "packages/list.yaml": "- 1\n",
            "packages/text.yaml": "notify: yes\n",
        }
    )
    said = desk.lines(document)
    assert "packages/hub.yaml:1:1: error: a package cannot have a section 'hub'" in said[0]
    assert "packages/list.yaml:1:1: error: expected the package 'list' to hold sections" in said[1]
    assert "packages/text.yaml:1:9: error: 'notify' is there already" in said[2]
    (line,) = desk.lines(desk.load("hub: {packages: [a]}\n"))
    assert "expected packages by name. Write: packages: !include_dir_named packages" in line
