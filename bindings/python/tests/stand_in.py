"""A stand-in for an engine, for faults that a real one does not have: it publishes what a test tells it."""

import json
import queue
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import zmq

SNAPSHOT: dict[str, Any] = {
    "seq": 0,
    "type": "snapshot",
    "frame": 0,
    "name": "stand-in",
    "version": "0.1.0",
    "rate_hz": 48000,
    "device": None,
    "slots": [],
    "jobs": [],
    "voices": [],
}


def event(seq: int, kind: str = "recording", **fields: Any) -> list[bytes]:
    """The message of an event; without more it is one that changes nothing."""
    raw = {"seq": seq, "type": kind, "id": 0, "frame": seq * 64, "count": 1, **fields}
    return [f"evt/{kind}/{raw['id']}/".encode(), json.dumps(raw).encode()]


class StandIn:
    def __init__(self, folder: Path, *, deaf_for: int = 0) -> None:
        """deaf_for: so many requests for a snapshot are not answered."""
        self.endpoint = f"ipc://{folder / 'events'}"
        self.snapshot = dict(SNAPSHOT)
        self.asked = 0
        self.deaf_for = deaf_for
        self._to_publish: queue.SimpleQueue[list[bytes]] = queue.SimpleQueue()
        self._ends = threading.Event()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.XPUB)
        self._socket.setsockopt(zmq.XPUB_VERBOSE, 1)
        self._socket.setsockopt(zmq.LINGER, 1000)
        self._socket.bind(self.endpoint)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def publish(self, *messages: list[bytes]) -> None:
        for message in messages:
            self._to_publish.put(message)

    def close(self) -> None:
        self._ends.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            ending = self._ends.is_set()
            while not self._to_publish.empty():
                self._socket.send_multipart(self._to_publish.get())
            if ending:
                break
            if self._socket.poll(5):
                self._answer(self._socket.recv())
        self._socket.close()
        self._context.term()

    def _answer(self, request: bytes) -> None:
        if not request.startswith(b"\x01snap/"):
            return
        self.asked += 1
        if self.asked > self.deaf_for:
            self._socket.send_multipart([request[1:], json.dumps(self.snapshot).encode()])
