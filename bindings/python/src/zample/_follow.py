"""Following an engine, without a socket and without a clock: messages and times go in, events come out.

Whoever owns the socket calls tend () before each wait and does as it says, waits no longer than until alarm,
and feeds each message. Nothing here blocks, so that any kind of loop can run it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from ._events import Event, Meter, read_event, read_telemetry
from ._state import Snapshot, advance
from ._wire import parse, read

_ASK_AGAIN_SEC = 0.5


@dataclass(frozen=True, kw_only=True)
class Lost:
    """So many events are missing here, because this program read too slowly; snapshot is what they led to."""

    count: int
    snapshot: Snapshot


Item = Event | Lost | Meter


class NoAnswer(Exception):
    """No snapshot came within the timeout."""


class Follower:
    """The protocol's state machine. Times are seconds of any clock that never goes back."""

    def __init__(self, timeout: float) -> None:
        self.snapshot: Snapshot | None = None
        """The newest that the engine sent."""
        self.state: Snapshot | None = None
        """The snapshot and all events since."""
        self.behind = True
        """A snapshot is needed: events are thrown away until it comes."""
        self.alarm: float | None = None
        """When tend () is due again; None while nothing is awaited."""
        self._timeout = timeout
        self._overdue: float | None = None
        self._asked: list[str] = []

    def tend(self, now: float) -> tuple[list[str], list[str]]:
        """The topics to subscribe to and those to unsubscribe from. NoAnswer if the snapshot is overdue.

        A snapshot is asked for more than once: while the engine has more to say than this program reads, the
        answer itself can be lost.
        """
        if not self.behind:
            answered, self._asked = self._asked, []
            self.alarm = self._overdue = None
            return [], answered
        if self._overdue is None:
            self._overdue = now + self._timeout
        if now >= self._overdue:
            raise NoAnswer
        if self.alarm is not None and now < self.alarm:
            return [], []
        self.alarm = min(now + _ASK_AGAIN_SEC, self._overdue)
        self._asked.append(f"snap/{uuid.uuid4().hex}")
        return self._asked[-1:], []

    @property
    def ended(self) -> bool:
        return self.state is not None and self.state.closed

    def feed(self, message: Sequence[bytes]) -> Item | None:
        """What the message brings to the user, if anything.

        A message that is not of the protocol's form is passed over. If it was an event, then the next one
        shows a gap, and the state is mended by a snapshot as it is after any other loss.
        """
        if len(message) != 2:
            return None
        topic, body = message
        try:
            if topic.startswith(b"evt/"):
                return self._take_event(body)
            if topic.startswith(b"snap/"):
                return self._take_snapshot(topic, body)
            if topic.startswith(b"tel/"):
                return self._take_telemetry(body)
        except ValueError:
            pass
        return None

    def _take_event(self, body: bytes) -> Event | None:
        if self.behind or self.state is None:
            return None
        event = read_event(parse(body))
        if event.seq <= self.state.seq:
            return None
        if event.seq > self.state.seq + 1:
            self.behind = True
            return None
        self.state = advance(self.state, event)
        return event

    def _take_telemetry(self, body: bytes) -> Meter | None:
        if self.behind or self.state is None:
            return None
        meter = read_telemetry(parse(body))
        if meter is not None and meter.events > self.state.seq:
            self.behind = True
        return meter

    def _take_snapshot(self, topic: bytes, body: bytes) -> Lost | None:
        if not self.behind or topic.decode("ascii", "replace") not in self._asked:
            return None
        snapshot = read(Snapshot, parse(body))
        before, self.snapshot, self.state = self.state, snapshot, snapshot
        self.behind = False
        if before is None:
            return None
        return Lost(count=max(snapshot.seq - before.seq, 0), snapshot=snapshot)
