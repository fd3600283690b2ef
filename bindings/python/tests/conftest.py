import os
import shutil
import signal
import tempfile
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from host import Host

StartHost = Callable[..., Host]
MakeWav = Callable[..., Path]

# Who was started in the background of a shell ignores it, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def runtime_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder of the test's own: it sees its own engines only. A short path, for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="zample-", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def build_dir() -> Path:
    if "ZAMPLE_BUILDDIR" not in os.environ:
        pytest.skip("ZAMPLE_BUILDDIR does not say where zample was built: run make check")
    return Path(os.environ["ZAMPLE_BUILDDIR"])


@pytest.fixture
def start_host(build_dir: Path) -> Iterator[StartHost]:
    """Starts real engines, and sees that each ends well."""
    with ExitStack() as hosts:
        yield lambda *options: hosts.enter_context(Host(build_dir / "tests/support/host", *options))


@pytest.fixture
def make_wav(tmp_path: Path) -> MakeWav:
    """Writes a sound of so many frames, a square wave, at the rate that offline engines have."""

    def make(name: str = "sound.wav", frames: int = 4800, rate_hz: int = 48000) -> Path:
        path = tmp_path / name
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            period = b"\x00\x20" * 50 + b"\x00\xe0" * 50
            file.writeframes((period * (frames // 100 + 1))[: 2 * frames])
        return path

    return make
