"""``input_select``: one of several."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from hub.api import Invalid, State, did_you_mean, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


def choices(value: object) -> list[str]:
    """Accept a list of texts, no two the same; YAML reads ``on`` and ``off`` as yes and no."""
    several = value if isinstance(value, list) else [value]
    found = [
        {True: "on", False: "off"}[each] if isinstance(each, bool) else str(each)
        for each in several
    ]
    if not found:
        raise vol.Invalid("expected at least one")
    for at, each in enumerate(found):
        if each in found[:at]:
            raise vol.Invalid(f"'{each}' is there twice")
    return found


schema.shaped(choices, {"type": "array", "items": {"type": "string"}, "title": "list of texts"})
_CYCLE: Final[schema.Schema] = {schema.optional("cycle", "Go round at the end.", True): schema.flag}


class InputSelect(Helper):
    """Choices of one's own, such as the mode of the house."""

    KEY = "input_select"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.required("options", "What can be chosen."): choices,
        schema.optional("initial", "What is chosen after each start; as it was if left out."): (
            schema.text
        ),
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "select_option": ("Choose one.", {
            schema.required("option", "Which one."): schema.text,
        }),
        "select_next": ("Choose the next one.", _CYCLE),
        "select_previous": ("Choose the one before.", _CYCLE),
        "select_first": ("Choose the first one.", {}),
        "select_last": ("Choose the last one.", {}),
        "set_options": ("Change what can be chosen, until the next start.", {
            schema.required("options", "What can be chosen."): choices,
        }),
    })  # fmt: skip

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        options = item["options"]
        initial = item.get("initial")
        if initial is not None and initial not in options:
            raise Invalid(f"{name}: '{initial}' is not among {', '.join(options)}")
        was = None if before is None or before.state not in options else before.state
        return initial or was or options[0], {"options": options}

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        state = self.state(name)
        given: Any = state.attributes.get("options")
        options: list[str] = data.get("options", given)
        if verb == "set_options":
            return state.state if state.state in options else options[0], {"options": options}
        if verb == "select_option" and data["option"] not in options:
            hint = did_you_mean(data["option"], options)
            raise Invalid(f"'{data['option']}' cannot be chosen. {hint}".rstrip(". "))
        chosen = data.get("option") or _moved(verb, options, state.state, cycle=data.get("cycle"))
        return chosen, {"options": options}


def _moved(verb: str, options: list[str], now: str, *, cycle: bool | None) -> str:
    if verb in {"select_first", "select_last"}:
        return options[0 if verb == "select_first" else -1]
    at = options.index(now) if now in options else 0
    at += 1 if verb == "select_next" else -1
    return options[at % len(options) if cycle else min(max(at, 0), len(options) - 1)]
