"""The events that an engine publishes. docs/protocol.md says what each field means, and in which unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ._wire import read

_ID = {"key": "id"}


@dataclass(frozen=True, kw_only=True)
class Event:
    """The state of something changed."""

    seq: int
    """Counts the engine's events from 1, without a gap."""
    frame: int
    """The engine frame at which it happened."""


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """A load was taken up; or, with no slot, a scan or a preload of the library."""

    slot: int | None = field(metadata=_ID)
    job: int
    path: str


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """A load went on: percent is 0.0 to 1.0 and never falls; stage is "<Task>" or "<Task> (<Subtask>)"."""

    slot: int | None = field(metadata=_ID)
    job: int
    percent: float
    stage: str


@dataclass(frozen=True, kw_only=True)
class Success(Event):
    """A load ended: the audio thread has the sound, and a play from now on is heard."""

    slot: int | None = field(metadata=_ID)
    job: int
    duration_sec: float
    frames: int
    warnings: tuple[str, ...]
    """Of "truncated", "corrupt", "length" and "nan", those that hold."""
    damaged: int
    """Packets that could not be decoded."""
    missing_frames: int
    """That the file says it has. This and the next at the file's rate."""
    silent_frames: int
    """That stand for what was damaged."""
    nan_values: int
    """That were no finite numbers and became 0."""
    late_frames: int
    """Behind the deadline."""
    sounds: int
    """A scan found so many, a preload loaded so many; else 1."""
    failed: int
    """A scan could not read so many, a preload did not load so many."""


@dataclass(frozen=True, kw_only=True)
class Error(Event):
    """A load failed: msg names the file and what is wrong with it, code says it for programs.

    The slot is as it was.
    """

    slot: int | None = field(metadata=_ID)
    job: int
    code: str
    msg: str


@dataclass(frozen=True, kw_only=True)
class Cancelled(Event):
    """A load was called off, or another one took its slot. The slot is as it was."""

    slot: int | None = field(metadata=_ID)
    job: int


@dataclass(frozen=True, kw_only=True)
class Evicted(Event):
    """The slot's sound had to make room for another; Retired follows. job is the load that made it."""

    slot: int = field(metadata=_ID)
    job: int
    bytes: int
    """That the sound takes: each slot that had it tells them."""


@dataclass(frozen=True, kw_only=True)
class Retired(Event):
    """The slot let go of a sound, which is freed if no other slot has it; job is the load that made it."""

    slot: int = field(metadata=_ID)
    job: int


@dataclass(frozen=True, kw_only=True)
class VoiceSkipped(Event):
    """A play found no sound, and is left out; the sound is being loaded."""

    voice: int = field(metadata=_ID)
    slot: int


@dataclass(frozen=True, kw_only=True)
class VoiceWaiting(Event):
    """A play found no sound; the sound is being loaded, and the voice starts as soon as it is there."""

    voice: int = field(metadata=_ID)
    slot: int


@dataclass(frozen=True, kw_only=True)
class VoiceStarted(Event):
    """A voice began to sound."""

    voice: int = field(metadata=_ID)
    slot: int


@dataclass(frozen=True, kw_only=True)
class VoicePaused(Event):
    """A voice fades out and keeps its place."""

    voice: int = field(metadata=_ID)
    slot: int


@dataclass(frozen=True, kw_only=True)
class VoiceResumed(Event):
    """A voice goes on from its place."""

    voice: int = field(metadata=_ID)
    slot: int


@dataclass(frozen=True, kw_only=True)
class VoiceEnded(Event):
    """A voice fell silent.

    reason is "finished", "stopped", "stolen", "replaced", "unloaded" or, if it waited in vain, "failed".
    """

    voice: int = field(metadata=_ID)
    slot: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rejected(Event):
    """A command could not be obeyed and changed nothing."""

    number: int = field(metadata=_ID)
    """The command's; a play's is its voice's."""
    command: str
    slot: int | None
    voice: int | None
    msg: str


@dataclass(frozen=True, kw_only=True)
class Late(Event):
    """A command came so many frames after the frame that it asked for, and was obeyed at once."""

    number: int = field(metadata=_ID)
    command: str
    slot: int | None
    voice: int | None
    frames: int


@dataclass(frozen=True, kw_only=True)
class DeviceInfo:
    """What the newest device event said."""

    state: str
    """"opened", "xrun", "suspended", "lost" or "closed"."""
    device: str
    rate_hz: int
    period_frames: int
    buffer_frames: int
    format: str
    realtime: bool
    """The audio thread has SCHED_FIFO."""
    count: int
    """How many of this kind since the device was opened."""
    msg: str


@dataclass(frozen=True, kw_only=True)
class Device(DeviceInfo, Event):
    """Something happened to the device. The state "closed" is the engine's last event."""


@dataclass(frozen=True, kw_only=True)
class Recording(Event):
    """The disk was too slow or full: the recording lacks so many frames."""

    count: int


@dataclass(frozen=True, kw_only=True)
class Unknown(Event):
    """An event of a type that this version of the package does not know."""

    type: str
    raw: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """frame was rendered when CLOCK_MONOTONIC was time_ns, and is heard delay_frames later."""

    frame: int
    time_ns: int
    delay_frames: int


@dataclass(frozen=True, kw_only=True)
class Meter:
    """Telemetry: the levels of a window of frames that ended at frame.

    peak is linear, left and right; over 1.0 is a clip.
    """

    frame: int
    peak: tuple[float, float]
    voices: int
    events: int
    """The number of the newest event: one that has not come by now was lost on its way."""
    clock: Clock


_EVENTS: Mapping[str, type[Event]] = {
    "started": Started,
    "progress": Progress,
    "success": Success,
    "error": Error,
    "cancelled": Cancelled,
    "evicted": Evicted,
    "retired": Retired,
    "voice_skipped": VoiceSkipped,
    "voice_waiting": VoiceWaiting,
    "voice_started": VoiceStarted,
    "voice_paused": VoicePaused,
    "voice_resumed": VoiceResumed,
    "voice_ended": VoiceEnded,
    "rejected": Rejected,
    "late": Late,
    "device": Device,
    "recording": Recording,
}


def read_event(raw: Mapping[str, Any]) -> Event:
    """The event that a message holds; ValueError if a field is missing or of the wrong type."""
    kind = raw.get("type")
    cls = _EVENTS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        return read(Unknown, {**raw, "raw": raw})
    return read(cls, raw)


def read_telemetry(raw: Mapping[str, Any]) -> Meter | None:
    """None for telemetry that this version of the package does not know."""
    return read(Meter, raw) if raw.get("type") == "meter" else None
