"""A real engine, followed from another process."""

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import MakeWav, StartHost
from host import Host, Refused, follow, follow_to, load

import zample

RAMP_FRAMES = 96
"""What a voice takes to fade out when it is stopped, at 48 kHz."""


def is_a(*kinds: type[zample.Event]) -> Callable[[zample.Item], bool]:
    return lambda item: isinstance(item, kinds)


def in_order(items: list[zample.Item]) -> list[zample.Event]:
    """The events, each of which has to have the number after the one before."""
    events = [item for item in items if isinstance(item, zample.Event)]
    assert [event.seq for event in events] == list(range(events[0].seq, events[0].seq + len(events)))
    assert all(before.frame <= after.frame for before, after in pairwise(events))
    return events


@pytest.fixture
def offline(start_host: StartHost) -> Host:
    return start_host("--output", "offline", "--name", "tested")


@pytest.fixture
def subscriber(offline: Host) -> zample.Subscriber:
    return zample.Subscriber(offline.endpoint, timeout=60)


def test_the_snapshot_of_a_new_engine_names_it_and_its_device(start_host: StartHost) -> None:
    host = start_host("--output", "null", "--name", "new.one")
    with zample.Subscriber("new.one", timeout=60) as subscriber:
        snapshot = subscriber.snapshot
    assert (snapshot.name, snapshot.rate_hz) == ("new.one", int(host.ask("rate")))
    assert snapshot.device is not None
    assert snapshot.device.state == "opened"
    assert (snapshot.slots, snapshot.jobs, snapshot.voices) == ({}, {}, {})
    assert subscriber.endpoint == host.endpoint == zample.engines()[0].endpoint


@pytest.mark.parametrize("output", ["null", "offline"])
def test_a_load_has_its_events_in_order(start_host: StartHost, make_wav: MakeWav, output: str) -> None:
    host = start_host("--output", output)
    path = make_wav(frames=4800)
    with zample.Subscriber(timeout=60) as subscriber:
        events = in_order(load(host, subscriber, 3, path, offline=output == "offline"))
    assert events[0].seq == subscriber.snapshot.seq + 1
    started, *progress, success = events
    assert isinstance(started, zample.Started)
    assert (started.slot, started.job, started.path) == (3, 1, str(path))
    percents = [event.percent for event in progress if isinstance(event, zample.Progress)]
    assert len(percents) == len(progress) >= 2
    assert percents == sorted(percents)
    assert percents[-1] == 1.0
    assert all(event.stage for event in progress if isinstance(event, zample.Progress))
    assert isinstance(success, zample.Success)
    assert (success.slot, success.job, success.frames, success.duration_sec) == (3, 1, 4800, 0.1)
    slot = zample.Slot(slot=3, job=1, path=str(path), duration_sec=0.1, frames=4800)
    assert subscriber.state.slots == {3: slot}


def make_nothing(path: Path) -> None:
    pass


def make_link(path: Path) -> None:
    path.symlink_to("elsewhere.wav")


def make_text(path: Path) -> None:
    path.write_text("This is not a sound.\n" * 100)


def make_unreadable_sound(path: Path) -> None:
    path.write_bytes(b"RIFF\xff\xff\xff\xffWAVE")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_nothing, "not_found"),
        (Path.mkdir, "not_a_file"),
        (os.mkfifo, "not_a_file"),
        (make_link, "symlink"),
        (make_text, "unknown_format"),
        (make_unreadable_sound, "damaged"),
        (Path.touch, "empty"),
    ],
)
def test_what_cannot_be_loaded_ends_in_a_code_and_one_sentence(
    offline: Host, subscriber: zample.Subscriber, tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "wanted.wav"
    make(path)
    with subscriber:
        events = in_order(load(offline, subscriber, 3, path, offline=True))
        error = events[-1]
        assert isinstance(error, zample.Error)
        assert (error.slot, error.code) == (3, code)
        assert error.msg.startswith(f"{path}: ")
        assert len(error.msg) > len(f"{path}: ") + 8
        assert "\n" not in error.msg
        assert not any(isinstance(event, zample.Success) for event in events)
        assert (subscriber.state.slots, subscriber.state.jobs) == ({}, {})


def test_a_path_of_any_bytes_is_told_in_utf_8(
    offline: Host, subscriber: zample.Subscriber, tmp_path: Path
) -> None:
    path = tmp_path / "grüße \udcff.wav"
    with subscriber:
        offline.send_bytes(b"load 0 " + os.fsencode(path) + b"\n")
        assert offline.answers(1) == ["1"]
        started = follow(subscriber, is_a(zample.Started))[-1]
    assert isinstance(started, zample.Started)
    assert started.path == str(tmp_path / "grüße \ufffd.wav")


def test_a_voice_starts_and_ends_at_the_very_frames(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        load(offline, subscriber, 3, make_wav(frames=4801), offline=True)
        begin = offline.frame() + 1001
        voice = offline.number(f"play 3 frame={begin}")
        offline.ask("render 8192")
        started, ended = in_order(follow(subscriber, is_a(zample.VoiceEnded)))
        assert started == zample.VoiceStarted(seq=started.seq, frame=begin, voice=voice, slot=3)
        assert ended == zample.VoiceEnded(
            seq=ended.seq, frame=begin + 4801, voice=voice, slot=3, reason="finished"
        )


def test_a_stopped_voice_ends_when_it_has_faded_out(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        load(offline, subscriber, 3, make_wav(frames=4800), offline=True)
        begin = offline.frame() + 10
        voice = offline.number(f"play 3 loop frame={begin}")
        offline.ask(f"stop {voice} {begin + 6007}")
        offline.ask("render 8192")
        ended = follow(subscriber, is_a(zample.VoiceEnded))[-1]
        assert isinstance(ended, zample.VoiceEnded)
        assert (ended.frame, ended.reason) == (begin + 6007 + RAMP_FRAMES, "stopped")


def test_a_pause_and_its_end_come_at_the_frames_asked_for(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        load(offline, subscriber, 3, make_wav(frames=4800), offline=True)
        begin = offline.frame() + 10
        voice = offline.number(f"play 3 loop frame={begin}")
        offline.ask(f"pause {voice} {begin + 1003}")
        offline.ask(f"resume {voice} {begin + 3005}")
        offline.ask("render 2048")
        follow(subscriber, is_a(zample.VoicePaused))
        assert subscriber.state.voices[voice].paused
        assert subscriber.state.frame == begin + 1003
        offline.ask("render 2048")
        follow(subscriber, is_a(zample.VoiceResumed))
        assert not subscriber.state.voices[voice].paused
        assert subscriber.state.frame == begin + 3005


def test_a_command_for_a_frame_that_has_passed_is_late_by_so_many_frames(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        load(offline, subscriber, 3, make_wav(), offline=True)
        offline.ask("render 8192")
        now = offline.frame()
        voice = offline.number(f"play 3 frame={now - 500}")
        offline.ask("render 64")
        items = follow(subscriber, is_a(zample.VoiceStarted))
        late = next(item for item in items if isinstance(item, zample.Late))
        assert (late.number, late.command, late.frames, late.frame) == (voice, "play", 500, now)
        assert subscriber.state.voices[voice].frame == now


def test_what_cannot_be_obeyed_is_rejected_in_a_sentence(
    offline: Host, subscriber: zample.Subscriber
) -> None:
    with subscriber:
        voice = offline.number("play 9")
        offline.ask("pause 4711")
        offline.ask("render 64")
        items = follow(subscriber, lambda item: isinstance(item, zample.Rejected) and item.command == "pause")
        play, pause = (item for item in items if isinstance(item, zample.Rejected))
        assert (play.number, play.command, play.slot, play.voice) == (voice, "play", 9, voice)
        assert play.msg == "the slot is empty"
        assert (pause.number, pause.slot, pause.voice) == (voice + 1, None, 4711)


def test_bad_arguments_are_refused_where_they_are_given(offline: Host) -> None:
    for line in ("play 70000", "load 70000 a.wav", "stop 0", "pause 0", "seek 0 0", "play 0 frame=-1"):
        with pytest.raises(Refused, match=r"^RANGE .{10}"):
            offline.ask(line)
    for line in ("load 0 ", "play 0 gain=nan", "play 0 speed=inf"):
        with pytest.raises(Refused, match=r"^INVALID .{10}"):
            offline.ask(line)


def test_an_unloaded_slot_and_its_voice_end_together(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        load(offline, subscriber, 3, make_wav(), offline=True)
        offline.ask("play 3 loop")
        offline.ask("render 64")
        follow(subscriber, is_a(zample.VoiceStarted))
        offline.ask("unload 3")
        items = follow(subscriber, is_a(zample.Retired), lambda: offline.ask("render 64"))
        ended = next(item for item in items if isinstance(item, zample.VoiceEnded))
        assert ended.reason == "unloaded"
        assert (subscriber.state.slots, subscriber.state.voices) == ({}, {})


def test_a_sound_that_is_replaced_ends_its_voices_and_retires(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    with subscriber:
        load(offline, subscriber, 3, make_wav("first.wav"), offline=True)
        offline.ask("play 3 loop")
        offline.ask("render 64")
        second = make_wav("second.wav", frames=9600)
        offline.ask(f"load 3 {second}")
        items = follow(subscriber, is_a(zample.Retired), lambda: offline.ask("render 64"))
        ended = next(item for item in items if isinstance(item, zample.VoiceEnded))
        assert ended.reason == "replaced"
        assert subscriber.state.slots[3].path == str(second)


def test_the_oldest_voice_is_stolen_when_all_are_taken(start_host: StartHost, make_wav: MakeWav) -> None:
    host = start_host("--output", "offline", "--voices", "2")
    with zample.Subscriber(timeout=60) as subscriber:
        load(host, subscriber, 0, make_wav(), offline=True)
        first, second, third = (host.number("play 0 loop") for _ in range(3))
        host.ask("render 256")
        ended = follow(subscriber, is_a(zample.VoiceEnded))[-1]
        assert isinstance(ended, zample.VoiceEnded)
        assert (ended.voice, ended.reason) == (first, "stolen")
        host.ask("render 256")
        follow_to(subscriber, subscriber.state.seq)
        while set(subscriber.state.voices) != {second, third}:
            assert subscriber.poll(60) is not None


def test_meters_come_to_those_who_ask_for_telemetry(start_host: StartHost, make_wav: MakeWav) -> None:
    host = start_host("--output", "null")
    with zample.Subscriber(timeout=60, telemetry=True) as subscriber:
        load(host, subscriber, 0, make_wav(), offline=False)
        host.ask("play 0 loop")
        meter = follow(subscriber, lambda item: isinstance(item, zample.Meter) and item.voices == 1)[-1]
        assert isinstance(meter, zample.Meter)
        assert max(meter.peak) > 0.1
        assert meter.frame % 2048 == 0
        assert meter.clock.time_ns > 0


def test_two_engines_do_not_mix(start_host: StartHost, make_wav: MakeWav) -> None:
    hosts = {name: start_host("--output", "offline", "--name", name) for name in ("left", "right")}
    assert [engine.name for engine in zample.engines()] == ["left", "right"]
    with pytest.raises(zample.EngineNotFound, match="2 engines run, and none was named: left, right"):
        zample.Subscriber()
    with (
        zample.Subscriber("left", timeout=60) as left,
        zample.Subscriber("right", timeout=60) as right,
    ):
        load(hosts["left"], left, 1, make_wav("left.wav"), offline=True)
        load(hosts["right"], right, 2, make_wav("right.wav"), offline=True)
        assert left.poll(0) is None
        assert [(left.state.name, *left.state.slots), (right.state.name, *right.state.slots)] == [
            ("left", 1),
            ("right", 2),
        ]


def test_a_name_that_is_taken_is_refused(start_host: StartHost) -> None:
    start_host("--output", "offline", "--name", "taken")
    with pytest.raises(Refused, match=r'^NO_SOCKET .*"taken"'):
        start_host("--output", "offline", "--name", "taken")


@pytest.mark.parametrize("output", ["null", "offline"])
def test_following_ends_when_the_engine_is_closed(start_host: StartHost, output: str) -> None:
    host = start_host("--output", output)
    with zample.Subscriber(timeout=60) as subscriber:
        host.quit()
        items = list(subscriber)
        assert isinstance(items[-1], zample.Device)
        assert items[-1].state == "closed"
        assert subscriber.ended
        assert subscriber.poll(60) is None
    assert zample.engines() == []


def test_an_engine_that_is_killed_is_gone(start_host: StartHost) -> None:
    host = start_host("--output", "null", "--name", "killed")
    with zample.Subscriber("killed", timeout=60) as subscriber:
        host.kill()
        with pytest.raises(zample.EngineGone, match="killed/events ended without saying so"):
            list(subscriber)
    assert zample.engines() == []
    with pytest.raises(zample.EngineNotFound):
        zample.Subscriber("killed", timeout=0.2)
    start_host("--output", "null", "--name", "killed")
    with zample.Subscriber("killed", timeout=60) as subscriber:
        assert subscriber.snapshot.name == "killed"


def test_the_program_that_embeds_the_engine_hears_the_same(
    offline: Host, subscriber: zample.Subscriber, make_wav: MakeWav
) -> None:
    kinds = {
        zample.Started: "started",
        zample.Progress: "progress",
        zample.Success: "success",
        zample.VoiceStarted: "voice_started",
        zample.VoiceEnded: "voice_ended",
        zample.Rejected: "rejected",
    }
    with subscriber:
        items = load(offline, subscriber, 3, make_wav(), offline=True)
        offline.ask("play 4")
        offline.ask("play 3")
        offline.ask("render 8192")
        items += follow(subscriber, is_a(zample.VoiceEnded))
        assert offline.ask("poll 1000").startswith("device 1 0 - 0 0 opened")
        for item in in_order(items):
            heard = offline.ask("poll 1000").split(" ", 3)
            assert heard[:3] == [kinds[type(item)], str(item.seq), str(item.frame)]
        assert offline.ask("poll") == "empty"
