"""Joining late, and reading too slowly, while a real engine has much to tell."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest
from conftest import MakeWav, StartHost
from host import PATIENCE_SEC, Host, Refused, follow, follow_to, load

import zample
from zample import _link

JOINS = 60
RARE = {zample.Cancelled, zample.Evicted, zample.VoiceSkipped, zample.VoiceWaiting}
"""What chance must have brought about: it goes on until it has, for a while."""
FLOOD_COMMANDS = 24_000
"""More than wait in both ZeroMQ sockets and in the kernel between them."""
COMMANDS_A_TIME = 200


def any_commands(chance: random.Random, paths: list[str]) -> Iterator[str]:
    """Commands that may or may not have something to do."""
    for _ in range(10):
        slot, voice, job = chance.randrange(4), chance.randrange(1, 400), chance.randrange(1, 200)
        yield chance.choice(
            [
                f"play {slot}",
                f"play {slot} loop",
                f"play {slot} missing=skip",
                f"play {slot} missing=wait",
                f"stop {voice}",
                f"pause {voice}",
                f"resume {voice}",
                f"stop_slot {slot}",
                f"unload {slot}",
                f"load {slot} {chance.choice(paths)}",
                f"load {slot} priority=idle {chance.choice(paths)}",
                f"cancel {job}",
            ]
        )
        yield "render 64"


def test_who_joins_late_has_the_state_that_others_followed_to(
    start_host: StartHost, make_wav: MakeWav
) -> None:
    chance = random.Random(60)
    paths = [str(make_wav(f"{frames}.wav", frames=frames)) for frames in (100, 2000, 30_000)]
    paths.append("/no/such.wav")
    # The longest of them leaves no room for the others.
    host = start_host("--output", "offline", "--voices", "16", "--memory", "270000")
    joined = 0
    items: list[zample.Item] = []
    with zample.Subscriber(timeout=60) as first:
        for turn in range(20 * JOINS):
            if turn >= JOINS and {type(item) for item in items} >= RARE:
                break
            host.send(any_commands(chance, paths))
            with zample.Subscriber(timeout=60) as late:
                joined = late.snapshot.seq
                items += follow_to(first, joined)
                assert first.state == late.snapshot
                for _ in range(20):
                    with suppress(Refused):
                        host.answers(1)
                host.ask("play 1000")
                host.ask("render 64")
                follow(late, lambda item: isinstance(item, zample.Rejected) and item.slot == 1000)
                items += follow_to(first, late.state.seq)
                follow_to(late, first.state.seq)
                assert first.state == late.state
        host.quit()
        items += list(first)
    assert joined > JOINS
    ends = Counter(
        item.job for item in items if isinstance(item, zample.Success | zample.Error | zample.Cancelled)
    )
    assert ends == dict.fromkeys(range(1, max(ends) + 1), 1)
    seen = {type(item) for item in items}
    assert zample.Lost not in seen
    assert seen > RARE


def reject(host: Host) -> None:
    host.ask("play 9")
    host.ask("render 64")


def flood(host: Host, commands: int) -> int:
    """At least so many commands, each of which is rejected in an event. A full ring is no fault."""
    taken = 0
    while taken < commands:
        host.send(["play 9"] * COMMANDS_A_TIME + ["render 256"])
        for _ in range(COMMANDS_A_TIME):
            try:
                host.answers(1)
                taken += 1
            except Refused as refused:
                if not str(refused).startswith("FULL "):
                    raise
        host.answers(1)
    return taken


def render_until(host: Host, seq: int) -> None:
    """While the engine has more to tell than it can, it lets commands wait."""
    deadline = time.monotonic() + PATIENCE_SEC
    while time.monotonic() < deadline:
        host.ask("render 64")
        with zample.Subscriber(timeout=60) as fresh:
            if fresh.snapshot.seq >= seq:
                return
    raise AssertionError(f"event {seq} was not told")


def test_who_reads_too_slowly_is_told_how_many_events_it_lost(
    start_host: StartHost, make_wav: MakeWav, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_link, "WAITING_MESSAGES", 1000)
    host = start_host("--output", "offline")
    with zample.Subscriber(timeout=60) as slow:
        render_until(host, slow.snapshot.seq + flood(host, FLOOD_COMMANDS))
        items = list(iter(lambda: slow.poll(0.2), None))
        # The end of the flood was lost without a trace until something comes after it.
        items += follow(slow, lambda item: isinstance(item, zample.Lost), lambda: reject(host))

        expected = 2
        for item in items:
            if isinstance(item, zample.Lost):
                assert item.count > 0
                assert item.snapshot.seq == expected + item.count - 1
                expected = item.snapshot.seq + 1
            else:
                assert isinstance(item, zample.Event)
                assert item.seq == expected
                expected += 1

        load(host, slow, 3, make_wav(), offline=True)
        with zample.Subscriber(timeout=60) as fresh:
            assert slow.state == fresh.snapshot
