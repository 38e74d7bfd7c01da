"""Plugins' code called one plugin at a time, so that one that raises loses only itself.

pluggy's own call stops at the first exception, and its loader of entry points has no guard.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from types import ModuleType
from typing import Final, TypeVar

import pluggy
import voluptuous as vol

from hub.api import hooks
from hub.settings import Unavailable

T = TypeVar("T")

_log: Final = logging.getLogger("hub.plugins")


class Hooks:
    """The hooks of every imported plugin."""

    def __init__(self) -> None:
        self._pluggy = pluggy.PluginManager("watchpost")
        self._pluggy.add_hookspecs(hooks)
        self._complained: set[tuple[str, str]] = set()

    def register(self, plugin: str, module: ModuleType) -> None:
        """Add a module's hooks; raises ``Unavailable`` when one does not fit."""
        try:
            self._pluggy.register(module, plugin)
        except (pluggy.PluginValidationError, ValueError) as error:
            first = str(error).strip().splitlines()[-1]
            raise Unavailable(f"its hooks do not fit: {first}") from error

    def call(self, plugin: str, hook: str) -> list[object]:
        """Return what one plugin answers to a hook, nothing when it has none.

        Raises ``Unavailable`` for whatever it raises.
        """
        caller: pluggy.HookCaller = getattr(self._pluggy.hook, hook)
        answers = [each.function for each in caller.get_hookimpls() if each.plugin_name == plugin]
        return self.guarded(
            plugin, lambda: [each for answer in answers for each in _list(answer())]
        )

    def guarded(self, plugin: str, call: Callable[[], T]) -> T:
        """Call a plugin's code; what it raises, but ``voluptuous.Invalid``, is ``Unavailable``.

        The traceback goes to the log, once for each plugin and kind of error.
        """
        try:
            return call()
        except (vol.Invalid, Unavailable):
            raise
        except (Exception, SystemExit) as error:
            raise Unavailable(self._told(plugin, error)) from error

    def _told(self, plugin: str, error: BaseException) -> str:
        words = f"the plugin '{plugin}' failed: {described(error)}"
        if (plugin, repr(error)) not in self._complained:
            self._complained.add((plugin, repr(error)))
            _log.error("The plugin '%s' failed", plugin, exc_info=error)
        return words


def _list(answer: object) -> list[object]:
    if not isinstance(answer, Iterable):
        raise TypeError(f"a hook answered {answer!r}, which is not a list")
    return list(answer)


async def outcome(work: Awaitable[object]) -> Exception | None:
    """Await a plugin's code and return what it raised."""
    try:
        await work
    except Exception as error:
        return error
    return None


def contain(owner: str, what: str, call: Callable[[], object]) -> Exception | None:
    """Call a plugin's code; what it raises is logged, and returned."""
    try:
        call()
    except Exception as error:
        _log.exception("%s of %s failed", what, owner)
        return error
    return None


def described(error: BaseException) -> str:
    """Return an error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
