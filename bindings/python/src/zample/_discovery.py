"""Which engines run, and where they publish: what stands in the runtime folder."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from ._errors import EngineNotFound

_PATH_BYTES = 107
"""As many as the address of a Unix socket holds."""


@dataclass(frozen=True)
class EngineInfo:
    """An engine that runs."""

    name: str
    endpoint: str


def engines() -> list[EngineInfo]:
    """The engines that this user runs, sorted by name."""
    try:
        names = sorted(os.listdir(_folder()))
    except OSError:
        return []
    return [EngineInfo(name, endpoint_of(name)) for name in names if _runs(_folder() / name)]


def endpoint_of(name: str) -> str:
    """Where an engine of this user with this name publishes."""
    return f"ipc://{_folder() / name / 'events'}"


def resolve(endpoint_or_name: str | None) -> str:
    """The endpoint that is meant: an endpoint, a name, or the only engine that runs."""
    endpoint = _find(endpoint_or_name)
    if len(os.fsencode(endpoint.removeprefix("ipc://"))) > _PATH_BYTES:
        raise ValueError(f"{endpoint} is longer than the {_PATH_BYTES} bytes that a socket's path may have")
    return endpoint


def _find(endpoint_or_name: str | None) -> str:
    if endpoint_or_name is None:
        return _only_one().endpoint
    if endpoint_or_name.startswith("ipc://"):
        return endpoint_or_name
    if "://" in endpoint_or_name:
        raise ValueError(f"{endpoint_or_name!r} is not an ipc:// endpoint: an engine publishes on no other")
    if not endpoint_or_name or "/" in endpoint_or_name:
        raise ValueError(f"{endpoint_or_name!r} is neither an ipc:// endpoint nor an engine's name")
    return endpoint_of(endpoint_or_name)


def _only_one() -> EngineInfo:
    found = engines()
    if not found:
        raise EngineNotFound(f"no engine of this user runs: there is none in {_folder()}")
    if len(found) > 1:
        names = ", ".join(engine.name for engine in found)
        raise EngineNotFound(f"{len(found)} engines run, and none was named: {names}")
    return found[0]


def _folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/tmp/zample-{os.getuid()}"
    return Path(runtime) / "zample"


def _runs(folder: Path) -> bool:
    # An engine makes its socket after it took the lock. So where there is no socket we let the lock alone,
    # and do not stand in the way of an engine that is about to take it.
    if not (folder / "events").is_socket():
        return False
    try:
        lock = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        # Shared, so that two programs that look at once do not take each other for the engine.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
