"""The protocol's state machine, fed with messages that no engine would send, and with those that it would."""

import json
from typing import Any

import pytest
from stand_in import SNAPSHOT, event

import zample
from zample._follow import Follower, NoAnswer

TIMEOUT = 5.0


def snapshot(topic: str, **fields: Any) -> list[bytes]:
    return [topic.encode(), json.dumps({**SNAPSHOT, **fields}).encode()]


@pytest.fixture
def follower() -> Follower:
    """One that took a snapshot with the number 10."""
    made = Follower(TIMEOUT)
    (topic,), _ = made.tend(0.0)
    assert made.feed(snapshot(topic, seq=10)) is None
    assert made.tend(0.0) == ([], [topic])
    return made


def seqs(follower: Follower, *messages: list[bytes]) -> list[int]:
    items = [follower.feed(message) for message in messages]
    return [item.seq for item in items if isinstance(item, zample.Event)]


def test_events_before_the_snapshot_are_thrown_away() -> None:
    follower = Follower(TIMEOUT)
    (topic,), _ = follower.tend(0.0)
    assert seqs(follower, event(9), event(10)) == []
    follower.feed(snapshot(topic, seq=10))
    assert seqs(follower, event(11)) == [11]


def test_a_snapshot_on_a_topic_of_somebody_else_is_not_taken() -> None:
    follower = Follower(TIMEOUT)
    follower.tend(0.0)
    follower.feed(snapshot("snap/somebody-else", seq=10))
    assert follower.behind


def test_events_that_follow_each_other_come_out(follower: Follower) -> None:
    assert seqs(follower, event(11), event(12), event(13)) == [11, 12, 13]
    assert follower.tend(0.0) == ([], [])
    assert follower.alarm is None


def test_an_event_that_was_there_before_is_passed_over(follower: Follower) -> None:
    assert seqs(follower, event(11), event(11), event(10), event(12)) == [11, 12]


def test_a_gap_ends_in_lost_with_the_number_of_events_that_are_missing(follower: Follower) -> None:
    assert seqs(follower, event(11), event(15), event(16)) == [11]
    (topic,), _ = follower.tend(0.0)
    lost = follower.feed(snapshot(topic, seq=17))
    assert isinstance(lost, zample.Lost)
    assert lost.count == 6
    assert lost.snapshot.seq == 17
    assert follower.state == follower.snapshot == lost.snapshot
    assert seqs(follower, event(17), event(18)) == [18]


@pytest.mark.parametrize(
    "garbage",
    [
        [],
        [b"evt/started/1/"],
        [*event(11), b"more"],
        [b"evt/started/1/", b""],
        [b"evt/started/1/", event(11)[1][:-1]],
        [b"evt/started/1/", b'{"seq": 11}'],
        event(11, "started"),
        event(11, frame="704"),
        [b"", b""],
        [b"\xff\xfe", b"\xff\xfe"],
        [b"snap/", b"{}"],
        [b"snap/\xff", b"{}"],
        [b"tel/meter/0/", b"{}"],
        [b"tel/meter/0/", b'{"type": "meter"}'],
        [b"tel/level/0/", b'{"type": "level"}'],
    ],
)
def test_garbage_is_passed_over(follower: Follower, garbage: list[bytes]) -> None:
    assert follower.feed(garbage) is None
    assert seqs(follower, event(11)) == [11]


def test_a_damaged_event_is_a_lost_event(follower: Follower) -> None:
    topic, body = event(11)
    assert seqs(follower, [topic, body[: len(body) // 2]], event(12)) == []
    (asked,), _ = follower.tend(0.0)
    lost = follower.feed(snapshot(asked, seq=12))
    assert isinstance(lost, zample.Lost)
    assert lost.count == 2


def test_a_snapshot_that_is_garbage_is_waited_for_again() -> None:
    follower = Follower(TIMEOUT)
    (topic,), _ = follower.tend(0.0)
    wrong: dict[str, Any]
    for wrong in ({"seq": None}, {"voices": {}}, {"voices": [{}]}, {"device": 7}, {"slots": [None]}):
        assert follower.feed(snapshot(topic, **wrong)) is None
    assert follower.behind
    assert follower.feed(snapshot(topic)) is None
    assert not follower.behind


def test_a_type_that_nobody_knows_is_unknown_and_counts(follower: Follower) -> None:
    item = follower.feed(event(11, "tuned", cents=3))
    assert isinstance(item, zample.Unknown)
    assert item.type == "tuned"
    assert item.raw["cents"] == 3
    assert seqs(follower, event(12)) == [12]


def test_a_field_that_nobody_knows_is_ignored(follower: Follower) -> None:
    item = follower.feed(event(11, colour="red"))
    assert item == zample.Recording(seq=11, frame=704, count=1)


def test_a_snapshot_is_asked_for_again_until_it_is_overdue() -> None:
    follower = Follower(TIMEOUT)
    assert len(follower.tend(0.0)[0]) == 1
    assert follower.tend(0.4) == ([], [])
    assert follower.alarm == 0.5
    (second,), _ = follower.tend(0.5)
    (third,), _ = follower.tend(4.75)
    assert second != third
    assert follower.alarm == TIMEOUT
    with pytest.raises(NoAnswer):
        follower.tend(5.0)


def test_each_of_several_questions_can_be_the_one_that_is_answered() -> None:
    follower = Follower(TIMEOUT)
    (first,), _ = follower.tend(0.0)
    (second,), _ = follower.tend(1.0)
    follower.feed(snapshot(first, seq=10))
    assert follower.tend(2.0) == ([], [first, second])
    assert seqs(follower, event(11), snapshot(second, seq=10), event(12)) == [11, 12]


def meter(events: int) -> list[bytes]:
    clock = {"frame": 1, "time_ns": 2, "delay_frames": 3}
    raw = {"type": "meter", "id": 0, "frame": 2048, "peak": [0.5, 0.25], "voices": 2}
    return [b"tel/meter/0/", json.dumps({**raw, "events": events, "clock": clock}).encode()]


def test_telemetry_passes_beside_the_numbers(follower: Follower) -> None:
    item = follower.feed(meter(10))
    assert isinstance(item, zample.Meter)
    assert (item.peak, item.events) == ((0.5, 0.25), 10)
    assert seqs(follower, event(11)) == [11]


def test_telemetry_tells_that_the_newest_events_are_lost(follower: Follower) -> None:
    assert isinstance(follower.feed(meter(12)), zample.Meter)
    (topic,), _ = follower.tend(0.0)
    lost = follower.feed(snapshot(topic, seq=12))
    assert isinstance(lost, zample.Lost)
    assert lost.count == 2
    assert isinstance(follower.feed(meter(12)), zample.Meter)
    assert not follower.behind


@pytest.mark.parametrize("kind", ["started", "progress", "success", "error", "cancelled"])
def test_a_scan_has_no_slot(follower: Follower, kind: str) -> None:
    told = {"job": 7, "path": "drums", "percent": 0.5, "stage": "Scanning", "code": "io", "msg": "drums: ..."}
    notes = {"damaged": 0, "missing_frames": 0, "silent_frames": 0, "nan_values": 0, "late_frames": 0}
    done = {"duration_sec": 0.0, "frames": 0, "warnings": [], **notes, "sounds": 12, "failed": 1}
    _, body = event(11, kind, id=None, **told, **done)
    item = follower.feed([f"evt/{kind}/-/".encode(), body])
    assert type(item).__name__ == kind.title()
    assert isinstance(item, zample.Event)
    assert (item.seq, getattr(item, "slot", 0)) == (11, None)


def test_after_closed_nothing_is_awaited(follower: Follower) -> None:
    told: dict[str, Any] = {
        "state": "closed",
        "device": "",
        "rate_hz": 48000,
        "period_frames": 64,
        "buffer_frames": 0,
        "format": "",
        "realtime": False,
        "msg": "the engine ends",
    }
    assert not follower.ended
    assert isinstance(follower.feed(event(11, "device", **told)), zample.Device)
    assert follower.ended
