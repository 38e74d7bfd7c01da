"""A model server as the hub knows it: a detector like any other."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import msgspec

from detectors.heads.wishes import finds
from detectors.remote import options as given
from detectors.remote.options import Load
from hub.api import (
    Context,
    Detection,
    Detector,
    Known,
    ModelStore,
    Options,
    Problem,
    Region,
    schema,
)

if TYPE_CHECKING:
    from detectors.remote.engine import Engine


class Remote(Detector):
    """Asks a model server that speaks KServe v2."""

    KEY = "remote"
    SCHEMA: ClassVar[schema.Schema] = given.SCHEMA

    def __init__(self, name: str, options: Options) -> None:
        super().__init__(name, options)
        self._load = msgspec.convert(options, Load)
        self._engine: Engine | None = None

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        parts = urlsplit(options["server"])
        if parts.username or parts.password:
            words = "a server's address holds no name and no password"
            yield Problem(path=("server",), words=words, hint="Give a token as 'token'.")
        if parts.scheme.startswith("grpc") and parts.path.strip("/"):
            words = "a gRPC address is a host and a port, without a path"
            yield Problem(path=("server",), words=words)
        if not options["timeout"]:
            yield Problem(path=("timeout",), words="expected a time span longer than none")

    @classmethod
    def finds(cls, options: Any) -> Iterable[str] | None:
        return finds(options)

    @classmethod
    async def prepare(cls, options: Options, context: Context) -> Options:
        store = context.ask(ModelStore)  # type: ignore[type-abstract]  # it is asked for
        named = options.get("labels", "coco")
        width, height = options.get("size", (0, 0))
        plain = ("server", "model", "timeout", "requests", "head", "fractions", "min_score", "iou")
        load = Load(
            **{key: options[key] for key in plain},
            version=options.get("version", ""),
            token=options.get("token", ""),
            labels=tuple(store.labels(named) if isinstance(named, str) else named),
            assumed="labels" not in options,
            width=width,
            height=height,
            wishes=options.get("input", {}),
        )
        prepared: Options = msgspec.to_builtins(load)
        return prepared

    @property
    def labels(self) -> Sequence[str]:
        return self._engine.labels if self._engine else self._load.labels

    @property
    def size(self) -> tuple[int, int]:
        """What it looks at, known once it is loaded."""
        return self._engine.size if self._engine else (self._load.width, self._load.height)

    def load(self) -> None:
        from detectors.remote.engine import Engine

        self._engine = Engine(self._load)

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection] | None], None]
    ) -> None:
        if self._engine is None:
            raise RuntimeError(f"the detector {self.name} is not loaded")
        self._engine.submit(region, done)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
