"""The catalogue as written in YAML, read into values."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
import yaml

from hub.api import ModelEntry, Rejected, did_you_mean

_T = TypeVar("_T")


@cache
def read() -> Mapping[str, ModelEntry]:
    """Return every model by name, in the catalogue's order."""
    written = _yaml("catalogue.yaml", list[dict[str, object]])
    listed = (_entry(each) for each in written)
    return {each.name: each for each in listed}


@cache
def label_lists() -> Mapping[str, tuple[str, ...]]:
    """Return the well-known lists of classes by name."""
    return _yaml("labels.yaml", dict[str, tuple[str, ...]])


def entry(name: str) -> ModelEntry:
    """Return a model of the catalogue; raises ``Rejected`` when it is not listed."""
    known = read()
    if name not in known:
        hint = did_you_mean(name, known) or "`watchpost models list` tells them."
        raise Rejected(f"no model is called '{name}'. {hint}")
    return known[name]


def labels(name: str) -> tuple[str, ...]:
    """Return a list of classes; raises ``Rejected`` when there is none of that name."""
    known = label_lists()
    if name not in known:
        raise Rejected(f"no list of labels is called '{name}'. {did_you_mean(name, known)}")
    return known[name]


def _entry(written: dict[str, object]) -> ModelEntry:
    labels = label_lists()[str(written["labels"])] if "labels" in written else ()
    return msgspec.convert({**written, "labels": labels}, ModelEntry)


def _yaml(file: str, kind: type[_T]) -> _T:
    text = files("detectors.catalogue").joinpath(file).read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), kind)
