"""A real engine in a process of its own: tests/support/host.c, which obeys one line at a time."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import zample

PATIENCE_SEC = 120.0
"""No test waits for longer; sanitizers and loaded machines are slow."""


class Refused(Exception):
    """The engine answered with an error."""


class Host:
    def __init__(self, program: Path, *options: str) -> None:
        self._process = subprocess.Popen(
            [program, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._heard = b""
        try:
            self.endpoint = self._answer()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, line: str) -> str:
        """What stands after "ok"."""
        self.send([line])
        return self._answer()

    def send(self, lines: Iterable[str]) -> None:
        """Without waiting for answers: there have to be few enough for them to wait in the pipe."""
        self.send_bytes("".join(f"{line}\n" for line in lines).encode())

    def send_bytes(self, lines: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(lines)

    def answers(self, count: int) -> list[str]:
        return [self._answer() for _ in range(count)]

    def number(self, line: str) -> int:
        return int(self.ask(line))

    def frame(self) -> int:
        """The next frame to be rendered."""
        return int(self.ask("clock").split()[0])

    def quit(self) -> None:
        self.send(["quit"])
        self.wait()

    def wait(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        status = self._process.wait(PATIENCE_SEC)
        self._process.stdout.close()
        assert status == 0, f"the host ended with {status}"

    def kill(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE_SEC)
        self._process.stdin.close()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.returncode is None:
            self.kill() if error else self.wait()

    def _answer(self) -> str:
        line = self._line()
        if line.startswith("error "):
            raise Refused(line.removeprefix("error "))
        assert line == "ok" or line.startswith("ok "), line
        return line.removeprefix("ok").removeprefix(" ")

    def _line(self) -> str:
        assert self._process.stdout is not None
        deadline = time.monotonic() + PATIENCE_SEC
        while b"\n" not in self._heard:
            left = max(0.0, deadline - time.monotonic())
            assert select.select([self._process.stdout], [], [], left)[0], "the host did not answer"
            part = os.read(self._process.stdout.fileno(), 65536)
            assert part, f"the host ended with {self._process.wait(PATIENCE_SEC)}"
            self._heard += part
        line, self._heard = self._heard.split(b"\n", 1)
        return line.decode("utf-8", "replace")


def first_line(process: subprocess.Popen[str]) -> str:
    """Of a program that prints one before it does anything else."""
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], PATIENCE_SEC)[0], "the program printed nothing"
    return process.stdout.readline()


def follow(
    subscriber: zample.Subscriber,
    until: Callable[[zample.Item], bool],
    meanwhile: Callable[[], object] | None = None,
) -> list[zample.Item]:
    """The items up to and with the first for which until is true. An offline engine is rendered meanwhile."""
    items: list[zample.Item] = []
    deadline = time.monotonic() + PATIENCE_SEC
    while time.monotonic() < deadline:
        if meanwhile:
            meanwhile()
        item = subscriber.poll(0.02 if meanwhile else 1.0)
        if item is None:
            assert not subscriber.ended, f"the engine ended after {items}"
            continue
        items.append(item)
        if until(item):
            return items
    raise AssertionError(f"what was awaited did not come; what came: {items[-20:]}")


def follow_to(subscriber: zample.Subscriber, seq: int) -> list[zample.Item]:
    """The items up to and with the event with this number; none if it was passed."""
    if subscriber.state.seq >= seq:
        return []
    return follow(subscriber, lambda _: subscriber.state.seq >= seq)


def ends(job: int) -> Callable[[zample.Item], bool]:
    """Whether an item is the last one of a job."""
    return lambda item: isinstance(item, zample.Success | zample.Error | zample.Cancelled) and item.job == job


def load(
    host: Host, subscriber: zample.Subscriber, slot: int, path: Path, *, offline: bool
) -> list[zample.Item]:
    """Loads, and gives all events from then on to that which ends the load."""
    job = host.number(f"load {slot} {path}")
    return follow(subscriber, ends(job), (lambda: host.ask("render 64")) if offline else None)
