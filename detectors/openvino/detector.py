"""The detector as the hub knows it: options, what it needs before it runs, and its life."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from detectors.heads.names import AUTO, NAMES
from detectors.heads.wishes import INPUT, labels, size
from detectors.openvino import options as given
from detectors.openvino.options import Load
from hub.api import (
    Context,
    Detection,
    Detector,
    Known,
    ModelEntry,
    ModelStore,
    Options,
    Problem,
    Region,
    Rejected,
    did_you_mean,
    schema,
)

if TYPE_CHECKING:
    from detectors.openvino.appearance import Appearance
    from detectors.openvino.engine import Engine

EMBEDDING = "embedding"
"""The head of networks that find nothing, but tell things apart."""


class OpenVino(Detector):
    """Runs a network of the model catalogue, or of one's own."""

    KEY = "openvino"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional(
            "model", "Name in the model catalogue, or a file of one's own.", default="yolox_nano"
        ): schema.text,
        schema.optional(
            "size", "Size of the pictures it looks at: a side, or [width, height], in pixels."
        ): size,
        schema.optional(
            "device", "Where it runs: CPU, GPU, GPU.1, NPU, or AUTO to choose.", default="AUTO"
        ): given.device,
        schema.optional(
            "precision", "Numbers it calculates with; auto is the fastest.", default="auto"
        ): schema.choice("auto", "f32", "f16", "bf16"),
        schema.optional(
            "hint", "What matters more: one answer soon, or many answers.", default="latency"
        ): schema.choice("latency", "throughput"),
        schema.optional("threads", "Processor threads it may use; 0 is all.", default=0): (
            schema.whole(0, 256)
        ),
        schema.optional(
            "min_score", "Detections below this score are never seen by anybody.", default=0.1
        ): schema.number(0.01, 1),
        schema.optional(
            "iou", "Two boxes of a kind that overlap by more than this are one.", default=0.45
        ): schema.number(0, 1),
        schema.optional(
            "head", "How the outputs of a file of one's own are read; auto finds out."
        ): schema.choice(AUTO, *NAMES),
        schema.optional(
            "labels", "Classes of a file of one's own: a list, or the name of a known list."
        ): labels,
        schema.optional(
            "input", "What a file of one's own wants to see, where that is unusual for its head."
        ): INPUT,
    }

    def __init__(self, name: str, options: Options) -> None:
        super().__init__(name, options)
        self._load = msgspec.convert(options, Load)
        self._engine: Engine | None = None
        self._appearance: Appearance | None = None

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        model = options["model"]
        if given.is_file(model):
            yield from _missing(model, known.folder)
            return
        if known.models and model not in known.models:
            hint = did_you_mean(model, known.models)
            yield Problem(path=("model",), words=f"there is no model '{model}'", hint=hint)
        for key in ("head", "labels", "input"):
            if key in options:
                hint = "The catalogue knows it for its own models."
                yield Problem(
                    path=(key,),
                    words=f"'{key}' is for a model given as a file",
                    hint=hint,
                    on_key=True,
                )

    @classmethod
    def finds(cls, options: Any) -> Iterable[str] | None:
        return given.finds(options)

    @classmethod
    async def prepare(cls, options: Options, context: Context) -> Options:
        store = context.ask(ModelStore)  # type: ignore[type-abstract]  # it is asked for
        if given.is_file(options["model"]):
            load = _own(options, context.paths.config, store)
        else:
            entry = store.entry(options["model"])
            load = _listed(options, entry, await store.path(entry.name))
        prepared: Options = msgspec.to_builtins(load)
        return prepared

    @property
    def labels(self) -> Sequence[str]:
        return self._engine.labels if self._engine else self._load.labels

    @property
    def size(self) -> tuple[int, int]:
        """What it looks at; of a file of one's own that is known once it is loaded."""
        return self._engine.size if self._engine else (self._load.width, self._load.height)

    @property
    def device(self) -> str:
        """Where it runs, once it is loaded."""
        if self._appearance is not None:
            return self._appearance.device
        return self._running.device

    @property
    def failures(self) -> int:
        """How many regions nobody looked at because inference failed."""
        if self._appearance is not None:
            return 0
        return self._running.failures

    def load(self) -> None:
        if self._load.head == EMBEDDING:
            from detectors.openvino.appearance import Appearance

            self._appearance = Appearance(self._load)
            return
        from detectors.openvino.engine import Engine

        self._engine = Engine(self._load)
        self._engine.warm_up()

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection] | None], None]
    ) -> None:
        if self._appearance is not None:
            done(())
        else:
            self._running.submit(region, done)

    def likeness(self, regions: Sequence[Region]) -> Sequence[Sequence[float]]:
        if self._appearance is None:
            raise Rejected(f"{self._load.model} finds things, and does not tell them apart")
        return self._appearance.vectors(regions)

    def close(self) -> None:
        self._appearance = None
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    @property
    def _running(self) -> "Engine":
        if self._engine is None:
            raise RuntimeError(f"the detector {self.name} is not loaded")
        return self._engine


def _missing(model: str, folder: Path | None) -> Iterable[Problem]:
    """Tell of a file of one's own that is not there, where it is known where to look."""
    if folder is not None and not (file := folder / Path(model).expanduser()).is_file():
        words = f"there is no model file '{model}'"
        hint = f"It is looked for at {file}."
        yield Problem(path=("model",), words=words, hint=hint)


def _listed(options: Options, entry: ModelEntry, file: Path) -> Load:
    if entry.head not in {*NAMES, EMBEDDING}:
        raise Rejected(f"{entry.name} is for {entry.task}, which this detector does not do")
    width, height = options.get("size", (entry.input.width, entry.input.height))
    fixed = (entry.input.width, entry.input.height)
    if not entry.input.multiple and (width, height) != fixed:
        raise Rejected(f"{entry.name} looks at {fixed[0]}x{fixed[1]} pixels only")
    return Load(
        file=str(file),
        head=entry.head,
        labels=entry.labels,
        input=entry.input,
        width=width,
        height=height,
        **_tuning(options),
    )


def _own(options: Options, base: Path, store: ModelStore) -> Load:
    file = base / Path(options["model"]).expanduser()
    if not file.is_file():
        raise Rejected(f"there is no model file {file}")
    weights = file.with_suffix(".bin")
    if file.suffix == ".xml" and not weights.is_file():
        raise Rejected(f"{file} needs its weights beside it, and there is no {weights.name}")
    width, height = options.get("size", (0, 0))
    named = options.get("labels", "coco")
    return Load(
        file=str(file.resolve()),
        head=options.get("head", AUTO),
        labels=tuple(store.labels(named) if isinstance(named, str) else named),
        assumed="labels" not in options,
        wishes=options.get("input", {}),
        width=width,
        height=height,
        **_tuning(options),
    )


def _tuning(options: Options) -> dict[str, Any]:
    names = ("model", "device", "precision", "hint", "threads", "min_score", "iou")
    return {name: options[name] for name in names}
