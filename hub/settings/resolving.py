"""From a document to settings: everything wrong is told, everything right can run."""

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

import voluptuous as vol

from hub.api import ActionSpec, Location, Notifier, Place, Problem
from hub.core.redaction import Redactor
from hub.settings.cameras import cameras, settings
from hub.settings.checking import Asked, Checking
from hub.settings.detectors import detectors
from hub.settings.document import Document
from hub.settings.loading import load
from hub.settings.model import HubSettings, Settings
from hub.settings.offers import Offers, Unavailable
from hub.settings.parts import Part, named_parts
from hub.settings.references import References
from hub.settings.sections import HUB
from hub.settings.services import restored, services

LOG: Final = "log"
"""The notifier that is always there."""
_NOTIFIER: Final[type[Notifier]] = Notifier  # type: ignore[type-abstract]  # to look for


def open_configuration(
    folder: Path,
    environ: Mapping[str, str],
    offers: Offers,
    actions: Iterable[ActionSpec] = (),
    changes: Sequence[str] = (),
) -> Settings:
    """Read a folder, or a file, and understand it; ``actions`` are those of the hub itself.

    ``changes`` are options to set, each as ``cameras.porch.detect.fps=10``.
    Blocks for as long as files are read and plugins are imported. Never raises for a mistake
    in the configuration or in a plugin.
    """
    return resolve(load(folder, environ, changes), offers, actions)


def resolve(document: Document, offers: Offers, actions: Iterable[ActionSpec] = ()) -> Settings:
    """Understand a document."""
    checking = Checking(document, offers, list(document.problems), list(document.warnings))
    checking.left_out += document.left_out
    hub, parts = _hub(checking), cameras(checking)
    found = References(
        checking=checking,
        cameras=parts,
        detectors=detectors(checking, parts.values()),
        notifiers=_notifiers(checking),
        services=services(checking),
        actions=tuple(actions),
        location=hub.location,
    )
    known = found.settle()
    return Settings(
        folder=document.folder,
        hub=hub,
        known=known,
        secrets=document.secrets,
        files=document.files,
        **_parts(checking, found),
        **_told(checking),
    )


def _parts(checking: Checking, found: References) -> dict[str, Any]:
    cameras = [each for each in found.cameras.values() if each.good]
    chosen = [settings(each, found.detectors.chosen(each)) for each in cameras]
    kept = [each for each in found.services.values() if each.good or restored(checking, each)]
    return {
        "cameras": {each.name: each for each in chosen},
        "detectors": found.detectors.settings(),
        "notifiers": {n: each.settings() for n, each in found.notifiers.items() if each.good},
        "services": {each.name: each.settings() for each in kept},
    }


def _told(checking: Checking) -> dict[str, Any]:
    hide = Redactor()
    for secret in checking.document.secrets:
        hide.add(secret)
    files = {str(file): index for index, file in enumerate(checking.document.files)}

    def order(problem: Problem) -> tuple[int, str, int, int]:
        place = problem.place or Place(file="", line=0, column=0)
        return (files.get(place.file, len(files)), place.file, place.line, place.column)

    def told(problems: Iterable[Problem]) -> tuple[Problem, ...]:
        hidden = (replace(p, words=hide(p.words), hint=hide(p.hint)) for p in problems)
        once = {(p.place, p.words): p for p in hidden}  # merged mappings come several times
        return tuple(sorted(once.values(), key=order))

    return {
        "problems": told(checking.problems),
        "warnings": told(checking.warnings),
        "left_out": tuple(hide(each) for each in checking.left_out),
    }


def _notifiers(checking: Checking) -> dict[str, Part[Notifier]]:
    """Read the section, and have one there that writes to the log."""
    found = named_parts(checking, "notify", _NOTIFIER, "notifier")
    if LOG not in found:
        with contextlib.suppress(Unavailable):  # not installed
            offer = checking.offers.find(_NOTIFIER, LOG)
            found[LOG] = Part(name=LOG, what=f"notifier '{LOG}'", path=("notify", LOG), offer=offer)
    return found


def _hub(checking: Checking) -> HubSettings:
    """Read the hub's own section; a wrong key falls back to its default."""
    options = vol.Schema(HUB)({})
    for key, value in checking.mapping(("hub",)).items():
        asked = Asked(value={key: value}, path=("hub",), what="section 'hub'")
        right = checking.validate(HUB, asked)
        if right is None:
            checking.leave_out(f"key '{key}' of section 'hub'")
        elif key in right:
            options[key] = right[key]
    zone = ZoneInfo(options["time_zone"]) if "time_zone" in options else _machine_zone()
    return HubSettings(
        name=options["name"],
        zone=zone,
        data=(checking.document.folder / Path(options["data"]).expanduser()).absolute(),
        log_level=options["log_level"],
        location=_location(checking, options),
    )


def _location(checking: Checking, options: Mapping[str, Any]) -> Location | None:
    given = [each for each in ("latitude", "longitude") if each in options]
    if len(given) == 1:
        missing = "longitude" if given == ["latitude"] else "latitude"
        words = f"'{given[0]}' alone is no place: '{missing}' is missing"
        checking.error(("hub", given[0]), words, on_key=True)
    if len(given) < 2:  # noqa: PLR2004 - both
        return None
    return Location(options["latitude"], options["longitude"], options["elevation"])


def _machine_zone() -> tzinfo:
    """Return the time zone that this machine is set to, by name, so that summers come and go."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").lstrip(":"), linked):
        if name in available_timezones():
            return ZoneInfo(name)
    return UTC
