"""The clips these cameras show."""

from tests.servers.fixtures import clip, film, small

__all__ = ["clip", "film", "small"]
