"""How much a template may ask of the machine: Jinja's sandbox bounds what is reached, not how much.

Time is bounded by a timer of the process's own CPU time, which also stops a regular expression
that backtracks without end; sizes are looked at before the memory is taken.
"""

import re
import signal
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any, Final

from jinja2.exceptions import SecurityError

# A template over a thousand entities takes a few milliseconds on a small board; whoever needs
# more than this holds up cameras and people.
TIME: Final = 0.05  # seconds of CPU time
_AGAIN: Final = 0.005  # seconds
SIZE: Final = 262_144  # characters of a text, as in Home Assistant; also items of a list
BITS: Final = 4_096  # of a whole number
_NESTED: Final = (list, tuple, set, frozenset, Mapping)
_WIDTH: Final = re.compile(r"\d{5,}|\*|\{[^{}]*\{")


class TooMuch(SecurityError):
    """A template asked for more than it may have."""


class Limit:
    """Stops what runs inside its ``with`` once it has used too much time.

    Only the main thread can be stopped; elsewhere nothing is rendered but in tests.
    """

    _armed = False
    _installed = False

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if not Limit._installed:
            signal.signal(signal.SIGVTALRM, Limit._ring)
            Limit._installed = True
        Limit._armed = True
        signal.setitimer(signal.ITIMER_VIRTUAL, TIME)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if Limit._armed:
            Limit._armed = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    @staticmethod
    def _ring(_: int, frame: FrameType | None) -> None:
        if not Limit._armed:
            return
        if frame is not None and frame.f_code.co_filename == weakref.__file__:
            # The collector runs a callback, which would swallow the error; and it is its time.
            signal.setitimer(signal.ITIMER_VIRTUAL, _AGAIN)
            return
        Limit._armed = False
        raise TooMuch(f"it takes more than {TIME * 1000:.0f} ms to compute")


def joined(parts: Iterable[Any]) -> str:
    """Join texts, up to a size."""
    kept: list[str] = []
    size = 0
    for each in parts:
        text = str(written(each))
        size += len(text)
        if size > SIZE:
            raise TooMuch(f"its text is longer than {SIZE} characters")
        kept.append(text)
    return "".join(kept)


def printable(value: object) -> None:
    """Refuse to write out a list or mapping whose text would be too long.

    A list that holds one long text many times takes little memory until it is written.
    """
    size = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, _NESTED):
            waiting += each
        size += len(each) if isinstance(each, str | bytes) else 1
        if size > SIZE or len(waiting) > SIZE:
            raise TooMuch(f"its text is longer than {SIZE} characters")


def written(value: Any) -> Any:
    """Return what is to be written out, unless its text would be too long."""
    if isinstance(value, _NESTED):
        printable(value)
    return value


def length(wanted: object) -> None:
    """Refuse a length or width that nobody needs."""
    if isinstance(wanted, int) and wanted > SIZE:
        raise TooMuch(f"{wanted} is too long")


def product(left: Any, right: Any) -> None:
    """Refuse a repetition or a number that grows without bound."""
    if isinstance(left, int) and isinstance(right, Sequence):
        left, right = right, left
    if isinstance(left, Sequence) and isinstance(right, int):
        length(len(left) * right)
    elif isinstance(left, int) and isinstance(right, int):
        _bits(left.bit_length() + right.bit_length())


def power(left: Any, right: Any) -> None:
    """Refuse a power that takes long to compute."""
    if isinstance(left, int) and isinstance(right, int):
        _bits(left.bit_length() * abs(right))


def addition(left: Any, right: Any) -> None:
    """Refuse two texts or lists that are too long together."""
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        length(len(left) + len(right))


def pattern(text: object) -> None:
    """Refuse a format with a width of its own choosing, such as ``%99999999d``."""
    if isinstance(text, str) and _WIDTH.search(text):
        raise TooMuch("a format with such a width is not allowed")


def method(text: str, name: str, given: Sequence[Any]) -> None:
    """Refuse a text's method that would make it too long."""
    if name in {"center", "expandtabs", "ljust", "rjust", "zfill"}:
        length(given[0] if given else 0)
    elif name == "replace" and len(given) > 1:
        replacement(text, given[0], given[1])


def replacement(text: object, old: object, new: object) -> None:
    """Refuse a replacement that would make a text too long."""
    if isinstance(text, str) and isinstance(old, str) and isinstance(new, str):
        length(len(text) + (text.count(old)) * max(len(new) - len(old), 0))


def _bits(wanted: int) -> None:
    if wanted > BITS:
        raise TooMuch("a number that large is not allowed")
