"""The heads by name, for those who only check a configuration and load no numpy."""

from typing import Final

AUTO: Final = "auto"
"""Stands for the one head that fits a file's outputs."""

NAMES: Final = (
    "yolox",
    "yolov5",
    "yolov6",
    "yolov8",
    "yolov10",
    "ssd",
    "ssd_from_zero",
    "detr",
    "rtdetr",
    "yunet",
    "ultraface",
)
