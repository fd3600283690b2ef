import fcntl
import os
import socket
from pathlib import Path

import pytest

import zample


def make_folder(runtime_dir: Path, name: str) -> int:
    """What an engine makes: the lock's descriptor is what keeps it alive."""
    folder = runtime_dir / "zample" / name
    folder.mkdir(parents=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with socket.socket(socket.AF_UNIX) as events:
        events.bind(str(folder / "events"))
    return lock


def test_without_a_runtime_folder_there_are_no_engines(runtime_dir: Path) -> None:
    assert zample.engines() == []


def test_engines_are_listed_by_name(runtime_dir: Path) -> None:
    locks = [make_folder(runtime_dir, name) for name in ("b", "a")]
    endpoint = f"ipc://{runtime_dir}/zample"
    assert zample.engines() == [
        zample.EngineInfo("a", f"{endpoint}/a/events"),
        zample.EngineInfo("b", f"{endpoint}/b/events"),
    ]
    for lock in locks:
        os.close(lock)


def test_a_folder_whose_lock_nobody_holds_is_dead(runtime_dir: Path) -> None:
    os.close(make_folder(runtime_dir, "a"))
    assert zample.engines() == []


def test_looking_leaves_the_lock_free(runtime_dir: Path) -> None:
    os.close(make_folder(runtime_dir, "a"))
    zample.engines()
    with open(runtime_dir / "zample/a/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_another_program_that_looks_at_the_same_time_is_no_engine(runtime_dir: Path) -> None:
    os.close(make_folder(runtime_dir, "a"))
    with open(runtime_dir / "zample/a/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert zample.engines() == []


def test_what_is_no_engine_is_passed_over(runtime_dir: Path) -> None:
    (runtime_dir / "zample/empty").mkdir(parents=True)
    (runtime_dir / "zample/file").touch()
    assert zample.engines() == []


def test_without_the_variable_the_folder_in_tmp_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("XDG_RUNTIME_DIR")
        else:
            monkeypatch.setenv("XDG_RUNTIME_DIR", value)
        with pytest.raises(zample.EngineNotFound, match=f"/tmp/zample-{os.getuid()}/zample/nobody/events"):
            zample.Subscriber("nobody", timeout=0.01)


def test_no_name_means_the_only_engine_and_there_has_to_be_one(runtime_dir: Path) -> None:
    with pytest.raises(zample.EngineNotFound, match="no engine of this user runs"):
        zample.Subscriber()
    locks = [make_folder(runtime_dir, name) for name in ("b", "a")]
    with pytest.raises(zample.EngineNotFound, match=r"2 engines run, and none was named: a, b"):
        zample.Subscriber()
    for lock in locks:
        os.close(lock)


@pytest.mark.parametrize(
    "wrong", ["tcp://127.0.0.1:5555", "inproc://events", "a/b", "", "ipc:///tmp/" + "a" * 110, "n" * 110]
)
def test_what_is_no_endpoint_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"is not an ipc|is neither|is longer"):
        zample.Subscriber(wrong)
