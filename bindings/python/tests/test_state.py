from dataclasses import replace

import pytest

import zample
from zample import advance

EMPTY = zample.Snapshot(
    seq=0, frame=0, name="x", version="0.1.0", rate_hz=48000, device=None, slots={}, jobs={}, voices={}
)
STARTED = zample.Started(seq=1, frame=10, slot=3, job=7, path="a.wav")
PROGRESS = zample.Progress(seq=2, frame=20, slot=3, job=7, percent=0.5, stage="Loading (decoding)")
SUCCESS = zample.Success(
    seq=3,
    frame=30,
    slot=3,
    job=7,
    duration_sec=1.25,
    frames=60000,
    warnings=(),
    damaged=0,
    missing_frames=0,
    silent_frames=0,
    nan_values=0,
    late_frames=0,
    sounds=1,
    failed=0,
)
JOB = zample.Job(job=7, slot=3, path="a.wav", percent=0.0, stage="")
SLOT = zample.Slot(slot=3, job=7, path="a.wav", duration_sec=1.25, frames=60000)
VOICE = zample.Voice(voice=31, slot=3, frame=40, paused=False)


def after(*events: zample.Event) -> zample.Snapshot:
    state = EMPTY
    for event in events:
        state = advance(state, event)
    return state


def test_every_event_moves_seq_and_frame() -> None:
    event = zample.Unknown(seq=9, frame=99, type="new", raw={})
    assert advance(EMPTY, event) == replace(EMPTY, seq=9, frame=99)


def test_a_load_under_way_is_a_job() -> None:
    assert after(STARTED) == replace(EMPTY, seq=1, frame=10, jobs={7: JOB})
    halfway = replace(JOB, percent=0.5, stage="Loading (decoding)")
    assert after(STARTED, PROGRESS) == replace(EMPTY, seq=2, frame=20, jobs={7: halfway})


def test_a_load_that_succeeded_is_a_slot() -> None:
    assert after(STARTED, PROGRESS, SUCCESS) == replace(EMPTY, seq=3, frame=30, slots={3: SLOT})


def test_a_load_that_failed_leaves_the_slot_as_it_was() -> None:
    again = replace(STARTED, seq=4, job=8)
    failed = zample.Error(
        seq=5, frame=50, slot=3, job=8, code="not_found", msg="a.wav: there is no such file"
    )
    assert after(STARTED, SUCCESS, again, failed) == replace(EMPTY, seq=5, frame=50, slots={3: SLOT})


def test_a_load_that_was_cancelled_leaves_the_slot_as_it_was() -> None:
    again = replace(STARTED, seq=4, job=8)
    cancelled = zample.Cancelled(seq=5, frame=50, slot=3, job=8)
    assert after(STARTED, SUCCESS, again, cancelled) == replace(EMPTY, seq=5, frame=50, slots={3: SLOT})


def test_a_scan_is_a_job_without_a_slot_and_fills_none() -> None:
    started = replace(STARTED, slot=None, path="drums")
    scanned = replace(SUCCESS, slot=None, duration_sec=0.0, frames=0, sounds=12)
    assert after(started).jobs == {7: replace(JOB, slot=None, path="drums")}
    assert after(started, scanned) == replace(EMPTY, seq=3, frame=30)


def test_a_sound_that_is_evicted_is_there_until_it_is_retired() -> None:
    evicted = zample.Evicted(seq=4, frame=40, slot=3, job=7, bytes=480_000)
    retired = zample.Retired(seq=5, frame=40, slot=3, job=7)
    assert after(STARTED, SUCCESS, evicted).slots == {3: SLOT}
    assert after(STARTED, SUCCESS, evicted, retired).slots == {}


def test_a_slot_is_empty_when_its_own_sound_is_retired() -> None:
    retired = zample.Retired(seq=4, frame=40, slot=3, job=7)
    assert after(STARTED, SUCCESS, retired).slots == {}


def test_a_sound_that_was_replaced_retires_and_leaves_its_successor() -> None:
    replaced = zample.Retired(seq=4, frame=40, slot=3, job=6)
    assert after(STARTED, SUCCESS, replaced).slots == {3: SLOT}


def test_a_voice_is_there_from_its_start_to_its_end() -> None:
    began = zample.VoiceStarted(seq=4, frame=40, voice=31, slot=3)
    held = zample.VoicePaused(seq=5, frame=50, voice=31, slot=3)
    goes_on = zample.VoiceResumed(seq=6, frame=60, voice=31, slot=3)
    ended = zample.VoiceEnded(seq=7, frame=70, voice=31, slot=3, reason="finished")
    assert after(began).voices == {31: VOICE}
    assert after(began, held).voices == {31: replace(VOICE, paused=True)}
    assert after(began, held, goes_on).voices == {31: VOICE}
    assert after(began, held, goes_on, ended).voices == {}


def test_the_device_is_what_its_newest_event_said() -> None:
    told = {
        "device": "default",
        "rate_hz": 48000,
        "period_frames": 256,
        "buffer_frames": 768,
        "format": "FLOAT_LE",
        "realtime": True,
        "count": 1,
        "msg": "",
    }
    opened = zample.Device(seq=1, frame=0, state="opened", **told)  # type: ignore[arg-type]
    closed = zample.Device(seq=2, frame=9, state="closed", **told)  # type: ignore[arg-type]
    assert after(opened).device == zample.DeviceInfo(state="opened", **told)  # type: ignore[arg-type]
    assert not after(opened).closed
    assert after(opened, closed).closed


@pytest.mark.parametrize(
    "event",
    [
        PROGRESS,
        zample.Error(seq=2, frame=20, slot=3, job=7, code="io", msg=""),
        zample.Cancelled(seq=2, frame=20, slot=3, job=7),
        zample.Evicted(seq=2, frame=20, slot=3, job=7, bytes=1),
        zample.Retired(seq=2, frame=20, slot=3, job=7),
        zample.VoiceSkipped(seq=2, frame=20, voice=31, slot=3),
        zample.VoiceWaiting(seq=2, frame=20, voice=31, slot=3),
        zample.VoicePaused(seq=2, frame=20, voice=31, slot=3),
        zample.VoiceEnded(seq=2, frame=20, voice=31, slot=3, reason="stopped"),
        zample.Recording(seq=2, frame=20, count=64),
        zample.Late(seq=2, frame=20, number=4, command="stop", slot=None, voice=31, frames=1),
        zample.Rejected(seq=2, frame=20, number=4, command="play", slot=9, voice=4, msg="the slot is empty"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_of_something_that_is_not_there_changes_nothing_else(event: zample.Event) -> None:
    assert advance(EMPTY, event) == replace(EMPTY, seq=2, frame=20)


def test_a_state_does_not_change_when_a_later_one_is_made() -> None:
    before = after(STARTED)
    after_it = advance(before, PROGRESS)
    assert before.jobs == {7: JOB}
    assert after_it.jobs != before.jobs
