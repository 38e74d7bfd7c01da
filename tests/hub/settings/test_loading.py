from pathlib import Path

import pytest

from hub.api import Place, Problem
from tests.hub.settings.conftest import Desk


def test_values_come_as_home_assistant_reads_them(desk: Desk) -> None:
    tree = desk.load("""
        truth: [on, off, yes, No, TRUE, false]
        number: [7, -3, 0x1F, 1.5, .5, 1.0e+3]
        nothing: [null, ~, ]
        text: [abc, "on", '5', 10.0.0.7, 1.2.3]
        """).tree
    assert tree["truth"] == [True, False, True, False, True, False]
    assert tree["number"] == [7, -3, 31, 1.5, 0.5, 1000.0]
    assert tree["nothing"] == [None, None]
    assert tree["text"] == ["abc", "on", "5", "10.0.0.7", "1.2.3"]


def test_times_dates_and_pins_stay_texts(desk: Desk) -> None:
    tree = desk.load("""
        at: 12:30
        full: 12:30:00
        date: 2026-11-22
        pin: 0123
        big: 99999999999999999999
        infinite: [.inf, 1.0e+999]
        """).tree
    assert tree["at"] == "12:30"
    assert tree["full"] == "12:30:00"
    assert tree["date"] == "2026-11-22"
    assert tree["pin"] == "0123"
    assert tree["big"] == "99999999999999999999"
    assert tree["infinite"] == [".inf", "1.0e+999"]


def test_keys_stay_as_written(desk: Desk) -> None:
    document = desk.load("on: 1\n1: 2\n'': 3\nyes: {no: 4}\n")
    assert document.tree == {"on": 1, "1": 2, "": 3, "yes": {"no": 4}}
    assert document.problems == ()


def test_anchors_and_merges_work(desk: Desk) -> None:
    tree = desk.load("""
        base: &base {a: 1, b: 2}
        other: &other {b: 3, c: 4}
        one: {<<: *base, b: 9}
        two: {<<: [*base, *other]}
        list: [*base]
        """).tree
    assert tree["one"] == {"b": 9, "a": 1}
    assert tree["two"] == {"a": 1, "b": 2, "c": 4}
    assert tree["list"] == [{"a": 1, "b": 2}]


def test_own_tags_of_yaml_are_understood(desk: Desk) -> None:
    tree = desk.load("a: !!str 5\nb: !!float 5\nc: !!int 7\nd: !!map {}\ne: ! on\n").tree
    assert tree == {"a": "5", "b": 5.0, "c": 7, "d": {}, "e": "on"}


def test_every_value_and_key_has_its_place(desk: Desk) -> None:
    document = desk.load("""
        cameras:
          porch:
            zones: {door: [1, 2]}
        """)
    file = str(desk.folder / "configuration.yaml")
    path = ("cameras", "porch", "zones", "door", 1)
    assert document.places.value(path) == Place(file=file, line=3, column=23)
    assert document.places.key(path[:2]) == Place(file=file, line=2, column=3)
    assert document.places.value((*path, "deeper")) == Place(file=file, line=3, column=23)
    assert document.places.value(("cameras", "yard")) == document.places.key(("cameras",))
    assert document.places.of(Problem(path=path[:2], words="", on_key=True)).line == 2


def test_an_empty_file_is_an_empty_configuration(desk: Desk) -> None:
    document = desk.load("# nothing yet\n")
    assert document.tree == {}
    assert document.problems == ()


def test_a_missing_file_is_said_with_the_folder(desk: Desk) -> None:
    document = desk.load({})
    assert [str(each) for each in document.problems] == [
        (
            f"{desk.folder}/configuration.yaml:1:1: error: there is no configuration.yaml in "
            f"{desk.folder}. Create it, or name another folder: -c FOLDER"
        )
    ]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(desk: Desk) -> None:
    (desk.folder / "configuration.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: x\r\n")
    document = desk.load({})
    assert document.tree == {"a": 1, "b": {"c": "x"}}
    assert document.places.value(("b", "c")).line == 3


def test_secrets_come_from_the_nearest_file_up_to_the_root(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": "a: !secret one\nb: !include deep/part.yaml\n",
            "secrets.yaml": "one: root-value\ntwo: from-root\n",
            "deep/secrets.yaml": "one: deep-value\n",
            "deep/part.yaml": "[!secret one, !secret two]\n",
        }
    )
    assert document.tree == {"a": "root-value", "b": ["deep-value", "from-root"]}
    assert document.secrets == {"root-value", "from-root", "deep-value"}


def test_the_password_of_a_secret_address_is_a_secret_too(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": "a: !secret url\n",
            "secrets.yaml": "url: rtsp://viewer:p%40ss-word@10.0.0.7/sub\n",
        }
    )
    assert {"p%40ss-word", "p@ss-word"} <= document.secrets


def test_secrets_that_everybody_may_read_are_warned_about(desk: Desk) -> None:
    desk.write({"configuration.yaml": "a: !secret one\n", "secrets.yaml": "one: value\n"})
    (desk.folder / "secrets.yaml").chmod(0o644)
    document = desk.load({})
    assert [each.words for each in document.warnings] == [
        "every user of this machine can read secrets.yaml"
    ]
    assert document.problems == ()


def test_a_broken_secrets_file_is_reported_once_and_not_for_each_secret(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": "a: !secret one\nb: !secret two\n",
            "secrets.yaml": "just a sentence\n",
        }
    )
    assert desk.lines(document) == ["secrets.yaml:1:1: error: secrets are lines of 'name: value'"]
    assert document.wounds == (("a",), ("b",))


def test_environment_variables_are_read_with_a_default(desk: Desk) -> None:
    document = desk.load(
        "a: !env_var HOST\nb: !env_var PORT 8080\nc: !env_var WORDS two words\n",
        {"HOST": "10.0.0.9"},
    )
    assert document.tree == {"a": "10.0.0.9", "b": 8080, "c": "two words"}


@pytest.mark.parametrize(
    ("tag", "files", "expected"),
    [
        (
            "!include part.yaml",
            {"part.yaml": "a: 1\n"},
            {"a": 1},
        ),
        ("!include empty.yaml", {"empty.yaml": ""}, None),
        (
            "!include_dir_list parts",
            {
                "parts/b.yaml": "second",
                "parts/a.yaml": "first",
                "parts/sub/c.yaml": "third",
                "parts/.hidden.yaml": "no",
                "parts/.git/x.yaml": "no",
                "parts/empty.yaml": "",
                "parts/notes.txt": "no",
                "parts/secrets.yaml": "x: y",
            },
            ["first", "second", "third"],
        ),
        (
            "!include_dir_named parts",
            {"parts/b.yaml": "x: 2", "parts/a.yaml": "x: 1", "parts/sub/c.yaml": "x: 3"},
            {"a": {"x": 1}, "b": {"x": 2}, "c": {"x": 3}},
        ),
        (
            "!include_dir_merge_list parts",
            {"parts/b.yaml": "[3]", "parts/a.yaml": "[1, 2]", "parts/c.yaml": ""},
            [1, 2, 3],
        ),
        (
            "!include_dir_merge_named parts",
            {"parts/a.yaml": "x: 1", "parts/sub/b.yaml": "y: 2"},
            {"x": 1, "y": 2},
        ),
    ],
)
def test_files_are_included(desk: Desk, tag: str, files: dict[str, str], expected: object) -> None:
    document = desk.load({"configuration.yaml": f"key: {tag}\n", **files})
    assert document.problems == ()
    assert document.tree == {"key": expected}


def test_included_content_is_placed_in_its_own_file(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": "key: !include_dir_merge_named parts\n",
            "parts/a.yaml": "# first\nx:\n  y: 1\n",
        }
    )
    place = document.places.value(("key", "x", "y"))
    assert str(place) == f"{desk.folder}/parts/a.yaml:3:6"
    assert str(document.places.key(("key", "x"))) == f"{desk.folder}/parts/a.yaml:2:1"
    assert document.places.key(("key",)).file == f"{desk.folder}/configuration.yaml"


def test_includes_are_relative_to_the_file_they_stand_in(desk: Desk) -> None:
    document = desk.load(
        {
            "configuration.yaml": "a: !include deep/one.yaml\n",
            "deep/one.yaml": "b: !include two.yaml\nc: !include ../three.yaml\n",
            "deep/two.yaml": "2",
            "three.yaml": "3",
        }
    )
    assert document.tree == {"a": {"b": 2, "c": 3}}
    assert [each.name for each in document.files] == [
        "configuration.yaml",
        "one.yaml",
        "two.yaml",
        "three.yaml",
    ]


def test_one_file_may_be_included_twice(desk: Desk) -> None:
    document = desk.load(
        {"configuration.yaml": "a: !include x.yaml\nb: !include x.yaml\n", "x.yaml": "1"}
    )
    assert document.tree == {"a": 1, "b": 1}
    assert document.problems == ()


def test_nothing_outside_the_folder_is_read(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    outside.write_text("a: stolen\n")
    (desk.folder / "link.yaml").symlink_to(outside)
    (desk.folder / "folder").mkdir()
    (desk.folder / "folder" / "link.yaml").symlink_to(outside)
    document = desk.load(
        f"""
        a: !include ../{outside.parent.name}/x.yaml
        b: !include {outside}
        c: !include link.yaml
        d: !include_dir_list folder
        e: !include_dir_list ..
        f: !include /etc/passwd
        """
    )
    assert "stolen" not in str(document.tree)
    assert [each.place.line for each in document.problems if each.place] == [1, 2, 3, 4, 5, 6]
    assert all("outside the configuration folder" in each.words for each in document.problems)


def test_a_link_that_stays_inside_is_fine(desk: Desk) -> None:
    desk.write({"real.yaml": "1"})
    (desk.folder / "link.yaml").symlink_to(desk.folder / "real.yaml")
    assert desk.load("a: !include link.yaml\n").tree == {"a": 1}


def test_a_configuration_folder_may_itself_be_a_link(desk: Desk, tmp_path: Path) -> None:
    from hub.settings import load

    desk.write({"configuration.yaml": "a: !include b.yaml\n", "b.yaml": "1"})
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    document = load(link, {})
    assert document.tree == {"a": 1}
    assert document.places.value(("a",)).file == f"{link}/b.yaml"


def test_an_option_is_set_from_outside(desk: Desk) -> None:
    document = desk.load(
        """
        cameras:
          porch: {detect: {fps: 5}}
        automation: [{alias: a}, {alias: b}]
        """,
        {
            "WATCHPOST__CAMERAS__PORCH__DETECT__FPS": "10",
            "WATCHPOST__CAMERAS__YARD": "{platform: lens}",
            "WATCHPOST__AUTOMATION__1__ALIAS": "c",
            "WATCHPOST__WEB__PORT": "0",
            "WATCHPOST_MODELS": "/somewhere",
            "WATCHPOST_OFFLINE": "1",
        },
    )
    assert document.tree == {
        "cameras": {"porch": {"detect": {"fps": 10}}, "yard": {"platform": "lens"}},
        "automation": [{"alias": "a"}, {"alias": "c"}],
        "web": {"port": 0},
    }
    place = document.places.value(("cameras", "porch", "detect", "fps"))
    assert str(place) == "environment:WATCHPOST__CAMERAS__PORCH__DETECT__FPS:1:1"


def test_an_override_that_leads_nowhere_is_an_error(desk: Desk) -> None:
    document = desk.load(
        "automation: [a]\nhub: {name: x}\n",
        {
            "WATCHPOST__AUTOMATION__7": "1",
            "WATCHPOST__HUB__NAME__FIRST": "1",
            "WATCHPOST__HUB____NAME": "1",
            "WATCHPOST__WEB": "[1",
        },
    )
    assert desk.lines(document) == [
        (
            "environment:WATCHPOST__AUTOMATION__7:1:1: error: "
            "there is no '7': the configuration has a list of 1 here"
        ),
        (
            "environment:WATCHPOST__HUB__NAME__FIRST:1:1: error: "
            "there is no 'first': the configuration has a single value here"
        ),
        (
            "environment:WATCHPOST__HUB____NAME:1:1: error: "
            "'__' stands between the keys of an option, one is empty"
        ),
        (
            "environment:WATCHPOST__WEB:1:1: error: "
            "this '[' is never closed, or a comma is missing in it"
        ),
    ]
