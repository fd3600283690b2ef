"""What a real engine tells of its loads: what was called off, what was wrong with a file, who made room."""

from contextlib import suppress
from pathlib import Path

import pytest
from conftest import MakeWav, StartHost
from host import Host, Refused, ends, follow, load

import zample

RATE_HZ = 48_000


@pytest.fixture
def offline(start_host: StartHost) -> Host:
    return start_host("--output", "offline", "--workers", "1")


@pytest.fixture
def subscriber(offline: Host) -> zample.Subscriber:
    return zample.Subscriber(offline.endpoint, timeout=60)


def test_a_load_is_called_off_and_the_slot_is_as_it_was(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    before = make_wav("before.wav")
    path = make_wav("long.wav", frames=10 * RATE_HZ)
    with subscriber:
        load(offline, subscriber, 3, before, offline=True)
        for job in range(2, 100):
            # It may be ready before it is called off, and is told so then.
            offline.send([f"load 3 {path}", f"cancel {job}"])
            assert offline.answers(1) == [str(job)]
            with suppress(Refused):
                offline.answers(1)
            last = follow(subscriber, ends(job))[-1]
            if isinstance(last, zample.Cancelled):
                assert last.slot == 3
                break
            load(offline, subscriber, 3, before, offline=True)
        assert isinstance(last, zample.Cancelled)
        assert subscriber.state.slots[3].path == str(before)
        assert subscriber.state.jobs == {}


def test_what_is_not_on_its_way_cannot_be_called_off_or_hurried(offline: Host) -> None:
    for line in ("cancel 4711", "prioritise 4711 now"):
        with pytest.raises(Refused, match=r"^NO_JOB .*4711"):
            offline.ask(line)


def test_a_deadline_that_was_missed_is_told_in_frames(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        offline.ask("render 4800")
        job = offline.number(f"load 3 priority=now quality=best deadline=800 {make_wav()}")
        success = follow(subscriber, ends(job))[-1]
        assert isinstance(success, zample.Success)
        assert success.frame >= 4800
        assert success.late_frames == success.frame - 800


def test_a_file_that_is_cut_short_is_loaded_with_a_warning(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    path = make_wav(frames=4800)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 2 * 1000])
    with subscriber:
        success = load(offline, subscriber, 3, path, offline=True)[-1]
        assert isinstance(success, zample.Success)
        assert (success.warnings, success.frames, success.missing_frames) == (("truncated",), 3800, 1000)


def test_a_file_as_it_should_be_is_loaded_without_a_word(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        success = load(offline, subscriber, 3, make_wav(frames=4800), offline=True)[-1]
        assert isinstance(success, zample.Success)
        assert (success.warnings, success.damaged, success.missing_frames) == ((), 0, 0)
        assert (success.silent_frames, success.nan_values, success.late_frames) == (0, 0, 0)
        assert (success.sounds, success.failed) == (1, 0)


def memory(host: Host) -> tuple[int, ...]:
    """Budget, used, pinned, sounds, slots, evictions, shared."""
    return tuple(int(number) for number in host.ask("memory").split())


def test_slots_share_a_sound(offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav) -> None:
    path = make_wav()
    with subscriber:
        for slot in (3, 4, 5):
            load(offline, subscriber, slot, path, offline=True)
        *_, sounds, slots, evictions, shared = memory(offline)
        assert (sounds, slots, evictions, shared) == (1, 3, 0, 2)


def test_a_sound_is_evicted_and_a_play_that_waits_brings_it_back(
    start_host: StartHost, make_wav: MakeWav
) -> None:
    frames = RATE_HZ
    host = start_host("--output", "offline", "--memory", str(20 * frames))
    paths = [make_wav(f"{slot}.wav", frames=frames) for slot in range(3)]
    with zample.Subscriber(timeout=60) as subscriber:
        for slot in (0, 1):
            load(host, subscriber, slot, paths[slot], offline=True)
        host.ask("pin 0")
        items = load(host, subscriber, 2, paths[2], offline=True)
        evicted = next(item for item in items if isinstance(item, zample.Evicted))
        assert (evicted.slot, evicted.job) == (1, 2)
        assert 8 * frames <= evicted.bytes <= 10 * frames
        assert set(subscriber.state.slots) == {0, 2}
        budget, used, pinned, sounds, slots, evictions, _ = memory(host)
        assert (budget, sounds, slots, evictions) == (20 * frames, 2, 2, 1)
        assert pinned == evicted.bytes < used <= budget

        voice = host.number("play 1 missing=wait")
        items = follow(
            subscriber, lambda item: isinstance(item, zample.VoiceStarted), lambda: host.ask("render 64")
        )
        waiting = next(item for item in items if isinstance(item, zample.VoiceWaiting))
        late = next(item for item in items if isinstance(item, zample.Late))
        started = items[-1]
        assert isinstance(started, zample.VoiceStarted)
        assert (waiting.voice, waiting.slot, late.voice, started.voice) == (voice, 1, voice, voice)
        assert late.frames == started.frame - waiting.frame > 0
        assert set(subscriber.state.slots) == {0, 1}


def test_a_sound_larger_than_the_budget_is_an_error(start_host: StartHost, make_wav: MakeWav) -> None:
    host = start_host("--output", "offline", "--memory", "100000")
    with zample.Subscriber(timeout=60) as subscriber:
        error = load(host, subscriber, 0, make_wav(frames=RATE_HZ), offline=True)[-1]
        assert isinstance(error, zample.Error)
        assert error.code == "over_budget"


def test_a_play_that_waits_for_what_cannot_be_loaded_fails(
    offline: Host, subscriber: zample.Subscriber, tmp_path: Path
) -> None:
    with subscriber:
        offline.send([f"load 3 {tmp_path / 'absent.wav'}", "play 3 missing=wait", "play 4 missing=skip"])
        _, waits, skipped = (int(answer) for answer in offline.answers(3))
        items = follow(
            subscriber, lambda item: isinstance(item, zample.VoiceEnded), lambda: offline.ask("render 64")
        )
        ended = items[-1]
        assert isinstance(ended, zample.VoiceEnded)
        assert (ended.voice, ended.slot, ended.reason) == (waits, 3, "failed")
        rejected = next(item for item in items if isinstance(item, zample.Rejected))
        assert (rejected.voice, rejected.msg) == (skipped, "the slot is empty")
        assert subscriber.state.voices == {}
