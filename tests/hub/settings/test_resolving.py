"""What a configuration that is right, or partly right, becomes."""

from zoneinfo import ZoneInfo

from hub.settings import DetectSettings, MotionSettings, ZoneSettings
from tests.hub.settings.conftest import Desk

_ZONE = "{polygon: [[0, 0], [1, 1], [0, 1]]}"


def test_the_options_of_a_camera_land_in_typed_fields(desk: Desk) -> None:
    settings = desk.open("""
        cameras:
          porch:
            platform: lens
            name: Front porch
            source: somewhere
            detect: {fps: 10, objects: person, min_score: 0.7, detector: eye}
            motion: {threshold: 30, settle: 5s, mask: [[[0, 0], [1, 0], [1, 1]]]}
            zones:
              door:
                polygon: [[0, 0], [1, 1], [0, 1]]
                objects: [person]
                enter_after: 1s
          back_yard: {platform: lens, source: elsewhere}
        """)
    assert settings.problems == ()
    porch = settings.cameras["porch"]
    assert (porch.title, porch.plugin, porch.key) == ("Front porch", "lens", "lens")
    assert porch.component.__name__ == "Lens"
    assert porch.options == {"source": "somewhere", "angle": 90}
    assert porch.detect == DetectSettings(
        fps=10.0, objects=("person",), min_score=0.7, detector="eye"
    )
    triangle = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    assert porch.motion == MotionSettings(threshold=30, settle=5.0, mask=(triangle,))
    assert porch.zones == {
        "door": ZoneSettings(
            polygon=((0.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
            objects=("person",),
            enter_after=1.0,
            leave_after=2.0,
        )
    }
    yard = settings.cameras["back_yard"]
    assert yard.title == "Back yard"
    assert yard.detect == DetectSettings(detector="builtin")
    assert yard.motion == MotionSettings()


def test_the_first_detector_looks_where_none_is_named(desk: Desk) -> None:
    settings = desk.open("""
        detectors:
          broken: {platform: eye, size: 1}
          fast: {platform: eye, size: 64}
        cameras:
          a: {platform: lens, source: x}
          b: {platform: lens, source: x, detect: {detector: eye}}
          c: {platform: lens, source: x, detect: {enabled: false}}
        """)
    assert [each.detect.detector for each in settings.cameras.values()] == ["fast", "eye", None]
    assert settings.detectors["fast"].options == {"size": 64}
    assert settings.detectors["eye"].options == {"size": 320}
    assert set(settings.detectors) == {"fast", "eye", "builtin"}


def test_one_that_is_asked_first_is_no_camera_s_only_detector(desk: Desk) -> None:
    settings = desk.open("""
        detectors: {near: {platform: eye}, far: {platform: eye}}
        cameras:
          porch: {platform: lens, source: x, detect: {first: near}}
          yard: {platform: lens, source: x}
        """)
    assert desk.lines(settings) == []
    assert [each.detect.detector for each in settings.cameras.values()] == ["far", "far"]
    assert settings.cameras["porch"].detect.first == "near"
    assert {"near", "far"} <= settings.detectors.keys()


def test_services_that_always_run_need_no_section(desk: Desk) -> None:
    settings = desk.open("")
    assert {name: each.options for name, each in settings.services.items()} == {
        "automation": [],
        "web": {"port": 8080},
    }
    assert settings.problems == ()


def test_nothing_below_a_section_means_its_defaults(desk: Desk) -> None:
    settings = desk.open("web:\nautomation:\ncameras:\nnotify:\nhub:\ndetectors:\n")
    assert settings.problems == ()
    assert settings.services["web"].options == {"port": 8080}


def test_the_hub_has_a_name_a_zone_and_a_folder(desk: Desk) -> None:
    hub = desk.open("hub: {name: Cabin, time_zone: Europe/Oslo, data: ../state}\n").hub
    assert (hub.name, hub.zone) == ("Cabin", ZoneInfo("Europe/Oslo"))
    assert hub.data.is_absolute()
    assert desk.open("").hub.data == desk.folder / "data"


def test_automations_in_several_sections_are_one_list(desk: Desk) -> None:
    settings = desk.open("""
        automation: [{alias: a}, {alias: b}]
        automation kitchen: [{alias: c, camera: nowhere}, {alias: d}]
        automation porch: {alias: e}
        """)
    options = settings.services["automation"].options
    assert [each["alias"] for each in options] == ["a", "b", "d", "e"]
    assert desk.lines(settings) == ["configuration.yaml:2:41: error: unknown camera 'nowhere'"]


def test_what_exists_is_known(desk: Desk) -> None:
    known = desk.open(f"""
        cameras:
          porch:
            platform: lens
            source: x
            detect: {{objects: [person, teddy bear]}}
            zones: {{door: {_ZONE}}}
        notify: {{phone: {{platform: bell}}}}
        broker: {{host: here}}
        automation: [{{alias: one}}]
        """).known
    assert known.cameras["porch"].zones == {"door"}
    assert known.cameras["porch"].objects == {"person", "teddy bear"}
    assert known.entities == {
        "camera.porch",
        "binary_sensor.porch_motion",
        "sensor.porch_review",
        "binary_sensor.porch_door_occupied",
        "sensor.porch_door_dwell",
        "sensor.porch_door_entered_today",
        "sensor.porch_door_person_count",
        "sensor.porch_door_teddy_bear_count",
        "automation.one",
        "sensor.detector_builtin_inference_ms",
        "sensor.detector_builtin_queue_ms",
        "sensor.detector_builtin_load",
        "sensor.detector_builtin_dropped",
    }
    assert set(known.actions) == {"camera.snapshot", "broker.publish", "notify.phone"}
    assert known.loaded == {"lens", "bell", "broker", "automation", "web", "builtin"}
    assert "torn" in known.plugins
    assert "zone.entered" in known.events


def test_the_smallest_part_is_left_out(desk: Desk) -> None:
    settings = desk.open(f"""
        hub: {{name: 5, nick: x, log_level: debug}}
        cameras:
          unknown_key: {{platform: lens, source: x, foo: 1, login: {{user: u, bar: 2}}}}
          bad_zone: {{platform: lens, source: x, zones: {{a: {_ZONE}, b: {{}}}}}}
          bad_option: {{platform: lens, source: x, angle: 200}}
        detectors: {{fine: {{platform: eye}}, wrong: {{platform: eye, size: 1}}}}
        notify: {{fine: {{platform: bell}}, wrong: {{platform: bell, times: 0}}}}
        broker: {{port: 1}}
        web: {{port: none}}
        automation: [{{alias: One}}, {{alias: Two, camera: nowhere}}, [], {{id: x, action: y}}]
        """)
    assert settings.hub.name == "Home"
    assert settings.hub.log_level == "debug"
    assert settings.cameras["unknown_key"].options["login"] == {"user": "u"}
    assert set(settings.cameras["bad_zone"].zones) == {"a"}
    assert "bad_option" not in settings.cameras
    assert set(settings.detectors) == {"fine", "builtin"}
    assert set(settings.notifiers) == {"fine"}
    assert set(settings.services) == {"automation", "web"}
    assert settings.services["web"].options == {"port": 8080}
    assert settings.services["automation"].options == [{"alias": "One"}]
    assert set(settings.left_out) == {
        "key 'name' of section 'hub'",
        "key 'nick' of section 'hub'",
        "key 'foo' of camera 'unknown_key'",
        "key 'bar' of camera 'unknown_key'",
        "zone 'b' of camera 'bad_zone'",
        "camera 'bad_option'",
        "detector 'wrong'",
        "notifier 'wrong'",
        "section 'broker'",
        "section 'web'",
        "automation 'Two'",
        "automation number 3",
        "automation 'x'",
    }


def test_what_needs_something_left_out_is_left_out_too(desk: Desk) -> None:
    settings = desk.open(f"""
        cameras:
          porch: {{platform: lens, source: x, zones: {{gate: {{}}, door: {_ZONE}}}}}
          yard: {{platform: lens}}
        automation:
          - {{alias: gate, camera: porch, zone: gate}}
          - {{alias: door, camera: porch, zone: door}}
          - {{alias: yard, camera: yard}}
          - {{alias: both, entity: automation.yard}}
        """)
    assert [each["alias"] for each in settings.services["automation"].options] == ["door"]
    assert desk.lines(settings) == [
        (
            "configuration.yaml:2:46: error: missing key 'polygon'. "
            "polygon: Corners as [x, y], fractions of the picture."
        ),
        "configuration.yaml:3:3: error: missing key 'source'. source: Where it is.",
        (
            "configuration.yaml:5:40: error: unknown zone 'gate'. "
            "It was left out because of another error."
        ),
        (
            "configuration.yaml:7:27: error: unknown camera 'yard'. "
            "It was left out because of another error."
        ),
        (
            "configuration.yaml:8:27: error: unknown entity 'automation.yard'. "
            "It was left out because of another error."
        ),
    ]


def test_a_syntax_error_takes_only_its_own_block_along(desk: Desk) -> None:
    settings = desk.open(
        {
            "configuration.yaml": """
                cameras:
                  porch: {platform: lens, source: x}
                  yard:
                    platform: lens
                    source: "never closed
                  gate: {platform: lens, source: x}
                web: {port: 1}
                automation: !include automations.yaml
                """,
            "automations.yaml": """
                - alias: first
                - alias: second
                  text: a: b
                - alias: third
                """,
        }
    )
    assert set(settings.cameras) == {"porch", "gate"}
    assert settings.services["web"].options == {"port": 1}
    automations = settings.services["automation"].options
    assert [each["alias"] for each in automations] == ["first", "third"]
    assert [str(each.place).rpartition("/")[2] for each in settings.problems] == [
        "configuration.yaml:5:13",
        "automations.yaml:3:10",
    ]


def test_a_part_with_a_missing_secret_is_left_out(desk: Desk) -> None:
    settings = desk.open("""
        cameras:
          porch: {platform: lens, source: !secret none}
          yard: {platform: lens, source: x}
        automation: [{alias: a, text: !secret none}, {alias: b}]
        """)
    assert set(settings.cameras) == {"yard"}
    assert settings.left_out == ("camera 'porch'", "automation 'a'")
    assert len(settings.problems) == 2


def test_the_same_files_give_equal_settings(desk: Desk) -> None:
    text = f"cameras: {{a: {{platform: lens, source: x, zones: {{z: {_ZONE}}}}}}}\n"
    first, second = desk.open(text), desk.open(text)
    assert first.cameras == second.cameras
    assert first.services == second.services
    changed = desk.open(text.replace("source: x", "source: y"))
    assert changed.cameras["a"] != first.cameras["a"]


def test_an_environment_override_reaches_the_settings(desk: Desk) -> None:
    settings = desk.open(
        "cameras: {porch: {platform: lens, source: x, detect: {fps: 5}}}\n",
        {"WATCHPOST__CAMERAS__PORCH__DETECT__FPS": "10", "WATCHPOST__WEB__PORT": "no"},
    )
    assert settings.cameras["porch"].detect.fps == 10.0
    assert desk.lines(settings) == [
        "environment:WATCHPOST__WEB__PORT:1:1: error: expected a number, got false"
    ]
