"""Events and states on their way to storage."""

from hub.journal.writer import JournalWriter

__all__ = ["JournalWriter"]
