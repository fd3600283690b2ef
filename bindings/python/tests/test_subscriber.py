"""The subscriber against a stand-in for an engine, which has the faults that a real one does not have."""

import socket
from pathlib import Path

import pytest
from host import follow
from stand_in import StandIn, event

import zample


def recordings(items: list[zample.Item]) -> list[int]:
    return [item.seq for item in items if isinstance(item, zample.Event)]


def test_nobody_there_is_said_within_the_timeout(tmp_path: Path, runtime_dir: Path) -> None:
    with pytest.raises(zample.EngineNotFound, match=r"no engine answered at ipc:///.* within 0\.2 s"):
        zample.Subscriber(f"ipc://{runtime_dir}/events", timeout=0.2)


def test_a_socket_that_a_dead_engine_left_is_nobody(runtime_dir: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(runtime_dir / "events"))
    with pytest.raises(zample.EngineNotFound, match="no engine answered"):
        zample.Subscriber(f"ipc://{runtime_dir}/events", timeout=0.2)


def test_whoever_listens_but_says_nothing_is_no_engine(runtime_dir: Path) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(runtime_dir / "events"))
        mute.listen()
        with pytest.raises(zample.EngineNotFound, match="no engine answered"):
            zample.Subscriber(f"ipc://{runtime_dir}/events", timeout=0.2)


def test_an_engine_that_begins_within_the_timeout_is_found(runtime_dir: Path) -> None:
    import threading

    started: list[StandIn] = []
    begin = threading.Timer(0.2, lambda: started.append(StandIn(runtime_dir)))
    begin.start()
    with zample.Subscriber(f"ipc://{runtime_dir}/events", timeout=60) as subscriber:
        assert subscriber.snapshot.name == "stand-in"
    begin.join()
    started[0].close()


def test_poll_does_not_wait_unless_told_to(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as engine, zample.Subscriber(engine.endpoint, timeout=60) as subscriber:
        assert subscriber.poll() is None
        engine.publish(event(1))
        assert subscriber.poll(None) == zample.Recording(seq=1, frame=64, count=1)
        assert subscriber.state.seq == 1
        assert subscriber.snapshot.seq == 0


def test_a_request_that_was_lost_is_made_again(runtime_dir: Path) -> None:
    with StandIn(runtime_dir, deaf_for=2) as engine:
        with zample.Subscriber(engine.endpoint, timeout=60) as subscriber:
            assert subscriber.snapshot.name == "stand-in"
        assert engine.asked >= 3


def test_a_gap_brings_lost_with_a_new_snapshot_and_then_goes_on(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as engine, zample.Subscriber(engine.endpoint, timeout=60) as subscriber:
        engine.snapshot = {**engine.snapshot, "seq": 9, "frame": 999}
        engine.publish(event(1), event(2), event(7))
        items = follow(subscriber, lambda item: isinstance(item, zample.Lost))
        assert recordings(items) == [1, 2]
        lost = items[-1]
        assert isinstance(lost, zample.Lost)
        assert (lost.count, lost.snapshot.frame) == (7, 999)
        assert subscriber.snapshot is lost.snapshot
        engine.publish(event(9), event(10))
        assert recordings(follow(subscriber, lambda item: isinstance(item, zample.Event))) == [10]


def test_garbage_between_events_does_no_harm(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as engine, zample.Subscriber(engine.endpoint, timeout=60) as subscriber:
        garbage = [[b"evt/"], [b"evt/", b"{"], [b"evt/", b"{}", b""]]
        engine.publish(event(1), *garbage, event(2), event(2), event(1), event(3))
        items = follow(subscriber, lambda _: subscriber.state.seq == 3)
        assert recordings(items) == [1, 2, 3]


def test_an_engine_that_is_gone_without_a_word_is_told_after_its_last_event(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as engine, zample.Subscriber(engine.endpoint, timeout=60) as subscriber:
        engine.publish(event(1), event(2))
        engine.close()
        items = iter(subscriber)
        assert recordings([next(items), next(items)]) == [1, 2]
        with pytest.raises(zample.EngineGone, match="ended without saying so"):
            next(items)
        with pytest.raises(zample.EngineGone):
            subscriber.poll()


def test_an_engine_that_sends_no_second_snapshot_is_gone(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as engine, zample.Subscriber(engine.endpoint, timeout=3) as subscriber:
        engine.deaf_for = 1000
        engine.publish(event(5))
        with pytest.raises(zample.EngineGone, match="sent no snapshot within 3 s"):
            subscriber.poll(60)


def test_a_subscriber_does_not_take_another_engine_for_the_first(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as first, zample.Subscriber(first.endpoint, timeout=60) as subscriber:
        first.publish(event(1))
        follow(subscriber, lambda item: isinstance(item, zample.Event))
        first.close()
        with StandIn(runtime_dir) as second:
            second.publish(event(1), event(2))
            with pytest.raises(zample.EngineGone):
                subscriber.poll(60)


def test_what_was_followed_can_be_read_after_the_end(runtime_dir: Path) -> None:
    with StandIn(runtime_dir) as engine:
        with zample.Subscriber(engine.endpoint, timeout=60) as subscriber:
            pass
        subscriber.close()
        assert subscriber.snapshot == subscriber.state
        with pytest.raises(ValueError, match="closed"):
            subscriber.poll()
