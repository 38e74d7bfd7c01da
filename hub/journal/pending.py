"""What the journal has not stored yet: a bounded queue that drops its oldest."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from hub.api import State, StoredRow


class Batch(NamedTuple):
    """What goes into one commit."""

    rows: Sequence[StoredRow]
    states: dict[str, State | None]


class Pending:
    """Rows in order, and the latest state of each entity that changed."""

    def __init__(self, size: int) -> None:
        self.dropped = 0
        self._size = size
        self._rows: deque[StoredRow] = deque()
        self._states: dict[str, State | None] = {}
        self._taken = Batch((), {})

    def __len__(self) -> int:
        return len(self._rows) + len(self._taken.rows)

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._rows and not self._states

    def add(self, row: StoredRow) -> None:
        """Keep one more row; the oldest goes when there are too many."""
        self._rows.append(row)
        if len(self._rows) > self._size:
            self._rows.popleft()
            self.dropped += 1

    def set(self, entity: str, state: State | None) -> None:
        """Keep an entity's latest state; none means it is gone."""
        self._states[entity] = state

    def take(self, most: int) -> Batch:
        """Begin to store the oldest rows and all states."""
        rows = [self._rows.popleft() for _ in range(min(most, len(self._rows)))]
        self._taken, self._states = Batch(rows, self._states), {}
        return self._taken

    def stored(self) -> None:
        """Forget what was taken: it is safe."""
        self._taken = Batch((), {})

    def failed(self) -> None:
        """Let what was taken wait again, with its place at the front."""
        room = self._size - len(self._rows)
        kept = self._taken.rows[-room:] if room > 0 else ()
        self.dropped += len(self._taken.rows) - len(kept)
        self._rows.extendleft(reversed(kept))
        self._states = self._taken.states | self._states
        self._taken = Batch((), {})

    def rows(self) -> list[StoredRow]:
        """Return every row that may not be stored yet, oldest first."""
        return [*self._taken.rows, *self._rows]
