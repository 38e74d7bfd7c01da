"""Messages on their way to the broker; they wait here in order while it is away."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

MOST: Final = 1000  # messages
# A thousand pictures would fill a small machine's memory.
MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(slots=True, kw_only=True, eq=False)
class Outgoing:
    """A message; ``taken`` turns true when the broker has it, false when it has to wait."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    taken: asyncio.Future[bool] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def tell(self, taken: bool) -> None:
        """Answer whoever waits, once."""
        if not self.taken.done():
            self.taken.set_result(taken)


class Outbox:
    """A bounded queue that takes back what was sent but not acknowledged."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._waiting: deque[Outgoing] = deque()
        self._flying: dict[Outgoing, None] = {}
        self._bytes = 0
        self._more = asyncio.Event()
        self.dropped = 0
        """How many messages were given up because too many waited."""

    def __len__(self) -> int:
        return len(self._waiting) + len(self._flying)

    def answers(self) -> set[asyncio.Future[bool]]:
        """Return the answers that are still to come, to messages under way or waiting."""
        return {message.taken for message in (*self._flying, *self._waiting)}

    def add(self, message: Outgoing) -> None:
        """Put a message at the end; the oldest ones that wait make room."""
        self._waiting.append(message)
        self._bytes += len(message.payload)
        while len(self._waiting) > self._most or self._is_heavy():
            self._drop_oldest()
        self._more.set()

    async def next(self) -> Outgoing:
        """Wait for a message and take it out to be sent."""
        while not self._waiting:
            self._more.clear()
            await self._more.wait()
        message = self._waiting.popleft()
        self._flying[message] = None
        return message

    def done(self, message: Outgoing) -> None:
        """Forget a message that the broker has."""
        del self._flying[message]
        self._bytes -= len(message.payload)
        message.tell(True)

    def take_back(self) -> None:
        """Put what is under way back to the front: the connection is lost."""
        for answer in self.answers():
            if not answer.done():
                answer.set_result(False)
        self._waiting.extendleft(reversed(self._flying))
        self._flying.clear()

    def _is_heavy(self) -> bool:
        return self._bytes > self._most_bytes and len(self._waiting) > 1

    def _drop_oldest(self) -> None:
        message = self._waiting.popleft()
        self._bytes -= len(message.payload)
        self.dropped += 1
        message.tell(False)
