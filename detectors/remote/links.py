"""The way to a model server, whatever it speaks."""

from collections.abc import Mapping
from typing import Protocol

from detectors.remote.protocol import ModelMetadata, Server, Tensor


class Link(Protocol):
    """A connection to one model of a server, which several threads may use at once.

    Every method raises ``NotReady`` when the server does not answer in time or not in its
    protocol, and ``Rejected`` when it refuses. Their texts name the server, and no secret.
    """

    def server(self) -> Server:
        """Return what the server says of itself."""

    def model(self) -> ModelMetadata:
        """Return what the server says of the model, once that is ready."""

    def infer(self, inputs: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        """Return the model's outputs by name."""

    def close(self) -> None:
        """Hang up."""
