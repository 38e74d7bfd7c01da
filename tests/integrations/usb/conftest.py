"""The clips these cameras show."""

from tests.servers.fixtures import film

__all__ = ["film"]
