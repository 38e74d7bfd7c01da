"""``condition: template``: whatever a template says."""

from collections.abc import Mapping
from typing import ClassVar

from automations.conditions.base import OwnCondition
from automations.values import template
from hub.api import schema


class TemplateCondition(OwnCondition):
    """Whether a template gives true."""

    KEY = "template"
    SCHEMA: ClassVar[schema.Schema] = {schema.required("value_template", "The template."): template}

    def holds(self, variables: Mapping[str, object]) -> bool:
        return self.template is not None and self.template.holds(variables)

    def explain(self, variables: Mapping[str, object]) -> str:
        return "" if self.template is None else self.template.explain(variables)
