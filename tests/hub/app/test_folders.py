"""The folders of a hub, and that only one hub uses them."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hub.api import Invalid
from hub.app.folders import Claim, create_configuration, default_configuration, owner


def test_the_default_follows_the_desktop_standard(tmp_path: Path) -> None:
    assert default_configuration({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "watchpost"
    assert default_configuration({}) == Path.home() / ".config" / "watchpost"


def test_a_new_configuration_is_a_copy_of_the_starting_one(tmp_path: Path, root: Path) -> None:
    made = create_configuration(tmp_path / "new")

    assert made
    for name in ("configuration.yaml", "automations.yaml"):
        assert (tmp_path / "new" / name).read_text() == (root / "config" / name).read_text()
    assert stat.S_IMODE((tmp_path / "new" / "secrets.yaml").stat().st_mode) == 0o600


def test_a_configuration_that_exists_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("mine\n")
    made = create_configuration(tmp_path)

    assert not made
    assert [each.name for each in tmp_path.iterdir()] == ["configuration.yaml"]
    assert (tmp_path / "configuration.yaml").read_text() == "mine\n"


def test_a_claimed_folder_knows_its_owner(tmp_path: Path) -> None:
    before = owner(tmp_path)
    with Claim(tmp_path):
        during = owner(tmp_path)

    assert (before, during, owner(tmp_path)) == (None, os.getpid(), None)


def test_a_second_claim_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    with Claim(tmp_path):
        with pytest.raises(Invalid, match=f"process {os.getpid()}"), Claim(tmp_path):
            pass
        assert owner(tmp_path) == os.getpid()


def test_a_killed_hub_leaves_no_claim(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys; from hub.app.folders import Claim;"
        "c = Claim(pathlib.Path(sys.argv[1])); c.__enter__(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)

    with Claim(tmp_path):
        assert owner(tmp_path) == os.getpid()


def test_a_data_folder_that_nobody_can_use_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(Invalid, match="cannot be used"), Claim(tmp_path / "data"):
        pytest.fail("it was claimed")
