"""``watchpost test``: what automations do in situations that are written down, in no time."""

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from hub.api import HubError
from hub.cli.configuration import config_option, configuration, existing
from hub.cli.telling import count, in_order, told
from hub.settings import Settings
from hub.testing.cases import Case, Verdict, cases, judged

_FOLDERS = ("automations/tests", "tests")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object per test.")
@click.option("-k", "only", default="", help="Only tests with this in their name.")
def test(files: tuple[Path, ...], folder: Path | None, as_json: bool, only: str) -> None:
    """Try automations in situations that are written down in YAML.

    FILES are files or folders; without them automations/tests of the configuration is used.
    Nothing is really done: actions are written down and compared. The exit code is 1 if a test
    fails.
    """
    settings, _ = configuration(existing(folder))
    if settings.problems:
        for line in told(in_order(settings)):
            click.echo(line, err=True)
        raise click.ClickException("not tested, because of the errors above")
    found = list(_found(settings, files))
    if not found:
        where = settings.folder / _FOLDERS[0]
        raise click.ClickException(f"there are no tests yet; write some in {where}/NAME.yaml")
    chosen, problems = [], []
    for file in found:
        several, wrong = cases(file, settings)
        chosen += [each for each in several if only.lower() in each.name.lower()]
        problems += wrong
    for line in told(problems):
        click.echo(line, err=True)
    verdicts = [_run(settings, each, as_json) for each in chosen]
    failed = sum(bool(each.failures) for each in verdicts)
    if not as_json:
        said = f", {failed} failed" if failed else ""
        click.echo(f"{count(len(verdicts), 'test')}{said}.")
    sys.exit(1 if failed or problems or not verdicts else 0)


def _found(settings: Settings, files: tuple[Path, ...]) -> Iterator[Path]:
    folders = files or [settings.folder / each for each in _FOLDERS]
    for each in folders:
        if each.is_dir():
            yield from sorted(each.rglob("*.yaml"))
        elif each.is_file():
            yield each


def _run(settings: Settings, case: Case, as_json: bool) -> Verdict:
    began = time.perf_counter()
    try:
        verdict = asyncio.run(judged(settings, case))
    except HubError as error:
        verdict = Verdict(case.name, (str(error),))
    took = time.perf_counter() - began
    if as_json:
        click.echo(msgspec.json.encode(verdict))
        return verdict
    mark = click.style("FAILED", fg="red") if verdict.failures else click.style("ok", fg="green")
    click.echo(f"{mark}  {case.name}  ({took:.2f} s)")
    for each in verdict.failures:
        click.echo("\n".join(f"    {line}" for line in each.splitlines()))
    return verdict
