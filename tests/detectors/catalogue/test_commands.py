"""``watchpost models`` as somebody types it."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detectors.catalogue import hub_commands
from detectors.catalogue.commands import models
from detectors.catalogue.entries import entry, read
from tests.detectors.catalogue.conftest import Shelf

NANO, SMALL = entry("yolox_nano"), entry("yolox_nano_fp16")
FACES = entry("face_retail_0004")
FACES_FOLDER = "models/omz/face-detection-retail-0004/FP16"
# The same group in a process of its own, with the names looked up by whatever PRELUDE leaves.
ALONE = (
    "{prelude}\nimport sys\nfrom detectors.catalogue.commands import models\nmodels(sys.argv[1:])"
)


def run(*words: str) -> Result:
    return CliRunner().invoke(models, words)


def begin(words: Sequence[str], prelude: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ALONE.format(prelude=prelude), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )


def test_hub_commands_offers_models() -> None:
    assert list(hub_commands()) == [models]


def test_list_says_what_is_here(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", str(data / "models"))
    listed = json.loads(run("list", "--json").stdout)
    assert [each["name"] for each in listed] == list(read())
    assert listed[0]["state"] == "ready"
    assert listed[0]["path"] == str(data / "models" / NANO.file)
    assert listed[0]["sha256"] == NANO.sha256


def test_list_is_a_table_for_people() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "yolox_nano" in result.stdout
    assert "absent" in result.stdout


def test_pull_fetches_several(shelf: Shelf, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("plain"))
    result = run("pull", NANO.name, SMALL.name, NANO.name, "--json")
    assert result.exit_code == 0
    assert [(each["name"], each["state"]) for each in json.loads(result.stdout)] == [
        (NANO.name, "ready"),
        (SMALL.name, "ready"),
    ]
    assert (cache / SMALL.file).stat().st_size == SMALL.bytes


def test_pull_all_fetches_the_catalogue(
    shelf: Shelf, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("plain"))
    assert run("pull", "--all").exit_code == 0
    assert {each.file for each in read().values()} <= {path.name for path in cache.iterdir()}


def test_one_that_cannot_be_had_fails_the_command_only(
    shelf: Shelf, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.folder = tmp_path
    (tmp_path / SMALL.file).write_bytes(bytes(SMALL.bytes))
    cache.mkdir(parents=True)
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("wrong"))

    result = run("pull", SMALL.name)

    assert result.exit_code == 1
    assert "is not the file of the catalogue" in result.stderr
    assert not (cache / SMALL.file).exists()


def test_pull_wants_names_or_all() -> None:
    assert run("pull").exit_code == 2
    assert run("pull", NANO.name, "--all").exit_code == 2


def test_an_unknown_name_is_explained() -> None:
    result = run("pull", "yolox_nan")
    assert result.exit_code == 2
    assert "Did you mean 'yolox_nano'?" in result.stderr


@pytest.mark.parametrize("yes", ["1", "true", "YES"])
def test_offline_pull_says_what_to_do(
    shelf: Shelf, yes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHPOST_OFFLINE", yes)
    result = run("pull", NANO.name)
    assert result.exit_code == 1
    assert f"Put {NANO.file} (sha256 {NANO.sha256})" in result.stderr


def test_verify_passes_what_is_right(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", str(data / "models"))
    assert run("verify").exit_code == 0
    assert run("verify", NANO.name).exit_code == 0


def test_verify_finds_what_is_damaged(cache: Path, data: Path) -> None:
    cache.mkdir(parents=True)
    shutil.copyfile(data / "models" / NANO.file, cache / NANO.file)
    with (cache / NANO.file).open("r+b") as file:
        file.seek(1000)
        file.write(b"\0damage")
    result = run("verify", "--json")
    assert result.exit_code == 1
    states = {each["name"]: each["state"] for each in json.loads(result.stdout)}
    assert states == {**dict.fromkeys(read(), "absent"), NANO.name: "damaged"}


@pytest.mark.parametrize("wrong", [0, 1])
def test_verify_looks_at_every_file_of_a_model(cache: Path, data: Path, wrong: int) -> None:
    cache.mkdir(parents=True)
    for each in FACES.files:
        shutil.copyfile(data / FACES_FOLDER / each.file, cache / each.file)
    assert run("verify", FACES.name).exit_code == 0

    damaged = FACES.files[wrong]
    (cache / damaged.file).write_bytes(b"no such thing")
    result = run("verify", FACES.name)
    assert result.exit_code == 1
    assert f"{damaged.file} is damaged: its sha256 is not {damaged.sha256}" in result.stderr

    (cache / damaged.file).unlink()
    result = run("verify", FACES.name)
    assert result.exit_code == 1
    assert f"is here, but not {damaged.file}" in result.stderr


def test_a_pull_fetches_every_file_of_a_model(
    shelf: Shelf, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("plain"))
    result = run("pull", FACES.name, "--json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)
    assert row["path"] == str(cache / FACES.file)
    assert [path for path, _ in shelf.asked] == [f"/plain/{each.file}" for each in FACES.files]
    assert run("verify", FACES.name).exit_code == 0


def test_verify_wants_a_named_model_to_be_here() -> None:
    assert run("verify").exit_code == 0
    assert run("verify", NANO.name).exit_code == 1


def test_two_processes_fetch_one_file_once(
    shelf: Shelf, cache: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("slow"))
    both = [begin(["pull", NANO.name]) for _ in range(2)]
    said = [each.communicate(timeout=30) for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert (cache / NANO.file).read_bytes() == (data / "models" / NANO.file).read_bytes()
    assert len(shelf.asked) == 1


def test_a_dead_resolver_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    hang = "import socket, time\nsocket.getaddrinfo = lambda *_, **__: time.sleep(60)"
    start = time.monotonic()
    pulling = begin(["pull", NANO.name], hang)
    _, errors = pulling.communicate(timeout=30)
    assert pulling.returncode == 1
    assert "github.com does not answer" in errors
    assert time.monotonic() - start < 10


def test_no_colours_or_bars_reach_a_pipe(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", shelf.address("plain"))
    result = run("pull", SMALL.name)
    assert result.exit_code == 0
    assert "\x1b" not in result.output
