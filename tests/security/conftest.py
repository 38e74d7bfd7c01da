"""The clips these cameras show."""

from tests.servers.fixtures import clip, film

__all__ = ["clip", "film"]
