"""What a user may ask of the detector, and what is said to what cannot be."""

from pathlib import Path

import pytest
import voluptuous as vol

from detectors.catalogue.entries import label_lists, read
from detectors.catalogue.service import Models
from detectors.openvino import hub_components
from detectors.openvino.detector import OpenVino
from detectors.openvino.runtime import device, openvino
from hub.api import Known, Rejected
from hub.app.actions import SPECS
from hub.plugins import Registry
from hub.settings import open_configuration
from tests.detectors.openvino.conftest import Make, prepared


def valid(**given: object) -> dict[str, object]:
    return vol.Schema(dict(OpenVino.SCHEMA))(given)


def test_hub_components_offers_the_detector() -> None:
    assert list(hub_components()) == [OpenVino]


def test_a_model_must_be_one_of_the_catalogue_or_a_file() -> None:
    known = Known(models=frozenset(Models.models({})))
    (problem,) = OpenVino.check(valid(model="yolox_nono"), known)

    assert problem.path == ("model",)
    assert problem.words == "there is no model 'yolox_nono'"
    assert problem.hint == "Did you mean 'yolox_nano'?"
    for model in ("yolox_nano", "mine.onnx", "models/mine"):
        assert not list(OpenVino.check(valid(model=model), known))


def test_nothing_needs_to_be_said() -> None:
    assert valid()["model"] == "yolox_nano"


@pytest.mark.parametrize(
    ("given", "got"), [(640, [640, 640]), ([640, 384], [640, 384]), (64, [64, 64])]
)
def test_a_size_is_a_side_or_two(given: object, got: list[int]) -> None:
    assert valid(size=given)["size"] == got


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"size": 400}, "multiple of 32 such as 384, got 400"),
        ({"size": 32}, "from 64 to 2048"),
        ({"size": [640]}, "got 1 numbers"),
        ({"size": "big"}, "expected a number, got 'big'"),
        ({"device": "TPU"}, "one of AUTO, CPU, GPU, GPU.1, NPU"),
        ({"precision": "int8"}, "one of auto, f32, f16, bf16"),
        ({"hint": "fast"}, "one of latency, throughput"),
        ({"min_score": 0}, "from 0.01 to 1"),
        ({"labels": []}, "length of value must be at least 1"),
        ({"sizes": 416}, "not an allowed option|extra keys"),
    ],
)
def test_what_cannot_be_is_explained(given: dict[str, object], words: str) -> None:
    with pytest.raises(vol.Invalid, match=words):
        valid(**given)


def test_a_device_may_be_written_small() -> None:
    assert valid(device="gpu.1")["device"] == "GPU.1"


def test_a_missing_device_is_refused_with_those_that_are_here(make: Make) -> None:
    words = "yolox_nano is to run on NPU, and OpenVINO finds only .*CPU here: install .* be AUTO"
    with pytest.raises(Rejected, match=words):
        make(device="npu")


def test_a_device_that_refuses_the_model_is_said_with_what_to_do(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _unable(monkeypatch, "GPU")
    with pytest.raises(Rejected, match=r"does not run on GPU: out of memory\. Let 'device' be CPU"):
        make(model="lwpd_192", device="gpu")


def test_left_to_us_the_processor_stands_in_for_a_device_that_refuses(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _unable(monkeypatch, "GPU")
    assert make(model="lwpd_192").device == "CPU"
    assert "lwpd_192 does not run on GPU, so the processor it is" in caplog.text


def _unable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let there be a device that can run nothing: what a broken driver looks like."""
    core = openvino().Core
    compile_model = core.compile_model

    def fail(self: object, model: object, device: str, given: object) -> object:
        if device == name:
            raise RuntimeError("Exception from src/plugin.cpp:1:\nout of memory")
        return compile_model(self, model, device, given)

    monkeypatch.setattr(core, "available_devices", ["CPU", name])
    monkeypatch.setattr(core, "compile_model", fail)


@pytest.mark.parametrize("precision", ["auto", "f32", "f16", "bf16"])
def test_every_precision_runs_here(make: Make, precision: str) -> None:
    """A processor without one of them calculates with another."""
    detector = make(model="lwpd_192", precision=precision)
    assert detector.device == "CPU"


@pytest.mark.parametrize(
    ("wanted", "here", "used"),
    [
        ("AUTO", ["CPU"], "CPU"),
        ("AUTO", ["CPU", "GPU.0", "GPU.1"], "GPU.0"),
        ("AUTO", ["CPU", "NPU"], "CPU"),
        ("GPU", ["CPU", "GPU.0"], "GPU"),
        ("GPU.1", ["CPU", "GPU.0", "GPU.1"], "GPU.1"),
        ("CPU", ["CPU", "GPU"], "CPU"),
    ],
)
def test_a_device_is_chosen_from_those_that_are_here(
    wanted: str, here: list[str], used: str
) -> None:
    assert device("any", wanted, here) == used


def test_how_to_read_is_for_files_of_one_s_own() -> None:
    given = {"labels": "coco", "head": "auto", "input": {"top": 1}}
    for key, value in given.items():
        (problem,) = OpenVino.check(valid(**{key: value}), Known())
        assert problem.path == (key,)
        assert problem.words == f"'{key}' is for a model given as a file"
    assert not list(OpenVino.check(valid(model="mine.onnx", **given), Known()))
    assert not list(OpenVino.check(valid(model="mine.onnx", labels=["cat"]), Known()))


def test_what_the_worker_gets_is_plain_and_known_before_it_loads(data: Path) -> None:
    options = prepared(data, {"size": [640, 384]})
    detector = OpenVino("any", options)
    assert options["file"] == str(data / "models" / "yolox_nano.onnx")
    assert detector.size == (640, 384)
    assert detector.labels[0] == "person"
    assert len(detector.labels) == 80
    assert not detector.whole_frames


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"model": "yolo"}, "no model is called 'yolo'"),
        ({"model": "likes"}, "likes is for depth, which this detector does not do"),
        ({"model": "half", "size": 640}, "half looks at 416x416 pixels only"),
        ({"model": "models/none.onnx"}, "there is no model file .*none.onnx"),
    ],
)
def test_a_model_that_cannot_be_is_refused_before_the_worker(
    data: Path, given: dict[str, object], words: str
) -> None:
    with pytest.raises(Rejected, match=words):
        prepared(data, given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"model": "./SOURCES.md"}, "cannot be read as a model"),
        (
            {"model": "models/emotion_fp16.xml"},
            r"emotion_fp16.xml takes .* \[1, 64, 64, 1\], and not one picture in three colours",
        ),
        (
            {"model": "models/face_detection_yunet_2026may.onnx", "head": "yolox"},
            r"yunet.*\.onnx has the outputs cls_8 .*, but yolox at 416x416 pixels reads one",
        ),
        (
            {"model": "models/movenet_single_pose_lightning_ptq.tflite"},
            r"movenet.* \[1, 1, 17, 3\], which no head reads at 192x192 pixels\. Heads are yolox,",
        ),
        (
            {"model": "models/yolox_nano.onnx", "labels": ["cat", "dog"]},
            r"\[1, 3549, 85\], but yolox reads 80 classes there, and 2 labels are given: list",
        ),
        (
            {"model": "models/yolox_nano_float16_quantize.tflite", "size": 640},
            "no head reads at 640x640.*: it was made for 416x416 pixels, so leave 'size' out",
        ),
    ],
)
def test_a_file_that_is_no_such_model_is_refused(
    make: Make, given: dict[str, object], words: str
) -> None:
    with pytest.raises(Rejected, match=words):
        make(**given)


@pytest.mark.parametrize(
    ("given", "finds"),
    [
        ({}, None),
        ({"model": "yunet"}, ("face",)),
        ({"model": "lwpd_192"}, ("person",)),
        ({"model": "person_reid_0287"}, ()),
        ({"model": "mine.onnx"}, None),
        ({"model": "mine.onnx", "head": "yunet"}, ("face",)),
        ({"model": "mine.onnx", "labels": ["fox", "hen"]}, ("fox", "hen")),
        ({"model": "mine.onnx", "labels": "coco", "head": "yolov8"}, None),
    ],
)
def test_cameras_may_ask_for_what_a_model_finds(
    given: dict[str, object], finds: tuple[str, ...] | None
) -> None:
    found = OpenVino.finds(valid(**given))

    assert (None if found is None else tuple(found)) == finds


def test_what_models_of_the_catalogue_find_is_known_before_they_run() -> None:
    for each in read().values():
        finds = OpenVino.finds(valid(model=each.name))
        asked = label_lists()["coco"] if finds is None else finds
        assert set(each.labels) == set(asked), each.name


def test_a_model_that_tells_things_apart_is_no_cameras_detector(
    tmp_path: Path, registry: Registry
) -> None:
    (tmp_path / "configuration.yaml").write_text(
        """
        detectors: {likes: {platform: openvino, model: person_reid_0287}}
        cameras: {yard: {platform: demo, detect: {detector: likes}}}
        """
    )
    settings = open_configuration(tmp_path, {}, registry, SPECS)

    (problem,) = settings.problems
    assert "detector 'likes' finds nothing: it tells things apart" in str(problem)
    assert "Name it as 'appearance'" in str(problem)


def test_a_file_that_is_not_there_is_told_before_anything_runs(
    tmp_path: Path, registry: Registry
) -> None:
    (tmp_path / "configuration.yaml").write_text(
        "detectors: {mine: {platform: openvino, model: models/none.onnx}}"
    )
    settings = open_configuration(tmp_path, {}, registry, SPECS)

    (problem,) = settings.problems
    assert "there is no model file 'models/none.onnx'" in str(problem)
    assert f"It is looked for at {tmp_path}/models/none.onnx" in str(problem)


def test_a_camera_may_be_told_to_look_for_what_only_its_own_model_knows(
    tmp_path: Path, registry: Registry
) -> None:
    (tmp_path / "hens.onnx").touch()
    (tmp_path / "configuration.yaml").write_text(
        """
        detectors:
          coop: {platform: openvino, model: hens.onnx, labels: [fox, hen]}
          door: {platform: openvino, model: yunet}
        cameras:
          coop: {platform: demo, detect: {detector: coop, objects: [fox]}}
          door: {platform: demo, detect: {detector: door, objects: [face]}}
          yard: {platform: demo, detect: {detector: coop, objects: [person]}}
        """
    )
    settings = open_configuration(tmp_path, {}, registry, SPECS)
    (problem,) = settings.problems
    assert "detector 'coop' knows no 'person'. Known: fox, hen." in str(problem)
