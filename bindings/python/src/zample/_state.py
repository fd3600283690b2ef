"""The state of an engine: as its snapshot told it, and as each event changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from ._events import (
    Cancelled,
    Device,
    DeviceInfo,
    Error,
    Event,
    Progress,
    Retired,
    Started,
    Success,
    VoiceEnded,
    VoicePaused,
    VoiceResumed,
    VoiceStarted,
)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A slot that holds a sound."""

    slot: int = field(metadata={"key": "id"})
    job: int
    """The load that made the sound."""
    path: str
    duration_sec: float
    frames: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """A load under way; or, with no slot, a scan or a preload of the library."""

    job: int
    slot: int | None = field(metadata={"key": "id"})
    path: str
    percent: float
    stage: str


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A voice that sounds or pauses; frame is where it started."""

    voice: int = field(metadata={"key": "id"})
    slot: int
    frame: int
    paused: bool


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The state of an engine after its event number seq. Never changes: a later state is another object."""

    seq: int
    frame: int
    name: str
    version: str
    rate_hz: int
    device: DeviceInfo | None
    slots: Mapping[int, Slot] = field(metadata={"by": "slot"}, hash=False)
    jobs: Mapping[int, Job] = field(metadata={"by": "job"}, hash=False)
    voices: Mapping[int, Voice] = field(metadata={"by": "voice"}, hash=False)

    @property
    def closed(self) -> bool:
        """The engine has ended, and nothing comes after this."""
        return self.device is not None and self.device.state == "closed"


def advance(state: Snapshot, event: Event) -> Snapshot:
    """The state after the event."""
    state = replace(state, seq=event.seq, frame=event.frame)
    match event:
        case Started(job=job, slot=slot, path=path):
            return replace(
                state, jobs=_with(state.jobs, job, Job(job=job, slot=slot, path=path, percent=0.0, stage=""))
            )
        case Progress(job=job) if job in state.jobs:
            under_way = replace(state.jobs[job], percent=event.percent, stage=event.stage)
            return replace(state, jobs=_with(state.jobs, job, under_way))
        case Success(slot=int(slot)):
            return _loaded(state, event, slot)
        case Success(job=job) | Error(job=job) | Cancelled(job=job):
            return replace(state, jobs=_without(state.jobs, job))
        case Retired(slot=slot, job=job) if slot in state.slots and state.slots[slot].job == job:
            return replace(state, slots=_without(state.slots, slot))
        case VoiceStarted(voice=voice, slot=slot, frame=frame):
            sounding = Voice(voice=voice, slot=slot, frame=frame, paused=False)
            return replace(state, voices=_with(state.voices, voice, sounding))
        case VoicePaused(voice=voice) | VoiceResumed(voice=voice) if voice in state.voices:
            held = replace(state.voices[voice], paused=isinstance(event, VoicePaused))
            return replace(state, voices=_with(state.voices, voice, held))
        case VoiceEnded(voice=voice):
            return replace(state, voices=_without(state.voices, voice))
        case Device():
            return replace(state, device=_info(event))
        case _:
            return state


def _loaded(state: Snapshot, event: Success, number: int) -> Snapshot:
    job = state.jobs.get(event.job)
    slot = Slot(
        slot=number,
        job=event.job,
        path=job.path if job else "",
        duration_sec=event.duration_sec,
        frames=event.frames,
    )
    return replace(state, jobs=_without(state.jobs, event.job), slots=_with(state.slots, number, slot))


def _info(event: Device) -> DeviceInfo:
    return DeviceInfo(**{each.name: getattr(event, each.name) for each in fields(DeviceInfo)})


def _with(entries: Mapping[int, T], key: int, entry: T) -> Mapping[int, T]:
    return {**entries, key: entry}


def _without(entries: Mapping[int, T], key: int) -> Mapping[int, T]:
    return {other: entry for other, entry in entries.items() if other != key}
