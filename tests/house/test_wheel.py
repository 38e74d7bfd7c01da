"""What is installed is the product, all of it and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.conftest import PACKAGES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CONFIG = "data/share/watchpost/config/"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the names in a wheel, built beside the source so that nothing stale gets in."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in (*PACKAGES, "config", "tests"):
        shutil.copytree(root / name, source / name, ignore=_unwanted)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    built = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = folder.glob("*.whl")
    with ZipFile(file) as archive:
        return archive.namelist()


def test_it_holds_exactly_the_five_packages(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}

    assert {each for each in tops if not each.startswith("watchpost-")} == set(PACKAGES)
    assert not [name for name in wheel if name.startswith(("tests/", "config/"))]


def test_it_holds_every_module(wheel: list[str], root: Path) -> None:
    modules = {
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
        if "node_modules" not in path.parts
    }

    assert modules - set(wheel) == set()


def test_it_holds_every_file_that_modules_read(wheel: list[str], root: Path) -> None:
    kinds = {".yaml", ".md", ".html", ".css", ".js", ".svg", ".mako", ".ini", ".typed"}
    files = {
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and "node_modules" not in path.parts and "__pycache__" not in path.parts
    }

    assert {each for each in files if Path(each).suffix in kinds} - set(wheel) == set()
    assert {Path(each).suffix for each in files} - kinds - {".py"} == set()


def test_it_says_that_it_is_typed(wheel: list[str]) -> None:
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(wheel)


def test_it_brings_the_starting_configuration(wheel: list[str], root: Path) -> None:
    brought = {name.rpartition("/")[2] for name in wheel if CONFIG in name}

    assert brought == {path.name for path in (root / "config").iterdir()}


def _unwanted(folder: str, names: list[str]) -> set[str]:
    return {each for each in names if each in {"__pycache__", "node_modules"}}
