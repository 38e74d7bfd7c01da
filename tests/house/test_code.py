"""Rules about the source that no other tool of ours knows."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.conftest import PACKAGES, Module, called

LONGEST_MODULE = 400  # lines
LONGEST_FUNCTION = 40  # lines
NO_NAMES = {"utils", "util", "helpers", "helper", "const", "constants", "common", "manager"}

# Where a plugin's or a user's own code is called, so that what it raises ends there.
BOUNDARIES = {
    "automations/eager.py",  # steps a coroutine: what is thrown in must be handed on
    "hub/actions.py",  # an action's handler
    "hub/app/detectors.py",  # a detector's prepare
    "hub/bus.py",  # a listener
    "hub/ingest/feed.py",  # a camera's packets
    "hub/ingest/holding.py",  # a camera's description of its streams
    "hub/journal/writer.py",  # the storage
    "hub/plugins/discovery.py",  # a plugin's module
    "hub/plugins/hooks.py",  # a plugin's hooks, starts, stops, listeners and timers
    "hub/vision/darkroom.py",  # a picture: what fails there must not end every camera's worker
    "hub/vision/desk.py",  # a detector's submit
    "hub/vision/likes.py",  # a detector that tells things apart
    "hub/vision/loading.py",  # a detector's load, its first answer and its end
    "hub/vision/watching.py",  # a camera's thread: what fails there is this camera's alone
    "hub/vision/worker.py",  # a detector's load
}


def test_every_module_says_why_it_exists(modules: list[Module]) -> None:
    silent = [each.path for each in modules if each.text.strip() and not _docstring(each)]

    assert silent == []


def test_modules_are_short(modules: list[Module]) -> None:
    lines = {each.path: each.text.count("\n") for each in modules}

    assert {path: count for path, count in lines.items() if count > LONGEST_MODULE} == {}


def test_functions_are_short(modules: list[Module]) -> None:
    long = {
        f"{module.path}:{each.lineno} {each.name}": lines
        for module in modules
        for each in _functions(module)
        if (lines := (each.end_lineno or 0) - each.lineno + 1) > LONGEST_FUNCTION
    }

    assert long == {}


def test_no_module_is_a_drawer_for_everything(modules: list[Module]) -> None:
    parts = {part for each in modules for part in each.path.removesuffix(".py").split("/")}

    assert parts & NO_NAMES == set()


def test_anything_is_caught_only_where_foreign_code_is_called(modules: list[Module]) -> None:
    broad = {each.path for each in modules if any(_swallows(each))}

    assert broad == BOUNDARIES


def test_ffmpeg_is_told_which_protocols_it_may_use(modules: list[Module]) -> None:
    opened = Counter[str]()
    for module in modules:
        for function in _functions(module):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and called(call) == "av.open":
                    opened[module.path] += 1
                    assert _whitelists(call, function), f"{module.path}:{call.lineno}"

    assert opened  # or this looks in the wrong place
    everywhere = sum(
        called(call) == "av.open" for module in modules for call in module.calls("open")
    )
    assert opened.total() == everywhere


def test_no_command_goes_through_a_shell(modules: list[Module]) -> None:
    shells = [
        f"{module.path}:{call.lineno}"
        for module in modules
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        and (
            called(call) in {"os.system", "os.popen", "asyncio.create_subprocess_shell"}
            or any(each.arg == "shell" for each in call.keywords)
        )
    ]

    assert shells == []


def test_archives_are_never_extracted_blindly(modules: list[Module]) -> None:
    for name in ("extractall", "unpack_archive"):
        assert [each.path for each in modules if any(each.calls(name))] == []


def test_yaml_is_never_loaded_with_objects(modules: list[Module]) -> None:
    unsafe = {"yaml.load", "yaml.full_load", "yaml.unsafe_load", "yaml.load_all", "pickle.loads"}
    used = [
        f"{module.path}:{call.lineno}"
        for module in modules
        for name in ("load", "full_load", "unsafe_load", "load_all", "loads")
        for call in module.calls(name)
        if called(call) in unsafe
    ]

    assert used == []


def _docstring(module: Module) -> str | None:
    return ast.get_docstring(module.tree)


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _swallows(module: Module) -> Iterator[ast.AST]:
    """Yield what catches everything and does not always raise it again."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _broad(node.type):
            last = node.body[-1]
            if not (isinstance(last, ast.Raise) and last.exc is None):
                yield node
        if isinstance(node, ast.Call) and called(node).endswith("suppress"):
            yield from (each for each in node.args if _broad(each))


def _broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    named = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(ast.unparse(each) in {"Exception", "BaseException"} for each in named)


def _whitelists(call: ast.Call, function: ast.AST) -> bool:
    """Say whether the options given hold the whitelist, there or where they were made."""
    given = next((each.value for each in call.keywords if each.arg == "options"), None)
    if isinstance(given, ast.Name):
        made = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == given.id
        ]
        given = made[0] if len(made) == 1 else None
    if not isinstance(given, ast.Dict) or not given.keys:
        return False
    # The last entry, so that nothing given by a camera can take its place.
    last = given.keys[-1]
    return isinstance(last, ast.Constant) and last.value == "protocol_whitelist"


def test_openvino_is_imported_only_where_it_is_kept_quiet(root: Path) -> None:
    """It reports every import to Google Analytics, from a test's process too."""
    quiet = "openvino_telemetry"
    loud = [
        path.relative_to(root).as_posix()
        for folder in (*PACKAGES, "tests")
        for path in sorted((root / folder).rglob("*.py"))
        if "node_modules" not in path.parts
        if re.search(r"^\s*(import|from) openvino\b", path.read_text(), re.MULTILINE)
        and quiet not in path.read_text()
    ]

    assert loud == ["tests/detectors/openvino/built.py"]  # after the guarded import
