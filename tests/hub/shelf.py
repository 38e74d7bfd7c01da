"""Plugins made up for tests, installed for real: a module and the metadata pip would leave."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from hub.plugins import Registry


@dataclass(frozen=True)
class Shelf:
    """A folder on ``sys.path`` in which plugins are installed."""

    folder: Path

    def put(
        self,
        name: str,
        source: str,
        *,
        module: str = "",
        distribution: str = "",
        requires: str = "",
    ) -> None:
        """Install a plugin of one module."""
        module = module or f"shelf_{name}"
        distribution = distribution or f"plugin-{name}"
        (self.folder / f"{module}.py").write_text(dedent(source))
        info = self.folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n{needs}"
        (info / "METADATA").write_text(metadata)
        (info / "entry_points.txt").write_text(f"[watchpost.plugins]\n{name} = {module}\n")

    def registry(self) -> Registry:
        """Return what is installed here, and nothing else."""
        return Registry.discover([str(self.folder)])


@contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    """Make a folder of plugins that can be imported until the end."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield Shelf(folder)
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if name.startswith("shelf_"):
                del sys.modules[name]
