"""What the template that is being rendered may look at, and whom it tells about it.

Functions such as ``states()`` take no hub as an argument, so the hub is held here for as long
as one rendering lasts. Compiled templates know no hub and are shared by all automations.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from jinja2 import TemplateError

from hub.api import Context, HubError

# Whatever an expression of the user's can raise.
FAULTS: Final = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)


class TemplateFailed(HubError):
    """A template could not give a result; the text says why."""


@dataclass(slots=True)
class Reads:
    """What a template's result depends on: entities, all of them, or the time."""

    entities: set[str] = field(default_factory=set)
    everything: bool = False
    time: bool = False


@dataclass(frozen=True, slots=True)
class Rendering:
    """One rendering: whose hub, who hears of a name that is not there, what was read."""

    context: Context | None
    missing: Callable[[str], None]
    reads: Reads | None = None


current: ContextVar[Rendering] = ContextVar("rendering")


def context() -> Context:
    """Return the hub that the template may ask; raises ``TemplateFailed`` outside a rendering."""
    rendering = current.get(None)
    if rendering is None or rendering.context is None:
        raise TemplateFailed("this can only be asked while the hub runs")
    return rendering.context


def read_entity(entity: str) -> None:
    """Note that the result depends on an entity."""
    if (rendering := current.get(None)) and rendering.reads is not None:
        rendering.reads.entities.add(entity)


def read_everything() -> None:
    """Note that the result depends on which entities there are, and on each of them."""
    if (rendering := current.get(None)) and rendering.reads is not None:
        rendering.reads.everything = True


def read_time() -> None:
    """Note that the result depends on the time."""
    if (rendering := current.get(None)) and rendering.reads is not None:
        rendering.reads.time = True


def missed(words: str) -> None:
    """Tell whoever renders that a name was not there and stands for nothing."""
    if (rendering := current.get(None)) is not None:
        rendering.missing(words)
