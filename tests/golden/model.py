#!/usr/bin/env python3
"""What the stage must render, computed frame by frame by a program that shares no line with it.

    model.py --check FILE...    compares each golden file with the model; says which differ
    model.py --write FILE...    writes events and frames into each file, below its scenario

A golden file is a scenario, what it leads to, and the frames. Its lines:

    slots N | voices N | frames N           the stage, and how many frames are rendered, in blocks of 64
    sample NAME FRAMES noise SEED           material: noise of a congruential generator
    sample NAME FRAMES constant VALUE       or one value
    FRAME load SLOT NAME                    each sample once
    FRAME play SLOT [gain G] [pan P] [speed S] [loop]
    FRAME stop|pause|resume VOICE
    FRAME seek VOICE POSITION
    FRAME stop_slot|unload SLOT
    FRAME stop_all
    FRAME cell SLOT gain|pan|speed VALUE    sets a cell; read at the start of the first block from then on
    event FRAME ...                         what the stage tells
    HEX ...                                 the bits of each float, left and right in turn

All commands are pushed before the first block. They are numbered from 1 as they stand in the file (a cell is
no command), and a play's number is its voice.

Arithmetic is that of 32-bit floats: each operation is done in Python's 64 bits and rounded, which gives the
same bits as a 32-bit operation, since 53 bits of significand are more than 2 * 24 + 2 (Figueroa, "When is double
rounding innocuous?", SIGNUM Newsletter 30 (3), 1995).
"""

import copy
import ctypes
import math
import struct
import sys

BLOCK = 64
RAMP = 96
ONE = 1 << 32


def f32(value):
    return ctypes.c_float(value).value


def add(a, b):
    return f32(a + b)


def sub(a, b):
    return f32(a - b)


def mul(a, b):
    return f32(a * b)


def noise(frames, seed):
    """Frames of left and right, from -1 to 1."""
    values = []
    for _ in range(2 * frames):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append(((seed >> 8) - 0x800000) / 0x800000)
    return list(zip(values[0::2], values[1::2]))


def cubic(before, here, following, after, fraction):
    """Catmull-Rom, in Horner's form."""
    a = add(mul(1.5, sub(here, following)), mul(0.5, sub(after, before)))
    b = sub(add(sub(before, mul(2.5, here)), mul(2.0, following)), mul(0.5, after))
    c = mul(0.5, sub(following, before))
    return add(mul(add(mul(add(mul(a, fraction), b), fraction), c), fraction), here)


class Voice:
    def __init__(self, number, slot, sample, how, cells):
        self.number, self.slot, self.sample = number, slot, sample
        self.gain, self.pan, self.speed = f32(how["gain"]), f32(how["pan"]), f32(how["speed"])
        self.loop = how["loop"] and len(sample) > 0
        self.state = "sounding"
        self.reason = "finished"
        self.position = 0
        self.level = [0.0, 0.0]
        self.read(cells)
        self.aim()
        self.fade_in()

    def read(self, cells):
        self.cell_gain, self.cell_pan = cells["gain"], cells["pan"]
        self.step = math.floor(self.speed * cells["speed"] * ONE + 0.5)

    def aim(self):
        pan = max(-1.0, min(1.0, add(self.pan, self.cell_pan)))
        gain = mul(self.gain, self.cell_gain)
        self.full = [mul(gain, f32(math.sqrt(sub(1.0, pan)))), mul(gain, f32(math.sqrt(add(1.0, pan))))]

    def head_for(self, target):
        self.target = list(target)
        self.move = [f32(sub(self.target[c], self.level[c]) / RAMP) for c in (0, 1)]
        self.left = RAMP

    def fade_in(self):
        self.head_for(self.full)

    def fade_out(self):
        self.head_for([0.0, 0.0])

    def follow(self, cells):
        before = (self.cell_gain, self.cell_pan)
        self.read(cells)
        if (self.cell_gain, self.cell_pan) != before:
            self.aim()
            if self.state == "sounding":
                self.fade_in()

    def tap(self, index):
        if self.loop:
            return self.sample[index % len(self.sample)]
        return self.sample[index] if 0 <= index < len(self.sample) else (0.0, 0.0)

    def end(self, reason):
        if self.state != "ending":
            self.state, self.reason = "ending", reason
            self.fade_out()

    def at_end(self):
        """Whether the sample is over; a loop comes round instead."""
        if self.position >= len(self.sample) * ONE and self.loop:
            self.position %= len(self.sample) * ONE
        return self.position >= len(self.sample) * ONE

    def sound(self, out):
        """One frame. Returns whether the voice has faded out with it."""
        if self.left > 0:
            self.level = [add(self.level[c], self.move[c]) for c in (0, 1)]
        index, fraction = self.position >> 32, mul(f32(self.position & (ONE - 1)), 1.0 / ONE)
        taps = [self.tap(index + at) for at in (-1, 0, 1, 2)]
        for c in (0, 1):
            value = cubic(*(tap[c] for tap in taps), fraction)
            out[c] = add(out[c], mul(value, self.level[c]))
        self.position += self.step
        if self.left > 0:
            self.left -= 1
            if self.left == 0:
                self.level = list(self.target)
                if self.state == "pausing":
                    self.state = "paused"
                return self.state == "ending"
        return False


class Stage:
    def __init__(self, slots, voices):
        self.slots = [None] * slots
        self.cells = [{"gain": 1.0, "pan": 0.0, "speed": 1.0} for _ in range(slots)]
        self.limit = voices
        self.voices = []
        self.frame = 0
        self.events = []

    def tell(self, *words):
        self.events.append("event %d %s" % (self.frame, " ".join(str(word) for word in words)))

    def tell_end(self, voice):
        if voice.number:
            self.tell("ended", voice.number, voice.reason)

    def find(self, number):
        for voice in self.voices:
            if voice.number == number and voice.state != "ending":
                return voice
        return None

    def end_slot(self, slot, reason):
        for voice in self.voices:
            if slot in (None, voice.slot):
                voice.end(reason)

    def steal(self):
        named = [voice for voice in self.voices if voice.number]
        gone = next((voice for voice in named if voice.state == "ending"), named[0])
        gone.end("stolen")
        self.tell_end(gone)
        gone.number = 0

    def make_room(self):
        """There are as many places for what fades without a number as for voices; the quietest makes room."""
        if len(self.voices) == 2 * self.limit:
            ghosts = [voice for voice in self.voices if not voice.number]
            self.voices.remove(min(ghosts, key=lambda ghost: max(ghost.level)))

    def obey(self, number, kind, arguments):
        if kind == "load":
            self.end_slot(arguments[0], "replaced")
            self.slots[arguments[0]] = arguments[1]
            self.tell("ready", arguments[0])
        elif kind == "unload":
            if self.slots[arguments[0]] is None:
                self.tell("rejected", number)
            else:
                self.end_slot(arguments[0], "unloaded")
                self.slots[arguments[0]] = None
        elif kind == "play":
            self.play(number, *arguments)
        elif kind == "stop_slot":
            self.end_slot(arguments[0], "stopped")
        elif kind == "stop_all":
            self.end_slot(None, "stopped")
        else:
            voice = self.find(arguments[0])
            if voice is None:
                self.tell("rejected", number)
            else:
                self.tell_voice(number, kind, voice, arguments[1:])

    def play(self, number, slot, how):
        if self.slots[slot] is None:
            self.tell("rejected", number)
            return
        if sum(1 for voice in self.voices if voice.number) == self.limit:
            self.steal()
        self.make_room()
        self.voices.append(Voice(number, slot, self.slots[slot], how, self.cells[slot]))
        self.tell("started", number)

    def tell_voice(self, number, kind, voice, arguments):
        if kind == "stop":
            voice.end("stopped")
        elif kind == "pause" and voice.state == "sounding":
            voice.state = "pausing"
            voice.fade_out()
            self.tell("paused", voice.number)
        elif kind == "resume" and voice.state != "sounding":
            voice.state = "sounding"
            voice.fade_in()
            self.tell("resumed", voice.number)
        elif kind == "seek" and arguments[0] >= len(voice.sample):
            self.tell("rejected", number)
        elif kind == "seek":
            self.seek(voice, arguments[0])

    def seek(self, voice, position):
        if voice.state != "paused":
            ghost = copy.copy(voice)
            ghost.number = 0
            ghost.end("stopped")
            self.make_room()
            self.voices.append(ghost)
            voice.level = [0.0, 0.0]
            if voice.state == "sounding":
                voice.fade_in()
            else:
                voice.state = "paused"
        voice.position = position << 32

    def render_frame(self):
        out = [0.0, 0.0]
        for voice in list(self.voices):
            if voice.state == "paused":
                continue
            if voice.at_end():
                self.voices.remove(voice)
                self.tell_end(voice)
            elif voice.sound(out):
                self.voices.remove(voice)
                self.frame += 1  # it is silent from the next frame on
                self.tell_end(voice)
                self.frame -= 1
        self.frame += 1
        return out

    def render(self, scenario):
        waiting = sorted(scenario.commands, key=lambda command: (command[0], command[1]))
        cells = list(scenario.cells)
        frames = []
        for frame in range(scenario.frames):
            if frame % BLOCK == 0:
                while cells and cells[0][0] <= frame:
                    _, slot, name, value = cells.pop(0)
                    self.cells[slot][name] = value
                for voice in self.voices:
                    voice.follow(self.cells[voice.slot])
            while waiting and waiting[0][0] <= frame:
                _, number, kind, arguments = waiting.pop(0)
                self.obey(number, kind, arguments)
            frames.append(self.render_frame())
        return frames


class Scenario:
    def __init__(self, lines):
        self.samples, self.commands, self.cells = {}, [], []
        self.slots = self.voices = self.frames = 0
        for line in lines:
            words = line.split()
            if words and not line.startswith("#"):
                self.read(words)
        self.cells.sort(key=lambda cell: cell[0])

    def read(self, words):
        if words[0] in ("slots", "voices", "frames"):
            setattr(self, words[0], int(words[1]))
        elif words[0] == "sample":
            frames = int(words[2])
            value = words[4]
            self.samples[words[1]] = (
                noise(frames, int(value)) if words[3] == "noise" else [(f32(float(value)),) * 2] * frames
            )
        elif words[1] == "cell":
            self.cells.append((int(words[0]), int(words[2]), words[3], f32(float(words[4]))))
        else:
            number = len(self.commands) + 1
            self.commands.append((int(words[0]), number, words[1], self.arguments(words[1], words[2:])))

    def arguments(self, kind, words):
        if kind == "load":
            return [int(words[0]), self.samples[words[1]]]
        if kind != "play":
            return [int(word) for word in words]
        how = {"gain": 1.0, "pan": 0.0, "speed": 1.0, "loop": "loop" in words}
        for name, value in zip(words, words[1:]):
            if name in ("gain", "pan", "speed"):
                how[name] = float(value)
        return [int(words[0]), how]


def event_order(line):
    words = line.split()
    return (int(words[1]), words[2:])


def expected(path):
    """The golden file as the model would have it."""
    with open(path, encoding="ascii") as file:
        lines = file.read().split("\n")
    outcome = next((at for at, line in enumerate(lines) if line.startswith("event ")), len(lines))
    lines = lines[:outcome]
    scenario = Scenario(lines)
    stage = Stage(scenario.slots, scenario.voices)
    values = [value for frame in stage.render(scenario) for value in frame]
    words = ["%08x" % struct.unpack("<I", struct.pack("<f", value))[0] for value in values]
    rows = [" ".join(words[at:at + 8]) for at in range(0, len(words), 8)]
    return "\n".join(lines + sorted(stage.events, key=event_order) + rows) + "\n"


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in ("--check", "--write"):
        sys.exit(__doc__)
    wrong = 0
    for path in arguments[1:]:
        text = expected(path)
        if arguments[0] == "--write":
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            continue
        with open(path, encoding="ascii") as file:
            same = file.read() == text
        print("%s: %s" % (path, "as the model has it" if same else "NOT what the model gives"))
        wrong += not same
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
