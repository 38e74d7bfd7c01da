"""The clips these cameras show."""

from tests.servers.fixtures import certificate, clip, film, small

__all__ = ["certificate", "clip", "film", "small"]
