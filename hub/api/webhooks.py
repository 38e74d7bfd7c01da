"""Requests from outside that start something; the service that serves them implements this."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hub.api.clock import Cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """One request: its method, query, and body as JSON (none if it is none) and as form fields."""

    method: str
    query: Mapping[str, str]
    json: object
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A way in: who may use it how, and who hears of it.

    ``secret`` asks for requests signed as Standard Webhooks are; ``local_only`` turns away what
    does not come from this machine or its network.
    """

    id: str
    methods: frozenset[str]
    heard: Callable[[WebhookCall], None]
    local_only: bool = True
    secret: str = ""


class Webhooks(ABC):
    """Serves webhooks at ``/api/webhook/<id>``."""

    @abstractmethod
    def offer(self, webhook: Webhook) -> Cancel:
        """Serve a webhook, beside others of the same id; return what ends that."""
