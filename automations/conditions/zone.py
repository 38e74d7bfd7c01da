"""``condition: zone``: how many objects are in a camera's zone right now."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from automations import names
from automations.conditions.base import OwnCondition
from automations.values import some
from hub.api import Known, Options, Problem, entity_word, schema


class ZoneCondition(OwnCondition):
    """Whether somebody or something is in a zone; by default at least one."""

    KEY = "zone"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("camera", "The camera."): some(schema.text),
        schema.required("zone", "The zone, or several counted together."): some(schema.text),
        schema.optional("object", "What to count; all of them if left out."): some(schema.text),
        schema.optional("above", "There must be more than this many."): schema.number(),
        schema.optional("below", "There must be fewer than this many."): schema.number(),
    }

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        return names.place(known, options)

    def explain(self, variables: Mapping[str, object]) -> str:
        what = " or ".join(self.options.get("object") or ["anything"])
        where = " and ".join(f"{zone} of {camera}" for camera, zone in self._zones())
        return f"{what} in {where}: {self._total()}"

    def holds(self, variables: Mapping[str, object]) -> bool:
        total = self._total()
        above, below = self.options.get("above"), self.options.get("below")
        if above is None and below is None:
            return total > 0
        return (above is None or total > above) and (below is None or total < below)

    def _total(self) -> int:
        return sum(self._count(camera, zone) for camera, zone in self._zones())

    def _zones(self) -> Iterable[tuple[str, str]]:
        for camera in self.options["camera"]:
            for zone in self.options["zone"]:
                yield camera, zone

    def _count(self, camera: str, zone: str) -> int:
        known = self.context.known.cameras.get(camera)
        objects = self.options.get("object") or (known.objects if known else ())
        return sum(
            self._number(f"sensor.{camera}_{zone}_{entity_word(each)}_count") for each in objects
        )

    def _number(self, entity: str) -> int:
        found = self.context.states.get(entity)
        return int(found.state) if found is not None and found.state.isdecimal() else 0
