"""Broken files of every kind: each is told where it is, in the user's words, with a remedy.

Beside each file in ``broken/`` stands what ``watchpost check`` says of it: ``line:column`` of that
file, whether it is an error, the words, and what to do. ``python -m tests.automations.test_broken``
writes them anew, to be reviewed.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.cli import main

BROKEN = Path(__file__).parent / "broken"
HOME = BROKEN / "configuration.yaml"
FILES = sorted(each for each in BROKEN.glob("*.yaml") if each != HOME)
NAMES = [each.stem for each in FILES]
ERRORS = [each for each in FILES if not each.stem.startswith("warning_")]
WARNINGS = [each for each in FILES if each.stem.startswith("warning_")]


def furnish(folder: Path, file: Path) -> Path:
    """Make a configuration folder around a broken file."""
    shutil.copy(HOME, folder / "configuration.yaml")
    shutil.copy(file, folder / "automations.yaml")
    return folder


def told(folder: Path) -> list[str]:
    """Return what is said: ``line:column: severity: words. hint``; the exit code agrees."""
    result = CliRunner().invoke(main, ["check", "-c", str(folder), "--json"])
    answer = json.loads(result.output)
    assert result.exit_code == (1 if answer["errors"] else 0), result.output
    return [
        f"{Path(each['file']).name}:{each['line']}:{each['column']}: {each['severity']}: "
        f"{each['words']}{'. ' + each['hint'] if each['hint'] else ''}".replace(str(folder), "HOME")
        for each in answer["problems"]
    ]


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_broken_file_is_told_of(file: Path, tmp_path: Path) -> None:
    expected = file.with_suffix(".txt").read_text().splitlines()
    assert told(furnish(tmp_path, file)) == expected
    assert expected


@pytest.mark.parametrize("file", ERRORS, ids=[each.stem for each in ERRORS])
def test_an_error_names_the_very_file_and_leaves_something_out(file: Path, tmp_path: Path) -> None:
    assert any(each.startswith("automations.yaml:") for each in told(furnish(tmp_path, file)))


@pytest.mark.parametrize("file", WARNINGS, ids=[each.stem for each in WARNINGS])
def test_a_warning_keeps_everything(file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", "-c", str(furnish(tmp_path, file))])
    assert (result.exit_code, "OK (1 warning)" in result.output) == (0, True), result.output


@pytest.mark.parametrize("file", ERRORS[::6], ids=[each.stem for each in ERRORS[::6]])
def test_the_command_itself_fails_and_says_so(file: Path, tmp_path: Path) -> None:
    furnish(tmp_path, file)
    command = [str(Path(sys.executable).with_name("watchpost")), "check", "-c", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stdout
    assert f"{tmp_path}/automations.yaml:" in done.stdout
    assert ": error: " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_there_are_many_kinds() -> None:
    assert len(ERRORS) >= 40
    assert len(WARNINGS) >= 20


def write() -> None:
    """Write what is said of each file beside it."""
    import tempfile

    for file in FILES:
        with tempfile.TemporaryDirectory() as folder:
            lines = told(furnish(Path(folder), file))
        file.with_suffix(".txt").write_text("".join(f"{each}\n" for each in lines))


if __name__ == "__main__":
    write()
