"""The parts around the product: a camera, a broker and the configuration of the README."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.broker import Broker
from tests.servers.clips import Clip
from tests.servers.rtsp import RtspServer

CONFIGURATION = """\
cameras:
  porch:
    platform: rtsp
    source: !secret porch_url                       # rtsp://viewer:...@10.0.0.7/sub in secrets.yaml
    detect: {{fps: 5, objects: [person]}}
    zones:
      doorstep: {{polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 1], [0.3, 1]], enter_after: 0.4s, leave_after: 2s}}
mqtt: {{host: 127.0.0.1, port: {port}}}
automation: !include automations.yaml
"""  # noqa: E501 - as the README has it

AUTOMATIONS = """\
- alias: Someone at the door
  triggers:
    - trigger: zone
      camera: porch
      zone: doorstep
      object: person
      event: enter
  conditions: "{{ trigger.score > 0.5 }}"
  actions:
    - action: camera.snapshot
      data: {camera: porch}
      response_variable: shot
    - action: mqtt.publish
      data: {topic: house/door, payload: "{{ trigger.object }} on the {{ trigger.zone }} ({{ shot.path }})"}
"""  # noqa: E501 - as the README has it


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with Broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def camera(data: Path) -> Iterator[RtspServer]:
    clip = Clip.read(data / "footage" / "people-detection.mp4")
    with RtspServer(clip, auth="digest", password="s3cr3t-porch") as server:  # noqa: S106
        yield server


@pytest.fixture
def house(tmp_path: Path, broker: Broker, camera: RtspServer) -> Path:
    """A configuration folder as the README shows it."""
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION.format(port=broker.port))
    (tmp_path / "automations.yaml").write_text(AUTOMATIONS)
    (tmp_path / "secrets.yaml").write_text(f"porch_url: {camera.url()}\n")
    (tmp_path / "secrets.yaml").chmod(0o600)
    return tmp_path
