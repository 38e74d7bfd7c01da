"""Model files: what is known about each, and who fetches them for the detectors."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

Progress = Callable[[int, int], None]
"""Told how many bytes of a file are here, and how many there will be."""


class ModelInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model wants to see.

    ``width`` and ``height`` in pixels are the size it was made for; ``multiple`` what another
    size must be a multiple of, 0 when it cannot be changed. ``layout`` is ``NCHW`` or ``NHWC``,
    ``colour`` is ``BGR`` or ``RGB``, ``top`` the value of full brightness (255 or 1), from which
    ``mean`` is taken before it is divided by ``std``, each for the colours in their order.

    ``fit`` says how a picture of another shape is put in: in the top left ``corner`` or in the
    ``centre``, with ``pad`` (a grey level of 255) around it, or with a ``stretch`` to fill it.
    """

    width: int
    height: int
    multiple: int = 0
    layout: str = "NCHW"
    colour: str = "BGR"
    top: float = 255.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    fit: str = "corner"
    pad: int = 114


class ModelCost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one inference took: milliseconds at a size in pixels, and where that was measured."""

    ms: float
    size: int
    machine: str


class ModelFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of a model.

    ``url`` is pinned to a commit; the file it gives has exactly ``bytes`` bytes with this
    ``sha256``.
    """

    file: str
    url: str
    sha256: str
    bytes: int


class ModelEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model of the catalogue.

    ``file`` is the one to load, and ``beside`` are others that have to lie beside it, such as the
    weights of an OpenVINO IR. ``task`` says what the model is for (``objects``, ``faces``,
    ``reid``), ``head`` how its output is read (``yolox``), ``labels`` name its classes in order.
    """

    name: str
    file: str
    url: str
    sha256: str
    bytes: int
    beside: tuple[ModelFile, ...] = ()
    licence: str
    task: str
    head: str
    input: ModelInput
    labels: tuple[str, ...] = ()
    cost: ModelCost
    remark: str = ""

    @property
    def files(self) -> tuple[ModelFile, ...]:
        """Every file of the model, the one to load first."""
        first = ModelFile(file=self.file, url=self.url, sha256=self.sha256, bytes=self.bytes)
        return (first, *self.beside)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(each.bytes for each in self.files)


class ModelStore(ABC):
    """The catalogue of models, found with ``context.ask(ModelStore)``."""

    @abstractmethod
    def entries(self) -> Sequence[ModelEntry]:
        """Return every model of the catalogue, in its order."""

    @abstractmethod
    def entry(self, name: str) -> ModelEntry:
        """Return what is known about a model; raises ``Rejected`` for a name nobody listed."""

    @abstractmethod
    def labels(self, name: str) -> Sequence[str]:
        """Return a well-known list of classes, such as ``coco``; raises ``Rejected`` if unknown."""

    @abstractmethod
    async def path(self, name: str, progress: Progress | None = None) -> Path:
        """Return where the file to load is, checked against its checksum; fetch it when missing.

        Files that belong beside it are there too. Without ``progress`` the download is shown on
        the terminal if there is one. Raises ``NotReady`` when it cannot be had now (nothing
        waits long for the network), ``Rejected`` when what was found is not the file the
        catalogue means.
        """
