"""``watchpost import ha``: what of a Home Assistant configuration runs here, and how."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import msgspec
import voluptuous as vol
import yaml

from hub.api import ActionSpec, Known, Problem, did_you_mean
from hub.api.schema import Schema
from hub.cli.configuration import config_option, configuration, existing
from hub.cli.homeassistant.judging import AS_IS, CHANGED, NOT, Judged, judge
from hub.cli.homeassistant.reading import House
from hub.cli.telling import count
from hub.settings import Settings

_COLORS = {AS_IS: "green", CHANGED: "yellow", NOT: "red"}
_SECTIONS = ("automation", "script")


@click.group("import")
def importing() -> None:
    """Take over what you have from another program."""


@importing.command("ha")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@config_option
@click.option("--map", "mapped", multiple=True, metavar="OLD=NEW", help="An entity's name here.")
@click.option(
    "--write", type=click.Path(path_type=Path), metavar="FOLDER", help="Write what runs there."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per automation or script.")
def home_assistant(
    source: Path, folder: Path | None, mapped: tuple[str, ...], write: Path | None, as_json: bool
) -> None:
    """Say which automations and scripts of a Home Assistant folder run here.

    SOURCE is its configuration folder; nothing in it is changed. Each is told: it runs as it is,
    it runs with these changes, or it cannot and why. Entities are those of your configuration.
    """
    settings, _ = configuration(existing(folder))
    house = House(source)
    for fault in house.faults:
        click.echo(click.style(fault, fg="red"), err=True)
    known = _known(settings, house)
    renamed = _renamed(mapped)
    found = [each for each in house.found if each.section in _SECTIONS]
    judged = [judge(each, lambda *what: _check(settings, known, *what), renamed) for each in found]
    if not judged:
        raise click.ClickException(f"no automation or script was found in {source}")
    for each in judged:
        click.echo(msgspec.json.encode(each) if as_json else _lines(each, known))
    if not as_json:
        _sum_up(judged)
    if write is not None:
        _write(judged, write)


def _known(settings: Settings, house: House) -> Known:
    """Return what is known here, and the scripts of the house, which may come along."""
    anything: Schema = {vol.Extra: object}  # type: ignore[dict-item] # voluptuous' own word for it
    names = [f"script.{each.name}" for each in house.found if each.section == "script"]
    offered = {
        each: ActionSpec(name=each, description=each, schema=anything, answers=True)
        for each in names
    }
    entities = {f"{each.section}.*" for each in house.found}
    return replace(
        settings.known,
        actions={**offered, **settings.known.actions},
        entities=settings.known.entities | entities,
    )


def _check(settings: Settings, known: Known, section: str, raw: Any) -> Iterable[Problem]:
    service = settings.services.get(section) or settings.services["automation"]
    if section == "automation":
        return service.component.check([raw], known)
    if section in settings.services:
        return service.component.check({"it": raw}, known)
    sequence = raw.get("sequence") if isinstance(raw, Mapping) else None
    return service.component.check([{"alias": "it", "triggers": [], "actions": sequence}], known)


def _renamed(mapped: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for each in mapped:
        old, equals, new = each.partition("=")
        if not equals or "." not in old or "." not in new:
            raise click.ClickException(f"--map takes OLD=NEW, two entities, not '{each}'")
        found[old.strip()] = new.strip()
    return found


def _lines(judged: Judged, known: Known) -> str:
    found = judged.found
    mark = click.style(f"{judged.verdict:<12}", fg=_COLORS[judged.verdict])
    lines = [f"{mark}  {found.section} '{found.name}'  ({found.file})"]
    for each in judged.changes:
        lines.append(f"    - {each.old}")
        lines.append(f"    + {each.new}   ({each.why})")
    for entity in judged.entities:
        hint = did_you_mean(entity, known.entities)
        said = f" {hint}" if hint.startswith("Did") else ""
        lines.append(f"    ? {entity} is not here.{said} Say what it is: --map {entity}=...")
    lines += [f"    {each}" for each in judged.reasons]
    return "\n".join(lines)


def _sum_up(judged: list[Judged]) -> None:
    verdicts = Counter(each.verdict for each in judged)
    said = ", ".join(f"{verdicts[each]} {each}" for each in (AS_IS, CHANGED, NOT) if verdicts[each])
    click.echo(f"\n{len(judged)} in all: {said}.")
    missing = {entity for each in judged for entity in each.entities}
    if missing:
        click.echo(f"{count(len(missing), 'entity')} to be mapped: {', '.join(sorted(missing))}")


def _write(judged: list[Judged], folder: Path) -> None:
    """Write what runs, all entities included, into files that are not there yet."""
    ready = [each for each in judged if each.verdict != NOT and not each.entities]
    automations = [each.written for each in ready if each.found.section == "automation"]
    scripts = {each.found.name: each.written for each in ready if each.found.section == "script"}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("automations.yaml", automations), ("scripts.yaml", scripts)):
        file = folder / name
        if not content:
            continue
        if file.exists():
            raise click.ClickException(f"{file} is there already; name another folder")
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        file.write_text(text, "utf-8")
        click.echo(f"Wrote {file} ({len(content)}).")
