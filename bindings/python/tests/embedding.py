"""A program that embeds the engine, by way of ctypes, and is interrupted by test_embedding.py.

Arguments: the library, and sounds to load. It loads and plays until it gets a KeyboardInterrupt.
"""

import ctypes
import sys

import zample

NULL_OUTPUT = 1


class Limits(ctypes.Structure):
    _fields_ = (
        ("bytes", ctypes.c_uint64),
        ("frames", ctypes.c_uint64),
        ("seconds", ctypes.c_uint32),
        ("channels", ctypes.c_uint32),
        ("streams", ctypes.c_uint32),
        ("least_share", ctypes.c_float),
        ("reserved", ctypes.c_uint64 * 2),
    )


class Config(ctypes.Structure):
    _fields_ = (
        ("output", ctypes.c_int),
        ("device", ctypes.c_char_p),
        ("rate_hz", ctypes.c_uint32),
        ("period_frames", ctypes.c_uint32),
        ("periods", ctypes.c_uint32),
        ("slots", ctypes.c_uint32),
        ("voices", ctypes.c_uint32),
        ("command_capacity", ctypes.c_uint32),
        ("event_capacity", ctypes.c_uint32),
        ("record", ctypes.c_char_p),
        ("record_format", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("workers", ctypes.c_uint32),
        ("library_sounds", ctypes.c_uint32),
        ("memory_bytes", ctypes.c_uint64),
        ("cache", ctypes.c_char_p),
        ("symlinks", ctypes.c_bool),
        ("library_watch", ctypes.c_bool),
        ("reserved_flags", ctypes.c_bool * 6),
        ("limits", Limits),
        ("reserved", ctypes.c_uint64 * 8),
    )


def open_library(path: str) -> ctypes.CDLL:
    library = ctypes.CDLL(path)
    library.zample_new.argtypes = [ctypes.POINTER(Config), ctypes.POINTER(ctypes.c_void_p)]
    library.zample_destroy.argtypes = [ctypes.POINTER(ctypes.c_void_p)]
    library.zample_load.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_char_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    library.zample_play.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p]
    library.zample_endpoint.argtypes = [ctypes.c_void_p]
    library.zample_endpoint.restype = ctypes.c_char_p
    return library


def play_for_ever(
    library: ctypes.CDLL, engine: ctypes.c_void_p, sounds: tuple[str, ...], told: zample.Subscriber
) -> None:
    rounds = 0
    played = len(sounds)  # a slot that is loaded once: to load it anew would fade out what plays
    assert library.zample_load(engine, played, sounds[0].encode(), None, None) == 0
    while True:
        for slot, sound in enumerate(sounds):
            assert library.zample_load(engine, slot, sound.encode(), None, None) == 0
        library.zample_play(engine, played, None, None)
        heard = told.poll(0.05)
        while heard is not None:
            heard = told.poll()
        if told.state.voices:
            rounds += 1
            if rounds == 3:
                print("playing", flush=True)


def main(path: str, *sounds: str) -> None:
    library = open_library(path)
    engine = ctypes.c_void_p()
    assert library.zample_new(Config(output=NULL_OUTPUT), ctypes.byref(engine)) == 0
    with zample.Subscriber(library.zample_endpoint(engine).decode(), timeout=60) as told:
        try:
            play_for_ever(library, engine, sounds, told)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        library.zample_destroy(ctypes.byref(engine))
        while told.poll(60) is not None:
            pass
        assert told.ended
    print("closed", flush=True)


main(*sys.argv[1:])
