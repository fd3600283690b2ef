import json
from dataclasses import dataclass
from typing import Any

import pytest

from zample import Clock, Meter, Slot
from zample._wire import parse, read

SLOT: dict[str, Any] = {"id": 3, "job": 7, "path": "a.wav", "duration_sec": 1.25, "frames": 60000}


@dataclass(frozen=True)
class Words:
    words: tuple[str, ...]


def test_an_object_becomes_a_dataclass() -> None:
    assert read(Slot, SLOT) == Slot(slot=3, job=7, path="a.wav", duration_sec=1.25, frames=60000)


def test_what_nobody_asked_for_is_ignored() -> None:
    assert read(Slot, {**SLOT, "colour": "red"}) == read(Slot, SLOT)


def test_a_whole_number_is_a_float_where_a_float_is_due() -> None:
    slot = read(Slot, {**SLOT, "duration_sec": 2})
    assert isinstance(slot.duration_sec, float)


@pytest.mark.parametrize("key", SLOT)
def test_a_missing_field_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=key):
        read(Slot, {name: value for name, value in SLOT.items() if name != key})


@pytest.mark.parametrize(
    ("key", "value"),
    [("id", "3"), ("id", 3.0), ("id", True), ("id", None), ("path", 1), ("path", None), ("frames", "1")],
)
def test_a_field_of_another_type_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match="is not of type"):
        read(Slot, {**SLOT, key: value})


def test_dataclasses_and_pairs_are_read_inside_others() -> None:
    times = {"frame": 1, "time_ns": 2, "delay_frames": 3}
    raw = {"frame": 2048, "peak": [0.5, 1], "voices": 2, "events": 53, "clock": times}
    clock = Clock(frame=1, time_ns=2, delay_frames=3)
    assert read(Meter, raw) == Meter(frame=2048, peak=(0.5, 1.0), voices=2, events=53, clock=clock)
    for wrong in ([0.5], [0.5, 0.5, 0.5], "ab", {"0": 1, "1": 2}, [0.5, None]):
        with pytest.raises(ValueError):  # noqa: PT011 - any refusal will do
            read(Meter, {**raw, "peak": wrong})


def test_a_list_becomes_a_tuple_of_its_kind() -> None:
    assert read(Words, {"words": ["a", "b"]}) == Words(words=("a", "b"))
    assert read(Words, {"words": []}) == Words(words=())
    for wrong in ("ab", None, ["a", 1], {"a": "b"}):
        with pytest.raises(ValueError, match="is not of type"):
            read(Words, {"words": wrong})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'{"seq": 1',
        b'{"seq": "\xff"}',
        b"[" * 100_000,
        b'{"seq": ' + b"9" * 5000 + b"}",
        b"\x00" * 64,
    ],
    ids=["empty", "null", "array", "number", "cut", "not UTF-8", "deep", "huge number", "zeros"],
)
def test_what_is_not_an_object_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal will do
        parse(body)


def test_every_cut_of_a_message_is_refused() -> None:
    body = json.dumps(SLOT).encode()
    for length in range(len(body)):
        with pytest.raises(ValueError):  # noqa: PT011 - any refusal will do
            parse(body[:length])
