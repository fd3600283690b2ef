"""Follows a zample sampler engine: every change of its state, as an event.

with zample.Subscriber() as subscriber:
    print(subscriber.snapshot)
    for event in subscriber:
        print(event)
"""

from ._discovery import EngineInfo, engines
from ._errors import EngineGone, EngineNotFound, ZampleError
from ._events import (
    Cancelled,
    Clock,
    Device,
    DeviceInfo,
    Error,
    Event,
    Evicted,
    Late,
    Meter,
    Progress,
    Recording,
    Rejected,
    Retired,
    Started,
    Success,
    Unknown,
    VoiceEnded,
    VoicePaused,
    VoiceResumed,
    VoiceSkipped,
    VoiceStarted,
    VoiceWaiting,
)
from ._follow import Item, Lost
from ._state import Job, Slot, Snapshot, Voice, advance
from ._subscriber import Subscriber

__version__ = "0.1.0"

__all__ = [
    "Cancelled",
    "Clock",
    "Device",
    "DeviceInfo",
    "EngineGone",
    "EngineInfo",
    "EngineNotFound",
    "Error",
    "Event",
    "Evicted",
    "Item",
    "Job",
    "Late",
    "Lost",
    "Meter",
    "Progress",
    "Recording",
    "Rejected",
    "Retired",
    "Slot",
    "Snapshot",
    "Started",
    "Subscriber",
    "Success",
    "Unknown",
    "Voice",
    "VoiceEnded",
    "VoicePaused",
    "VoiceResumed",
    "VoiceSkipped",
    "VoiceStarted",
    "VoiceWaiting",
    "ZampleError",
    "advance",
    "engines",
]
