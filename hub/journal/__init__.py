"""Events, states and traces on their way to storage."""

from hub.journal.traces import TraceStore
from hub.journal.writer import JournalWriter

__all__ = ["JournalWriter", "TraceStore"]
