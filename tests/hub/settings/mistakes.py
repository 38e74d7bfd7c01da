"""A broken configuration, and what shall be said of it."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.hub.settings.conftest import Desk


class Case(NamedTuple):
    """Files, and the errors they shall lead to."""

    about: str
    files: str | Mapping[str, str]
    errors: list[str]


def told(desk: Desk, case: Case) -> None:
    """Open a case's files and compare what is said with what shall be."""
    if isinstance(case.files, dict):
        for name, text in case.files.items():
            path = desk.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
            path.chmod(0o600)
        settings = desk.open({})
    else:
        settings = desk.open(case.files)
    assert desk.lines(settings) == case.errors
    assert all(each.place for each in settings.problems)
