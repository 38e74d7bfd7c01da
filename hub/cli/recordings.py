"""What commands about recordings have in common: a camera as configured, ready to look."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from hub.api import Detector, HubError, Invalid, NotReady, did_you_mean
from hub.app.bare import services
from hub.app.detectors import Detectors, compared
from hub.app.plans import camera_plan
from hub.cli.configuration import configuration, existing
from hub.core import logs
from hub.core.components import load
from hub.settings import FLAG, CameraSettings, Settings
from hub.vision.plan import CameraPlan, DetectorPlan

set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set an option for this run, such as cameras.porch.detect.min_score=0.6 (repeatable).",
)
camera_option = click.option(
    "--camera", metavar="NAME", help="Whose zones and detector (default: the only one)."
)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A camera's plan, its detector, one asked before it, and one that tells things apart.

    ``others``, by name, are those that capture rules compare with. All are loaded.
    """

    plan: CameraPlan
    detector: Detector
    first: Detector | None = None
    appearance: Detector | None = None
    others: Mapping[str, Detector] = field(default_factory=dict)

    def close(self) -> None:
        """Let the detectors go."""
        for each in (self.detector, self.first, self.appearance, *self.others.values()):
            if each is not None:
                each.close()


@contextmanager
def said() -> Iterator[None]:
    """Turn what the hub's parts raise into the command's own error, without secrets."""
    try:
        yield
    except HubError as error:
        raise click.ClickException(logs.redactor(str(error))) from error


@contextmanager
def ready(place: Path | None, camera: str | None, changes: Sequence[str] = ()) -> Iterator[Ready]:
    """Yield a camera of a configuration (a folder, or a file), with some options changed."""
    settings = _settings(place, changes)
    found = _prepared(settings, _camera(settings, camera))
    try:
        yield found
    finally:
        found.close()


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A progress bar, or none where nobody would see it, and how to print a line beside it."""

    move: Callable[[float, float], None] | None
    say: Callable[[str], None]


@contextmanager
def bar(title: str) -> Iterator[Bar]:
    """Yield a progress bar with the time left; lines scroll by above it on the same terminal."""
    if not sys.stderr.isatty():
        yield Bar(move=None, say=click.echo)
        return
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield Bar(
            move=lambda done, length: progress.update(task, completed=done, total=length or None),
            say=partial(console.print, soft_wrap=True) if sys.stdout.isatty() else click.echo,
        )


def _settings(place: Path | None, changes: Sequence[str]) -> Settings:
    settings, _ = configuration(existing(place), changes, exact=True)
    ours = [each for each in settings.problems if each.place and each.place.file.startswith(FLAG)]
    for problem in settings.problems:
        if problem not in ours:
            click.echo(logs.redactor(str(problem)), err=True)
    if ours:
        raise Invalid("\n".join(str(each) for each in ours))
    return settings


def _camera(settings: Settings, name: str | None) -> CameraSettings:
    cameras = settings.cameras
    if name is None:
        if len(cameras) != 1:
            known = ", ".join(sorted(cameras)) or "none"
            raise Invalid(f"say which camera with --camera (configured: {known})")
        name = next(iter(cameras))
    if name not in cameras:
        out = f"camera '{name}'" in settings.left_out
        why = "has the errors above" if out else f"is not configured. {did_you_mean(name, cameras)}"
        raise Invalid(f"camera '{name}' {why}".rstrip(" ."))
    if not cameras[name].detect.enabled:
        raise Invalid(f"camera '{name}' has detect: {{enabled: false}}, so nothing looks at it")
    return cameras[name]


def _prepared(settings: Settings, camera: CameraSettings) -> Ready:
    """Return the camera's plan and its detector, loaded, or the builtin one if it cannot run."""
    detectors = Detectors(settings.detectors)
    asyncio.run(_prepare(settings, detectors, camera))
    cameras = {camera.name: camera}
    while name := detectors.chosen(cameras).get(camera.name):
        plans = {each.name: each for each in detectors.plans(cameras)}
        try:
            detector = _loaded(plans[name])
        except (HubError, ImportError) as error:
            detectors.failed(name, str(error))
            continue
        first = detectors.firsts(cameras).get(camera.name)
        before = _loaded(plans[first]) if first else None
        wanted = plans.get(camera.detect.appearance or "")
        return Ready(
            plan=camera_plan(camera, name, first),
            detector=detector,
            first=before,
            appearance=_loaded(wanted) if wanted else None,
            others={each: _loaded(plans[each]) for each in compared([camera]) & plans.keys()},
        )
    raise NotReady("no detector can run here")


async def _prepare(settings: Settings, detectors: Detectors, camera: CameraSettings) -> None:
    async with services(settings, "models") as lifecycle:
        await detectors.prepare(
            {camera.name: camera},
            lambda name: lifecycle.context(name, settings.detectors[name].plugin),
        )


def _loaded(plan: DetectorPlan) -> Detector:
    kind = load(plan.plugin, plan.key, Detector)  # type: ignore[type-abstract] # it finds subclasses
    detector = kind(plan.name, plan.options)
    detector.load()
    return detector
