"""Named calls with checked data: one registry for automations, the web, MQTT and the shell."""

import logging
import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import voluptuous as vol

from hub.api import (
    ActionCall,
    ActionFailed,
    ActionSpec,
    Answer,
    Cancel,
    Handler,
    HubError,
    Invalid,
    UnknownAction,
    did_you_mean,
)
from hub.core.redaction import redactor

_log = logging.getLogger("hub.actions")

_NAME = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


class _Offer:
    """A registered action, its schema compiled."""

    __slots__ = ("_broken", "check", "handler", "keys", "spec")

    def __init__(self, spec: ActionSpec, handler: Handler) -> None:
        self.spec = spec
        self.handler = handler
        self.keys = [str(key) for key in spec.schema]
        self.check = vol.Schema(dict(spec.schema))
        self._broken = False

    def validated(self, data: Mapping[str, object]) -> Mapping[str, object]:
        if not data and not self.keys:
            return _NOTHING
        try:
            checked: Mapping[str, object] = self.check(dict(data))
        except vol.MultipleInvalid as error:
            words = "; ".join(self._words(each) for each in error.errors)
            raise Invalid(f"{self.spec.name}: {words}") from error
        return checked

    def report(self, error: Exception) -> None:
        """Log an error nobody foresaw: with its traceback the first time."""
        if not self._broken:
            _log.error("The action %s failed", self.spec.name, exc_info=error)
        self._broken = True

    def _words(self, error: vol.Invalid) -> str:
        key = ".".join(str(part) for part in error.path)
        if error.error_message == "extra keys not allowed":
            hint = did_you_mean(key, self.keys) if len(error.path) == 1 else ""
            return f"'{key}' is not one of its options. {hint}".rstrip(". ")
        if isinstance(error, vol.RequiredFieldInvalid):
            return f"'{key}' is missing"
        return f"'{key}': {error.error_message}" if key else str(error.error_message)


class ActionRegistry:
    """Implements ``hub.api.Actions``."""

    def __init__(self) -> None:
        self._offers: dict[str, _Offer] = {}

    def register(self, spec: ActionSpec, handler: Handler) -> Cancel:
        if spec.name in self._offers:
            raise Invalid(f"the action {spec.name} is registered already")
        if not _NAME.fullmatch(spec.name):
            raise Invalid(f"'{spec.name}' is not an action's name: expected domain.verb")
        offer = self._offers[spec.name] = _Offer(spec, handler)
        return partial(self._withdraw, offer)

    async def call(
        self, name: str, data: Mapping[str, object], *, cause: int | None = None
    ) -> Answer:
        offer = self._offers.get(name)
        if offer is None:
            hint = did_you_mean(name, self._offers)
            raise UnknownAction(f"there is no action '{name}'. {hint}".rstrip(". "))
        call = ActionCall(name=name, data=offer.validated(data), cause=cause)
        try:
            return await offer.handler(call)
        except (ActionFailed, Invalid):
            raise
        except HubError as error:
            raise ActionFailed(redactor(f"{name}: {error}")) from error
        except Exception as error:
            offer.report(error)
            words = redactor(f"{name} failed: {type(error).__name__}: {error}")
            raise ActionFailed(words) from error

    def known(self) -> Mapping[str, ActionSpec]:
        return {name: offer.spec for name, offer in self._offers.items()}

    def _withdraw(self, offer: _Offer) -> None:
        if self._offers.get(offer.spec.name) is offer:
            del self._offers[offer.spec.name]
