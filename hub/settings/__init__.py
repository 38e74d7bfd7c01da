"""YAML with line numbers, secrets and includes, checked against the schemas of plugins."""

from hub.settings.document import Document, Places
from hub.settings.environment import FLAG
from hub.settings.loading import load
from hub.settings.model import (
    CameraSettings,
    CaptureSettings,
    ComponentSettings,
    DetectSettings,
    HubSettings,
    LineSettings,
    MotionSettings,
    ReviewSettings,
    Settings,
    ZoneSettings,
)
from hub.settings.notify import notify_action
from hub.settings.offers import Offer, Offers, Unavailable
from hub.settings.resolving import open_configuration, resolve
from hub.settings.words import findings

__all__ = [
    "FLAG",
    "CameraSettings",
    "CaptureSettings",
    "ComponentSettings",
    "DetectSettings",
    "Document",
    "HubSettings",
    "LineSettings",
    "MotionSettings",
    "Offer",
    "Offers",
    "Places",
    "ReviewSettings",
    "Settings",
    "Unavailable",
    "ZoneSettings",
    "findings",
    "load",
    "notify_action",
    "open_configuration",
    "resolve",
]
