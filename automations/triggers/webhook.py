"""``trigger: webhook``: a request from outside, by whoever knows the id."""

from collections.abc import Iterable
from typing import ClassVar, Final

import voluptuous as vol

from automations.triggers.base import OwnTrigger
from automations.values import some
from hub.api import (
    Cancel,
    Fire,
    Known,
    NotReady,
    Options,
    PluginChanged,
    Problem,
    Webhook,
    WebhookCall,
    Webhooks,
    schema,
)

_METHODS: Final = ("GET", "HEAD", "POST", "PUT")
_SHORT: Final = 12  # characters; below that somebody may guess it
_CHARACTERS: Final = "letters, digits, - and _"


def method(value: object) -> str:
    """Accept a method in any case."""
    return str(schema.choice(*_METHODS)(schema.text(value).upper()))


def webhook_id(value: object) -> str:
    """Accept what can stand in an address as it is."""
    word = schema.text(value).strip()
    if word and word.replace("-", "").replace("_", "").isalnum() and word.isascii():
        return word
    raise vol.Invalid(f"expected an id of {_CHARACTERS}, got '{word}'")


schema.shaped(method, {"enum": list(_METHODS)})
schema.shaped(webhook_id, {"type": "string", "title": "webhook id"})


class WebhookTrigger(OwnTrigger):
    """Fires for a request to ``/api/webhook/<webhook_id>``."""

    KEY = "webhook"
    GIVES = frozenset({"webhook_id", "method", "json", "data", "query", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("webhook_id", "What the address ends with; long, and hard to guess."):
            webhook_id,
        schema.optional("allowed_methods", "How it may be called.", ["POST", "PUT"]): some(method),
        schema.optional("local_only", "Only for this machine and its network.", True): schema.flag,
        schema.optional("secret", "What requests are signed with (Standard Webhooks)."): (
            schema.text
        ),
    }  # fmt: skip

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        if len(options["webhook_id"]) < _SHORT and not options.get("secret"):
            words = f"'{options['webhook_id']}' is easy to guess for an address that starts things"
            hint = f"Use at least {_SHORT} characters nobody knows, or a 'secret'."
            yield Problem(path=("webhook_id",), words=words, hint=hint, warning=True)

    def attach(self, fire: Fire) -> Cancel:
        name = self.options["webhook_id"]

        def heard(call: WebhookCall) -> None:
            given = {
                "webhook_id": name,
                "method": call.method,
                "json": call.json,
                "data": call.data,
                "query": call.query,
                "description": f"webhook {name[:4]}...",
            }
            fire(given, None)

        hook = Webhook(
            id=name,
            methods=frozenset(self.options["allowed_methods"]),
            heard=heard,
            local_only=self.options["local_only"],
            secret=self.options.get("secret", ""),
        )
        return self._served(hook)

    def _served(self, hook: Webhook) -> Cancel:
        """Have it served, also by a web service that is started anew."""
        serving: list[tuple[Webhooks, Cancel]] = []

        def look(_: PluginChanged | None = None) -> None:
            try:
                service = self.context.ask(Webhooks)  # type: ignore[type-abstract] # to look for
            except NotReady:
                return
            if not serving or serving[0][0] is not service:
                serving[:] = [(service, service.offer(hook))]

        look()
        unlisten = self.context.bus.listen(PluginChanged, look)

        def cancel() -> None:
            unlisten()
            for _, withdraw in serving:
                withdraw()
            serving.clear()

        return cancel
