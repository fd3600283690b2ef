"""What a real engine tells of its library: scans, preloads, and sounds that are loaded when missed."""

from pathlib import Path

import pytest
from conftest import MakeWav, StartHost
from host import Host, Refused, ends, follow

import zample

SLOTS = 8


@pytest.fixture
def offline(start_host: StartHost) -> Host:
    return start_host("--output", "offline", "--slots", str(SLOTS))


@pytest.fixture
def subscriber(offline: Host) -> zample.Subscriber:
    return zample.Subscriber(offline.endpoint, timeout=60)


@pytest.fixture
def sounds(tmp_path: Path, make_wav: MakeWav) -> Path:
    """Two folders in one: kick 1, 2 and 10, and snare."""
    for name in (
        "drums/kick/kick 1.wav",
        "drums/kick/kick 2.wav",
        "drums/kick/kick 10.wav",
        "drums/snare.wav",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        make_wav(name)
    return tmp_path / "drums"


def scan(host: Host, subscriber: zample.Subscriber, folder: Path) -> list[zample.Item]:
    return follow(subscriber, ends(host.number(f"add {folder}")))


def test_a_scan_is_a_job_without_a_slot(offline: Host, subscriber: zample.Subscriber, sounds: Path) -> None:
    with subscriber:
        started, *progress, success = scan(offline, subscriber, sounds)
        assert isinstance(started, zample.Started)
        assert (started.slot, started.path) == (None, str(sounds))
        percents = [item.percent for item in progress if isinstance(item, zample.Progress)]
        assert len(percents) == len(progress) > 0
        assert percents == sorted(percents)
        assert percents[-1] == 1.0
        assert isinstance(success, zample.Success)
        assert (success.slot, success.sounds, success.failed) == (None, 4, 0)
        assert (subscriber.state.slots, subscriber.state.jobs) == ({}, {})


def test_a_folder_that_is_not_there_is_an_error(
    offline: Host, subscriber: zample.Subscriber, tmp_path: Path
) -> None:
    with subscriber:
        error = scan(offline, subscriber, tmp_path / "absent")[-1]
        assert isinstance(error, zample.Error)
        assert (error.slot, error.code) == (None, "not_found")
        assert error.msg.startswith(f"{tmp_path / 'absent'}: ")


def test_a_name_that_nothing_has_is_no_sound(offline: Host) -> None:
    for line in ("find kick:0", "preload kick"):
        with pytest.raises(Refused, match=r"^NO_SOUND .*kick"):
            offline.ask(line)


def test_a_preload_tells_of_each_sound_and_of_all_together(
    offline: Host, subscriber: zample.Subscriber, sounds: Path
) -> None:
    (sounds / "kick" / "kick 2.wav").write_bytes(b"")
    with subscriber:
        scan(offline, subscriber, sounds)
        job = offline.number("preload kick")
        items = follow(subscriber, ends(job))
        whole = items[-1]
        assert isinstance(whole, zample.Success)
        assert (whole.slot, whole.sounds, whole.failed) == (None, 2, 1)
        own = [item for item in items if isinstance(item, zample.Progress) and item.job == job]
        percents = [item.percent for item in own]
        # A sound may be there before all of them have been asked for: then it does not begin at 0.
        steps = [pytest.approx(step / 3) for step in range(4)]
        assert percents == steps[4 - len(percents) :]
        assert len(percents) > 0
        assert all(item.slot is None for item in own)
        failed = next(item for item in items if isinstance(item, zample.Error))
        assert (failed.slot, failed.code) == (offline.number("find kick:1"), "empty")
        loaded = {slot.path: slot.slot for slot in subscriber.state.slots.values()}
        assert loaded == {
            str(sounds / "kick" / f"kick {number}.wav"): offline.number(f"find kick:{index}")
            for number, index in ((1, 0), (10, 2))
        }
        assert min(loaded.values()) >= SLOTS


def test_a_play_that_waits_loads_its_sound_and_is_heard(
    offline: Host, subscriber: zample.Subscriber, sounds: Path
) -> None:
    with subscriber:
        scan(offline, subscriber, sounds)
        slot = offline.number("find snare")
        voice = offline.number(f"play {slot} missing=wait")
        items = follow(
            subscriber, lambda item: isinstance(item, zample.VoiceStarted), lambda: offline.ask("render 64")
        )
        assert subscriber.state.slots[slot].path == str(sounds / "snare.wav")
        about = [type(item) for item in items if getattr(item, "voice", None) == voice]
        assert about == [zample.VoiceWaiting, zample.Late, zample.VoiceStarted]


def test_a_play_that_is_skipped_is_left_out_and_a_later_one_is_heard(
    offline: Host, subscriber: zample.Subscriber, sounds: Path
) -> None:
    with subscriber:
        scan(offline, subscriber, sounds)
        slot = offline.number("find kick:5")
        assert slot == offline.number("find kick:2")
        skipped = offline.number(f"play {slot} missing=skip")
        items = follow(
            subscriber, lambda item: isinstance(item, zample.Success), lambda: offline.ask("render 64")
        )
        assert [item.voice for item in items if isinstance(item, zample.VoiceSkipped)] == [skipped]
        heard = offline.number(f"play {slot} missing=skip")
        offline.ask("render 64")
        started = follow(subscriber, lambda item: isinstance(item, zample.VoiceStarted))[-1]
        assert isinstance(started, zample.VoiceStarted)
        assert (started.voice, set(subscriber.state.voices)) == (heard, {heard})
