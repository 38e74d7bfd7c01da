"""A camera, a detector, a notifier, a service and a list of rules, as plugins would offer them."""

from tests.hub.shelf import Shelf

_LENS = """
    from hub.api import Camera, Problem, hookimpl, schema

    class Lens(Camera):
        KEY = "lens"
        SCHEMA = {
            schema.required("source", "Where it is."): schema.text,
            schema.optional("angle", "In degrees.", 90): schema.number(1, 180),
            schema.optional("login", "Who we are."): {
                schema.required("user", "The name."): schema.text,
                schema.optional("password", "The password."): schema.text,
            },
            schema.optional("modes", "Some words."): [schema.choice("day", "night")],
        }

        @classmethod
        def check(cls, options, known):
            if options["source"].startswith("exec:"):
                yield Problem(path=("source",), words="a camera is not a command")

    @hookimpl
    def hub_components():
        return [Lens]
"""
_EYE = """
    from hub.api import Detector, hookimpl, schema

    class Eye(Detector):
        KEY = "eye"
        LABELS = ("person", "gnome")
        SCHEMA = {schema.optional("size", "In pixels.", 320): schema.whole(32, 1280)}
        labels, size = LABELS, (320, 320)
        def load(self): ...
        def submit(self, region, camera, done): ...
        def likeness(self, regions): ...

    @hookimpl
    def hub_components():
        return [Eye]
"""
_BUILTIN = """
    from hub.api import Detector, hookimpl

    class Builtin(Detector):
        KEY = "builtin"
        labels, size = ("person",), (320, 320)
        def load(self): ...
        def submit(self, region, camera, done): ...

    @hookimpl
    def hub_components():
        return [Builtin]
"""
_BELL = """
    from hub.api import Notifier, hookimpl, schema

    class Bell(Notifier):
        KEY = "bell"
        SCHEMA = {schema.optional("times", "How often.", 1): schema.whole(1, 9)}
        async def send(self, message): ...

    @hookimpl
    def hub_components():
        return [Bell]
"""
_BROKER = """
    from hub.api import ActionSpec, Service, hookimpl, schema

    class Broker(Service):
        KEY = "broker"
        SCHEMA = {
            schema.required("host", "Its address."): schema.text,
            schema.optional("port", "Its port.", 1883): schema.whole(1, 65535),
        }
        ACTIONS = (ActionSpec(name="broker.publish", description="Say something."),)

    @hookimpl
    def hub_components():
        return [Broker]
"""
_WEB = """
    from hub.api import Service, hookimpl, schema

    class Web(Service):
        KEY = "web"
        SCHEMA = {schema.optional("port", "Its port.", 8080): schema.whole(0, 65535)}

    @hookimpl
    def hub_components():
        return [Web]
"""
_AUTOMATION = """
    from hub.api import Problem, Service, did_you_mean, hookimpl

    class Automation(Service):
        KEY = "automation"
        LIST = True

        @classmethod
        def entities(cls, options):
            return [f"automation.{each['alias']}" for each in options if "alias" in (each or {})]

        @classmethod
        def check(cls, options, known):
            names = {"camera": known.cameras, "action": known.actions, "entity": known.entities}
            for index, each in enumerate(options):
                if not isinstance(each, dict):
                    yield Problem(path=(index,), words="expected an automation")
                    continue
                for kind, there in names.items():
                    if kind in each and each[kind] not in there:
                        words = f"unknown {kind} '{each[kind]}'"
                        hint = did_you_mean(str(each[kind]), there)
                        yield Problem(path=(index, kind), words=words, hint=hint)
                if "zone" in each and each["zone"] not in known.cameras[each["camera"]].zones:
                    yield Problem(path=(index, "zone"), words=f"unknown zone '{each['zone']}'")

    @hookimpl
    def hub_components():
        return [Automation]
"""
_CRASH = """
    from hub.api import Service, hookimpl, schema

    def explode(value):
        raise KeyError("oh no")

    class Crash(Service):
        KEY = "crash"
        SCHEMA = {schema.required("fuse", "Lit."): explode}

    @hookimpl
    def hub_components():
        return [Crash]
"""


def install(shelf: Shelf) -> None:
    """Put all of them on a shelf."""
    shelf.put("lens", _LENS)
    shelf.put("eye", _EYE)
    shelf.put("builtin", _BUILTIN)
    shelf.put("bell", _BELL)
    shelf.put("broker", _BROKER)
    shelf.put("web", _WEB)
    shelf.put("automation", _AUTOMATION)
    shelf.put("crash", _CRASH)
    shelf.put("torn", "import there_is_no_such_module")
