"""How a worker process finds the one component it was told to run.

Workers stand beneath ``hub.plugins``, and need neither hooks nor a lifecycle: they import
the plugin's module and take the class out of it.
"""

from importlib.metadata import entry_points
from typing import TypeVar

from hub.api import GROUP, Component, Invalid, did_you_mean

T = TypeVar("T", bound=Component)


def load(plugin: str, key: str, kind: type[T]) -> type[T]:
    """Return the component of a plugin that has this ``KEY`` and is of this kind.

    ``plugin`` is the entry point's name. Raises ``Invalid`` when there is none; what the
    plugin's own module raises while it is imported passes through.
    """
    found = [each for each in entry_points(group=GROUP) if each.name == plugin]
    if not found:
        hint = did_you_mean(plugin, {each.name for each in entry_points(group=GROUP)})
        raise Invalid(f"no plugin '{plugin}' is installed. {hint}".rstrip(". "))
    module = found[0].load()
    offered: list[type[Component]] = list(getattr(module, "hub_components", tuple)())
    for each in offered:
        if key == each.KEY and issubclass(each, kind):
            return each
    keys = sorted(each.KEY for each in offered if issubclass(each, kind))
    hint = did_you_mean(key, keys)
    raise Invalid(f"plugin '{plugin}' has no {kind.__name__.lower()} '{key}'. {hint}".rstrip(". "))
