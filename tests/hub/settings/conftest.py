"""A folder to write configurations into, and plugins to check them against."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from hub.api import ActionSpec, schema
from hub.plugins import Registry
from hub.settings import Document, Settings, load, open_configuration
from tests.hub.settings.plugins import install
from tests.hub.shelf import shelf

SNAPSHOT = ActionSpec(
    name="camera.snapshot",
    description="Save a picture.",
    schema={schema.required("camera", "Which."): schema.name},
)


@pytest.fixture(scope="module")
def offers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Plugins made up for these tests; gone afterwards, so that no other test finds them."""
    with shelf(tmp_path_factory.mktemp("plugins")) as ours:
        install(ours)
        yield ours.registry()


@dataclass(frozen=True)
class Desk:
    """Writes configurations and reads them back."""

    folder: Path
    offers: Registry

    def write(self, files: Mapping[str, str] | str) -> None:
        """Write files; one text alone is ``configuration.yaml``."""
        named = {"configuration.yaml": files} if isinstance(files, str) else files
        for name, text in named.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"), newline="")
            path.chmod(0o600)

    def load(
        self,
        files: Mapping[str, str] | str,
        environ: Mapping[str, str] | None = None,
        changes: Sequence[str] = (),
    ) -> Document:
        """Write and read, without looking at what it means."""
        self.write(files)
        return load(self.folder, environ or {}, changes)

    def open(
        self,
        files: Mapping[str, str] | str,
        environ: Mapping[str, str] | None = None,
        changes: Sequence[str] = (),
    ) -> Settings:
        """Write, read and understand."""
        self.write(files)
        return open_configuration(self.folder, environ or {}, self.offers, [SNAPSHOT], changes)

    def lines(self, found: Settings | Document) -> list[str]:
        """Return the errors as printed, without the folder in front."""
        return [str(each).replace(f"{self.folder}/", "") for each in found.problems]


@pytest.fixture
def desk(tmp_path: Path, offers: Registry) -> Desk:
    """An empty configuration folder."""
    return Desk(tmp_path, offers)
