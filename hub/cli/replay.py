"""``watchpost replay``: what a camera's pipeline makes of a recording, as JSON lines."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from hub.api import Detector, HubError, Invalid, NotReady, did_you_mean
from hub.api.vision import VisionEvent
from hub.app.bare import services
from hub.app.detectors import Detectors
from hub.app.plans import camera_plan
from hub.cli.configuration import config_option, configuration, existing
from hub.core import logs
from hub.core.components import load
from hub.settings import CameraSettings, Settings
from hub.vision.plan import CameraPlan, DetectorPlan

_FASTEST = 0.0


class _Speed(click.ParamType[float]):
    """``max``, or how many times faster than it was recorded."""

    name = "speed"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if value in {"max", _FASTEST}:
            return _FASTEST
        try:
            speed = float(str(value))
        except ValueError:
            speed = 0.0
        if not 0 < speed < 1000:  # noqa: PLR2004 - faster than that is max
            self.fail(f"{value!r} is neither 'max' nor a number such as 1", param, ctx)
        return speed


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@click.option("--camera", metavar="NAME", help="Whose zones and detector (default: the only one).")
@click.option("--speed", type=_Speed(), default="max", help="'max', or 1 for as recorded.")
@click.option("--json", is_flag=True, expose_value=False, help="JSON lines; they always are.")
@click.option("--fps", type=click.FloatRange(0.1, 60), help="Instead of the camera's detect.fps.")
def replay(
    file: Path, folder: Path | None, camera: str | None, speed: float, fps: float | None
) -> None:
    """Run a recording through a camera's pipeline and print its events as JSON lines.

    The output is the same on every run. Events begin at sequence 1 and bear the time at
    which the recording was made, if it tells, or count from 1970.
    """
    logs.configure("WARNING")
    try:
        if not file.is_file():
            raise Invalid(f"there is no file {file}")
        settings = _settings(folder)
        plan, detector = _prepared(settings, _camera(settings, camera))
        if fps is not None:
            plan = msgspec.structs.replace(plan, fps=fps)
        try:
            _replay(file, plan, detector, speed)
        finally:
            detector.close()
    except HubError as error:
        raise click.ClickException(logs.redactor(str(error))) from error


def _replay(file: Path, plan: CameraPlan, detector: Detector, speed: float) -> None:
    from hub.vision.replay import replay as run

    with _bar(file.name) as progress:
        summary = run(file, plan, detector, _print, progress=progress, speed=speed)
    click.echo(str(summary), err=True)


def _print(event: VisionEvent) -> None:
    click.echo(msgspec.json.encode(event))


@contextmanager
def _bar(title: str) -> Iterator[Callable[[float, float], None] | None]:
    """Yield what moves a progress bar, or none where nobody would see it."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, length: progress.update(task, completed=done, total=length or None)


def _settings(folder: Path | None) -> Settings:
    settings, _ = configuration(existing(folder))
    for problem in settings.problems:
        click.echo(logs.redactor(str(problem)), err=True)
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


def _prepared(settings: Settings, camera: CameraSettings) -> tuple[CameraPlan, Detector]:
    """Return the camera's plan and its detector, loaded, or the builtin one if it cannot run."""
    detectors = Detectors(settings.detectors)
    asyncio.run(_prepare(settings, detectors, camera))
    cameras = {camera.name: camera}
    while plans := detectors.plans(cameras):
        try:
            return camera_plan(camera, plans[0].name), _loaded(plans[0])
        except (HubError, ImportError) as error:
            detectors.failed(plans[0].name, str(error))
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
