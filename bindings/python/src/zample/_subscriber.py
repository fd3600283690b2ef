"""The subscriber: a socket, and the follower that makes sense of what comes through it."""

import contextlib
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import zmq

from ._discovery import resolve
from ._errors import EngineGone, EngineNotFound
from ._follow import Follower, Item, NoAnswer
from ._link import Link, LinkDown
from ._state import Snapshot

_PAUSE_SEC = 0.05
"""Between two attempts to connect."""


class Subscriber:
    """Follows one engine.

        with zample.Subscriber("engine-4711-1") as subscriber:
            for event in subscriber:
                print(event)

    It belongs to one thread at a time. It does not hold the engine up, however slowly it reads: what it could
    not take is told by a Lost item, and the state is right again with the next.
    """

    def __init__(
        self, endpoint_or_name: str | None = None, *, timeout: float = 5.0, telemetry: bool = False
    ) -> None:
        """Connects and takes the snapshot.

        endpoint_or_name: an ipc:// endpoint or the name of one of this user's engines; None is the only one
        that runs. timeout: seconds that the engine has to appear and to send its snapshot, now and after a
        loss. telemetry: Meter items too, among the events; a loss then shows with the next of them.

        EngineNotFound if nobody answers within the timeout. ValueError if the endpoint is none.
        """
        self._endpoint = resolve(endpoint_or_name)
        self._timeout = timeout
        self._topics = ["evt/", "tel/"] if telemetry else ["evt/"]
        self._follower = Follower(timeout)
        self._link: Link | None = None
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._join(time.monotonic() + timeout)
        except BaseException:
            self.close()
            raise

    @property
    def endpoint(self) -> str:
        return self._endpoint

    @property
    def snapshot(self) -> Snapshot:
        """The state as the engine told it: at the start, or after the newest loss."""
        assert self._follower.snapshot is not None
        return self._follower.snapshot

    @property
    def state(self) -> Snapshot:
        """The state after the newest event that was taken from here."""
        assert self._follower.state is not None
        return self._follower.state

    @property
    def ended(self) -> bool:
        """The engine said that it ends: nothing more will come."""
        return self._follower.ended

    def poll(self, timeout: float | None = 0) -> Item | None:
        """The next item, or None if none came within timeout seconds (None is for ever) or the engine ended.

        EngineGone if the engine is there no more and had not said that it ends.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.ended:
            try:
                message = self._receive(deadline)
            except LinkDown:
                raise EngineGone(f"the engine at {self._endpoint} ended without saying so") from None
            except NoAnswer:
                raise EngineGone(
                    f"the engine at {self._endpoint} sent no snapshot within {self._timeout:g} s"
                ) from None
            if message is None:
                if deadline is not None and time.monotonic() >= deadline:
                    return None
            elif (item := self._follower.feed(message)) is not None:
                return item
        return None

    def __iter__(self) -> Iterator[Item]:
        """The items as they come, until the engine ends."""
        while (item := self.poll(None)) is not None:
            yield item

    def close(self) -> None:
        """Lets go of the engine. snapshot and state can still be read; a second call does nothing."""
        if self._link is not None:
            self._link.close()
            self._link = None
        self._context.term()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _join(self, deadline: float) -> None:
        while True:
            self._link = Link(self._context, self._endpoint)
            self._follower = Follower(self._timeout)
            for topic in self._topics:
                self._link.subscribe(topic)
            with contextlib.suppress(LinkDown):
                if self._takes_snapshot(deadline):
                    return
            if time.monotonic() + _PAUSE_SEC >= deadline:
                raise EngineNotFound(f"no engine answered at {self._endpoint} within {self._timeout:g} s")
            self._link.close()
            time.sleep(_PAUSE_SEC)

    def _takes_snapshot(self, deadline: float) -> bool:
        while self._follower.behind:
            try:
                message = self._receive(deadline)
            except NoAnswer:
                return False
            if message is not None:
                self._follower.feed(message)
            elif time.monotonic() >= deadline:
                return False
        return True

    def _receive(self, deadline: float | None) -> list[bytes] | None:
        """The next message, or None at the deadline, or earlier if the follower is to be tended."""
        if self._link is None:
            raise ValueError("this subscriber is closed")
        now = time.monotonic()
        wanted, unwanted = self._follower.tend(now)
        for topic in wanted:
            self._link.subscribe(topic)
        for topic in unwanted:
            self._link.unsubscribe(topic)
        until = [when for when in (deadline, self._follower.alarm) if when is not None]
        return self._link.receive(max(0.0, min(until) - now) if until else None)
