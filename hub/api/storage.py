"""A row of the journal."""

from datetime import datetime

from msgspec import Struct


class StoredRow(Struct, frozen=True, kw_only=True, gc=False):
    """An event as it is stored: its JSON in full, and the columns it is found by."""

    sequence: int
    time: datetime
    type: str
    body: bytes
