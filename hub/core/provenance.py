"""Our package names are plain words, so make sure that nobody else's package bears one.

pip lets two distributions write into one folder without a word, and what runs then is a
mixture of both.
"""

from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from typing import Final

from hub.api import Invalid

PACKAGES: Final = frozenset({"hub", "integrations", "detectors", "automations", "web"})
OURS: Final = "watchpost"


def check() -> None:
    """Raise ``Invalid`` when another distribution owns one of our packages."""
    strangers = dict(_owners())
    strangers.pop(OURS, None)
    if not strangers:
        return
    words = "; ".join(f"{name} brings {', '.join(found)}" for name, found in strangers.items())
    raise Invalid(
        f"another package in this environment has the name of one of ours ({words}): install "
        "watchpost into an environment of its own, with pipx, uv tool or the container"
    )


def _owners() -> Iterator[tuple[str, list[str]]]:
    """Yield who owns our names; ``packages_distributions`` parses all, ten times slower."""
    for each in distributions():
        if found := sorted(PACKAGES & _top_level(each)):
            yield each.name.lower(), found


def _top_level(of: Distribution) -> set[str]:
    declared = of.read_text("top_level.txt")
    if declared is not None:
        return set(declared.split())
    return {line.partition("/")[0] for line in (of.read_text("RECORD") or "").splitlines()}
