"""A blueprint from a file or an address: fetched within bounds, shown, and saved when wanted."""

import ipaddress
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import urllib3

from automations.blueprints import Blueprint, BlueprintFault, parse
from automations.reading import words_of
from automations.templates.texts import slugify
from hub.api import Desk

_LARGEST: Final = 512 * 1024  # bytes
_PATIENCE: Final = 15.0  # seconds
_HOPS: Final = 3
_BLOB: Final = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/(.+)")
_FORUM: Final = "community.home-assistant.io"


@click.group()
def blueprint() -> None:
    """Look at blueprints, and fetch one from a file or an address."""


@blueprint.command("list")
@click.option("-c", "--config", "folder", type=click.Path(path_type=Path), help="The folder.")
@click.pass_obj
def listed(desk: Desk, folder: Path | None) -> None:
    """List the blueprints of the configuration."""
    base = desk.folder(folder) / "blueprints"
    files = sorted(base.rglob("*.yaml"))
    if not files:
        raise click.ClickException(f"there are none in {base}; fetch one: blueprint import ADDRESS")
    for file in files:
        try:
            found = parse(file.read_text("utf-8"))
            click.echo(f"{file.relative_to(base)}  {found.name}")
        except (BlueprintFault, OSError, UnicodeDecodeError) as error:
            click.echo(click.style(f"{file.relative_to(base)}  {error}", fg="red"))


@blueprint.command("import")
@click.argument("source")
@click.option("-c", "--config", "folder", type=click.Path(path_type=Path), help="The folder.")
@click.option("--name", default="", help="The file's name; made of the blueprint's if left out.")
@click.option("--yes", is_flag=True, help="Save it without asking.")
@click.pass_obj
def imported(desk: Desk, source: str, folder: Path | None, name: str, yes: bool) -> None:
    """Show a blueprint from a file or an https address, and save it when you say so."""
    base = desk.folder(folder)
    text = fetched(source)
    try:
        found = parse(text)
    except BlueprintFault as error:
        raise click.ClickException(f"{source} is no blueprint: {error}") from error
    click.echo("\n".join(_shown(found)))
    file = base / "blueprints" / found.domain / f"{slugify(name or found.name)}.yaml"
    if found.domain not in {"automation", "script"}:
        raise click.ClickException(f"blueprints for a {found.domain} are not used here")
    if file.exists() and file.read_text("utf-8") == text:
        click.echo(f"It is there already: {file}")
        return
    question = f"Save it as {file}" + (", in place of another one?" if file.exists() else "?")
    if not yes and not click.confirm(question):
        raise click.Abort
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    path = file.relative_to(base / "blueprints" / found.domain)
    click.echo(f"Saved. Use it with: use_blueprint: {{path: {path}, input: {{...}}}}")


def fetched(source: str) -> str:
    """Return what a file or an https address holds; raises ``ClickException``."""
    if "://" not in source:
        return _file(Path(source))
    if _FORUM in source:
        raise click.ClickException("open the post, save its YAML to a file, and import that")
    if match := _BLOB.fullmatch(source):
        source = f"https://raw.githubusercontent.com/{match[1]}/{match[2]}"
    for _ in range(_HOPS + 1):
        text, further = _asked(source)
        if further is None:
            return text
        source = further
    raise click.ClickException(f"{source} leads from one address to the next")


def _file(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise click.ClickException(f"{path} is larger than 512 KiB")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from error


def _asked(address: str) -> tuple[str, str | None]:
    """Ask an address once; return what it holds, or where it leads."""
    _check(address)
    pool = urllib3.PoolManager(timeout=_PATIENCE, retries=False)
    try:
        answer = pool.request("GET", address, preload_content=False, redirect=False)
        if further := answer.get_redirect_location():
            return "", str(further)
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise click.ClickException(f"{address} answered {answer.status}")
        content = answer.read(_LARGEST + 1)
    except urllib3.exceptions.HTTPError as error:
        raise click.ClickException(f"{address} cannot be fetched: {error}") from error
    if len(content) > _LARGEST:
        raise click.ClickException(f"{address} is larger than 512 KiB")
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{address} holds no text") from error


def _check(address: str) -> None:
    """Refuse what is not https, and machines of one's own network."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise click.ClickException(f"{address}: only https addresses are fetched")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise click.ClickException(f"{parts.hostname} cannot be found: {error}") from error
    for *_, where in found:
        if not ipaddress.ip_address(str(where[0]).partition("%")[0]).is_global:
            raise click.ClickException(f"{parts.hostname} is a machine of your own network")


def _shown(found: Blueprint) -> list[str]:
    lines = [f"{found.name}  (blueprint of an {found.domain})".replace("an script", "a script")]
    lines += [f"  {line}" for line in found.description.strip().splitlines()]
    lines.append("Inputs:" if found.inputs else "It has no inputs.")
    for name, options in found.inputs.items():
        needed = f"default {options['default']!r}" if "default" in options else "needed"
        selector = options.get("selector")
        asked = f", {next(iter(selector))}" if isinstance(selector, dict) and selector else ""
        about = str(options.get("description") or options.get("name") or "").strip().splitlines()
        lines.append(f"  {name}  ({needed}{asked})  {about[0] if about else ''}".rstrip())
    return [*lines, *_parts(found)]


def _parts(found: Blueprint) -> Iterator[str]:
    """Yield a line for each trigger, condition and action."""
    for key in ("trigger", "triggers", "condition", "conditions", "action", "actions", "sequence"):
        several = found.body.get(key)
        for at, each in enumerate(several if isinstance(several, list) else [several]):
            if isinstance(each, dict) and each:
                words = ("trigger", "platform", "condition", "action", "service")
                kinds = [each[word] for word in words if isinstance(each.get(word), str)]
                yield f"  {words_of((key, at))}: {kinds[0] if kinds else next(iter(each))}"
