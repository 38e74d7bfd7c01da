"""What plugin authors and our own tests stand on: a test hub, a clock to turn, fakes."""

from hub.testing.clock import START, TestClock
from hub.testing.context import TestContext
from hub.testing.hub import TestHub
from hub.testing.pictures import JPEG
from hub.testing.recorder import Events, MemoryJournal

__all__ = ["JPEG", "START", "Events", "MemoryJournal", "TestClock", "TestContext", "TestHub"]
