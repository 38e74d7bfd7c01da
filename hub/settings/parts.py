"""Parts of a configuration on their way to being settings: each is right, or left out."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import voluptuous as vol

from hub.api import Component, Path, schema
from hub.settings.checking import Asked, Checking
from hub.settings.model import ComponentSettings
from hub.settings.offers import Offer, Unavailable
from hub.settings.sections import PLATFORM

C = TypeVar("C", bound=Component)
_PLUGINS: Final = "'watchpost plugins' lists what is installed."


@dataclass(slots=True, kw_only=True)
class Part(Generic[C]):
    """Something named, its class and its options; ``good`` until a problem was found.

    ``offer`` is none when nobody has the class, ``valid`` says that the options passed its schema.
    Parts that are not ``good`` are kept while
    references are checked, so that naming one is not a second mistake.
    """

    name: str
    what: str
    path: Path
    offer: Offer[C] | None = None
    options: dict[str, object] = field(default_factory=dict)
    valid: bool = False
    good: bool = True

    def settings(self) -> ComponentSettings:
        """Return the part as it will run."""
        if self.offer is None:
            raise LookupError(f"{self.what} has no class")
        return ComponentSettings(
            name=self.name,
            plugin=self.offer.plugin,
            key=self.offer.component.KEY,
            component=self.offer.component,
            options=self.options,
        )


def drop(checking: Checking, part: Part[C]) -> None:
    """Leave a part out."""
    part.good = False
    checking.leave_out(part.what)


def good_name(checking: Checking, name: str, path: Path) -> bool:
    """Say whether something may be called that, and report it if not."""
    try:
        schema.name(name)
    except vol.Invalid as error:
        plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
        small = re.sub(r"\W+", "_", plain).strip("_")
        hint = f"Did you mean '{small}'?" if small else ""
        checking.error(path, str(error), hint, on_key=True)
        return False
    return True


def platform(
    checking: Checking, kind: type[C], value: Mapping[str, object], path: Path
) -> Offer[C] | None:
    """Return who offers the ``platform`` of some options; reports it when nobody does."""
    if "platform" not in value and isinstance(value.get("type"), str):
        words = "unknown key 'type'"
        checking.error((*path, "type"), words, "Did you mean 'platform'?", on_key=True)
        return None
    key = "platform" if "platform" in value else "<<"
    only = {key: value[key]} if key in value else {}
    asked = Asked(value=only, path=path, what="")
    options = checking.validate(PLATFORM, asked)
    if options is None:
        return None
    try:
        return checking.offers.find(kind, str(options["platform"]))
    except Unavailable as error:
        checking.error((*path, "platform"), str(error), _fitting(checking, kind, error))
        return None


def _fitting(checking: Checking, kind: type[C], error: Unavailable) -> str:
    """Return the error's hint, unless it names something of another kind."""
    close = re.fullmatch(r"Did you mean '(.+)'\?", error.hint)
    if close is None:
        return error.hint or (_PLUGINS if str(error).startswith("unknown") else "")
    try:
        checking.offers.find(kind, close[1])
    except Unavailable:
        return _PLUGINS
    return error.hint


def named_parts(checking: Checking, section: str, kind: type[C], noun: str) -> dict[str, Part[C]]:
    """Read a section of names with a ``platform`` each: detectors, notifiers."""
    found = {}
    for name, value in checking.mapping((section,)).items():
        part: Part[C] = Part(name=name, what=f"{noun} '{name}'", path=(section, name))
        right = good_name(checking, name, part.path)
        part.valid = _read(checking, kind, value, part)
        if not (right and part.valid) or checking.guessed(part.path):
            drop(checking, part)
        found[name] = part
    return found


def _read(checking: Checking, kind: type[C], value: object, part: Part[C]) -> bool:
    if not isinstance(value, Mapping):
        checking.error(part.path, "expected options such as 'platform: ...'", on_key=True)
        return False
    part.offer = platform(checking, kind, value, part.path)
    if part.offer is None:
        return False
    own = {key: each for key, each in value.items() if key != "platform"}
    asked = Asked(
        value=own, path=part.path, what=part.what, plugin=part.offer.plugin, also=("platform",)
    )
    options = checking.validate(part.offer.component.SCHEMA, asked)
    part.options = options or {}
    return options is not None
