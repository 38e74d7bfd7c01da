"""The rules for names of topics, and which of them a filter means (MQTT 5.0, section 4.7)."""

from collections.abc import Sequence
from typing import Final

import voluptuous as vol

from hub.api import schema

_LONGEST: Final = 65535  # bytes of UTF-8, by the length field


def topic(value: object) -> str:
    """Accept a topic to publish to: no wildcards."""
    word = _checked(value)
    if found := next((sign for sign in "+#" if sign in word), None):
        raise vol.Invalid(f"'{word}' cannot be published to: '{found}' is for subscribing only")
    return word


def topic_filter(value: object) -> str:
    """Accept a topic to subscribe to: ``+`` stands for one level, ``#`` at the end for all."""
    word = _checked(value)
    if word.startswith("$share/"):
        raise vol.Invalid(f"'{word}' is a shared subscription, which triggers cannot use")
    *levels, last = word.split("/")
    if any("#" in level for level in levels) or ("#" in last and last != "#"):
        raise vol.Invalid(f"'{word}' is not a topic: '#' may only be the whole last level")
    if any("+" in level and level != "+" for level in (*levels, last)):
        raise vol.Invalid(f"'{word}' is not a topic: '+' has to stand for a whole level")
    return word


def prefix(value: object) -> str:
    """Accept what our own topics begin with, without the slash at its end."""
    return topic(topic(value).strip("/"))


schema.shaped(topic, {"type": "string", "title": "topic"})
schema.shaped(topic_filter, {"type": "string", "title": "topic or pattern of topics"})
schema.shaped(prefix, {"type": "string", "title": "topic"})


def is_pattern(word: str) -> bool:
    """Tell whether a filter means more than one topic."""
    return "+" in word or "#" in word


def matches(pattern: Sequence[str], levels: Sequence[str]) -> bool:
    """Tell whether a filter means a topic; both are given as their levels."""
    if levels[0].startswith("$") and pattern[0] in {"+", "#"}:
        return False
    for place, wanted in enumerate(pattern):
        if wanted == "#":
            return True
        if place == len(levels) or wanted not in {"+", levels[place]}:
            return False
    return len(pattern) == len(levels)


def _checked(value: object) -> str:
    word = schema.text(value)
    # Brokers end the connection when they see one of these.
    if not word.isprintable():
        raise vol.Invalid("a topic cannot hold control characters, such as a line break")
    if len(word.encode()) > _LONGEST:
        raise vol.Invalid(f"a topic has at most {_LONGEST} bytes, this one has more")
    return word
