"""``watchpost capture``: frames that capture rules kept, listed, and written as a data set."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import click

from hub.api import Invalid, did_you_mean
from hub.app.exports import FORMATS, Choice, export
from hub.app.folders import paths
from hub.cli.configuration import config_option, configuration, existing
from hub.cli.recordings import said
from hub.settings import Settings
from hub.vision.samples import Sample, read

_camera = click.option(
    "--camera", "cameras", multiple=True, metavar="NAME", help="Only this camera (repeatable)."
)
_since = click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
    help="Only what was captured from then on, in the hub's time zone.",
)


@click.group()
def capture() -> None:
    """List frames that were captured for training, or export them as a data set."""


@capture.command("list")
@config_option
@_camera
@_since
def list_(folder: Path | None, cameras: tuple[str, ...], since: datetime | None) -> None:
    """Say how much was captured, by camera and rule."""
    with said():
        settings, _ = configuration(existing(folder))
        counts: Counter[tuple[str, str]] = Counter()
        sizes: Counter[tuple[str, str]] = Counter()
        for image, sample in _captured(settings, cameras, since):
            counts[sample.camera, sample.rule] += 1
            sizes[sample.camera, sample.rule] += image.stat().st_size
        for key in sorted(counts):
            camera, rule = key
            click.echo(
                f"{camera:<20} {rule:<10} {counts[key]:>7} frames {sizes[key] / 1e6:>9.1f} MB"
            )
        if not counts:
            click.echo("Nothing was captured. Rules stand below a camera's `capture:`.", err=True)


@capture.command("export")
@click.argument("target", metavar="FOLDER", type=click.Path(path_type=Path))
@config_option
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="Which files.")
@_camera
@_since
@click.option("--objects", multiple=True, metavar="NAME", help="Only these (repeatable).")
@click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="Least score of a detection that becomes a box.",
)
def export_(  # noqa: PLR0913, PLR0917 - each is an option of the command
    target: Path,
    folder: Path | None,
    form: str,
    cameras: tuple[str, ...],
    since: datetime | None,
    objects: tuple[str, ...],
    min_score: float,
) -> None:
    """Write captured frames and what was seen in them to FOLDER, which must not exist yet.

    What a detector saw is a proposal: correct it before you train with it.
    """
    with said():
        settings, _ = configuration(existing(folder))
        wanted = frozenset(name.strip() for each in objects for name in each.split(","))
        choice = Choice(objects=wanted, min_score=min_score)
        done = export(_captured(settings, cameras, since), target, form, choice)
        click.echo(f"{done.images} images with {done.objects} objects in {target}")


def _captured(
    settings: Settings, cameras: tuple[str, ...], since: datetime | None
) -> Iterator[tuple[Path, Sample]]:
    media = paths(settings).media
    known = {each.name for each in (media / "capture").glob("*")} | set(settings.cameras)
    for each in cameras:
        if each not in known:
            words = f"there is no camera '{each}'. {did_you_mean(each, known)}"
            raise Invalid(words.rstrip(" ."))
    return read(media, cameras, _aware(since, settings.hub.zone))


def _aware(time: datetime | None, zone: tzinfo) -> datetime | None:
    return time.replace(tzinfo=zone).astimezone(UTC) if time is not None else None
