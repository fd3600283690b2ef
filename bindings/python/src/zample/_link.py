"""One connection to one engine.

It never reconnects: behind the same endpoint another engine may have begun to count anew, and its events
would pass for those of the first. That the connection has ended is told by the socket's monitor, and only
after all that came through it was received.
"""

import time

import zmq
from zmq.utils.monitor import recv_monitor_message

WAITING_MESSAGES = 10_000

_NEVER_MS = 86_400_000
"""A day. ZeroMQ's own value for never, -1, throws away what came before the end and was not received yet."""


class LinkDown(Exception):
    """The connection ended, or there was nobody to connect to."""


class Link:
    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str) -> None:
        self._down = False
        self._socket = context.socket(zmq.SUB)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RCVHWM, WAITING_MESSAGES)
        self._socket.setsockopt(zmq.RECONNECT_IVL, _NEVER_MS)
        self._monitor = self._socket.get_monitor_socket(zmq.EVENT_CLOSED | zmq.EVENT_DISCONNECTED)
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)
        try:
            self._socket.connect(endpoint)
        except BaseException:
            self.close()
            raise

    def subscribe(self, topic: str) -> None:
        self._socket.subscribe(topic)

    def unsubscribe(self, topic: str) -> None:
        self._socket.unsubscribe(topic)

    def receive(self, seconds: float | None) -> list[bytes] | None:
        """The next message, or None if none came within the time; None as the time is for ever."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                return self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                if self._down:
                    raise LinkDown from None
            ready = dict(self._poller.poll(_milliseconds_until(deadline)))
            if self._monitor in ready:
                recv_monitor_message(self._monitor)
                self._down = True
            elif not ready:
                return None

    def close(self) -> None:
        if self._socket.closed:
            return
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(0)


def _milliseconds_until(deadline: float | None) -> int | None:
    if deadline is None:
        return None
    return max(0, min(int((deadline - time.monotonic()) * 1000) + 1, 1_000_000_000))
