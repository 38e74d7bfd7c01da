"""``condition: template``: whatever a template says."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from automations.conditions.base import OwnCondition
from automations.templates import fault
from automations.values import template
from hub.api import Known, Options, Problem, schema


class TemplateCondition(OwnCondition):
    """Whether a template gives true."""

    KEY = "template"
    SCHEMA: ClassVar[schema.Schema] = {schema.required("value_template", "The template."): template}

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        if words := fault(options["value_template"]):
            yield Problem(path=("value_template",), words=words)

    def holds(self, variables: Mapping[str, object]) -> bool:
        return self.template is not None and self.template.holds(variables)
