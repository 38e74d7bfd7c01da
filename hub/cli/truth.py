"""A truth file: what really happened in some recordings, by name.

It is read as a configuration is, so JSON and YAML will both do, and a mistake in it has a line,
a column and a suggestion.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from hub.api import Invalid, Place, Problem, did_you_mean, schema
from hub.settings import Document, findings, load
from hub.vision.visits import Truth, Visit

_SIDES: Final = ("left", "right", "top", "bottom")
_COUNT: Final = schema.whole(0)


def frames(value: object) -> list[float]:
    """Accept ``[first, last]``, numbers of frames."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - first and last
        raise vol.Invalid(f"expected [first, last], got {schema.describe(value)}")
    first, last = (schema.number(0)(each) for each in value)
    if last < first:
        raise vol.Invalid(f"the last frame, {last}, is before the first, {first}")
    return [first, last]


VISIT: Final[schema.Schema] = {
    schema.required("frames", "From the first frame to the last, [first, last]."): frames,
    schema.optional("persons", "How many are there.", 1): _COUNT,
    schema.optional("exits", "How many leave over which side."): {
        schema.optional(each, f"How many leave over the {each}."): _COUNT for each in _SIDES
    },
    schema.optional(
        "optional", "Whether it does not matter if it is seen.", default=False
    ): schema.flag,
    schema.optional("note", "Anything."): schema.text,
}
LINE: Final[schema.Schema] = {
    schema.optional("in", "How many go over it from its left to its right."): _COUNT,
    schema.optional("out", "How many go over it the other way."): _COUNT,
}
CLIP: Final[schema.Schema] = {
    schema.optional("visits", "When somebody is there.", []): [dict(VISIT)],
    schema.optional("lines", "Counts by line of the configuration."): dict,
    schema.optional("object", "What is counted.", "person"): schema.text,
    schema.optional("fps", "Frames a second; the recording's own if absent."): schema.number(0.01),
    schema.optional("frames", "How many frames it has."): _COUNT,
    schema.optional("size", "Its width and height in pixels."): [_COUNT],
    schema.optional("total_persons", "How many come in all."): _COUNT,
    schema.optional("enter_from", "Where they come from."): schema.text,
    schema.optional("checked", "How the truth was found."): schema.text,
    schema.optional("note", "Anything."): schema.text,
}


class TruthFile:
    """The truths in a file; raises ``Invalid`` with every mistake in what it is asked for."""

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise Invalid(f"there is no file {file}")
        self._file = file
        self._document = load(file, {})
        if self._document.problems:
            words = _lines(self._document.problems)
            raise Invalid(words.replace("sections such as 'cameras:'", "recordings by name"))

    def of(self, recording: Path, fps: float) -> Truth:
        """Return the truth of a recording, found by its file's name with or without endings."""
        tree = self._document.tree
        names = (recording.name, recording.stem, recording.name.partition(".")[0])
        name = next((each for each in names if each in tree), None)
        if name is None:
            hint = did_you_mean(names[-1], tree)
            raise Invalid(f"{self._file} tells nothing of '{names[-1]}'. {hint}".rstrip(" ."))
        return _truth(
            _checked(self._document, (name,), CLIP, tree[name]), self._document, name, fps
        )


def _truth(clip: Mapping[str, Any], document: Document, name: str, fps: float) -> Truth:
    rate = float(clip.get("fps", fps))
    lines = {
        f"{line} {direction}": count
        for line, written in clip.get("lines", {}).items()
        for direction, count in _checked(document, (name, "lines", line), LINE, written).items()
    }
    visits = [
        Visit(
            span=(each["frames"][0] / rate, each["frames"][1] / rate),
            persons=each["persons"],
            exits=each.get("exits", {}),
            optional=each["optional"],
        )
        for each in clip["visits"]
    ]
    return Truth(fps=rate, visits=visits, lines=lines, object=clip["object"])


def _checked(
    document: Document, path: tuple[str, ...], wanted: schema.Schema, value: object
) -> dict[str, Any]:
    try:
        right: dict[str, Any] = vol.Schema(wanted)(value)
    except vol.Invalid as error:
        found = [each.problem for each in findings(error, wanted, value)]
        placed = [
            Problem(
                path=path + each.path,
                words=each.words,
                hint=each.hint,
                on_key=each.on_key,
            )
            for each in found
        ]
        raise Invalid(_lines([document.placed(each) for each in placed])) from error
    return right


def _lines(problems: "tuple[Problem, ...] | list[Problem]") -> str:
    first = Place(file="", line=0, column=0)
    ordered = sorted(problems, key=lambda each: ((each.place or first).line, each.words))
    return "\n".join(str(each).replace(": error: ", ": ", 1) for each in ordered)
