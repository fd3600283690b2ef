"""Draws what was heard: the waveform of a recording, and where its voices started and ended.

    waveform.py RECORDING.wav VOICES.json PICTURE.png

VOICES is what `watch.py --voices` wrote. Says the recording's length and peak, and fails if it is silent or clips.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator


class Voice(TypedDict):
    name: str
    start: int
    end: int


COLUMNS = 2400
"""So many columns of the lowest and highest value; more than the picture has pixels."""

INK, SOFT, PAPER, ACCENT = "#16324f", "#8aa4bd", "#fbfaf7", "#d1495b"


def read_wav(path: Path) -> tuple[int, np.ndarray]:
    """The rate, and the frames as floats, one row each. The engine's own WAV files: 32-bit float."""
    data = path.read_bytes()
    position, rate, channels = 12, 0, 0
    while position + 8 <= len(data):
        kind, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        body = data[position + 8 : position + 8 + size]
        if kind == b"fmt ":
            channels = int.from_bytes(body[2:4], "little")
            rate = int.from_bytes(body[4:8], "little")
        elif kind == b"data":
            return rate, np.frombuffer(body, "<f4").reshape(-1, channels)
        position += 8 + size + size % 2
    raise ValueError(f"{path} holds no sound")


def draw_wave(axes: Axes, rate: int, frames: np.ndarray) -> None:
    edges = np.linspace(0, len(frames), COLUMNS + 1).astype(int)
    times = (edges[:-1] + edges[1:]) / 2 / rate
    for channel, base in enumerate((1.0, -1.0)):
        low = np.minimum.reduceat(frames[:, channel], edges[:-1])
        high = np.maximum.reduceat(frames[:, channel], edges[:-1])
        axes.fill_between(times, base + low, base + high, color=INK, linewidth=0)
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.set(ylim=(-2, 2), yticks=(-1, 1), yticklabels=("right", "left"))
    axes.set_title("What was heard, and the voices that made it", loc="left", color=INK, fontsize=15, pad=12)


def draw_voices(axes: Axes, rate: int, voices: Sequence[Voice]) -> None:
    names = list(dict.fromkeys(voice["name"] for voice in voices))
    for row, name in enumerate(names):
        starts = [voice["start"] / rate for voice in voices if voice["name"] == name]
        ends = [voice["end"] / rate for voice in voices if voice["name"] == name]
        spans = [(start, end - start) for start, end in zip(starts, ends, strict=True)]
        axes.broken_barh(spans, (row - 0.3, 0.6), color=ACCENT, alpha=0.28, linewidth=0)
        axes.eventplot(starts, lineoffsets=row, linelengths=0.6, linewidths=2, color=ACCENT)
    axes.set(ylim=(len(names) - 0.4, -0.6), yticks=range(len(names)), yticklabels=names)
    axes.set_xlabel("seconds", color=INK)


def draw(rate: int, frames: np.ndarray, voices: Sequence[Voice], picture: Path) -> None:
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(16, 9), sharex=True, height_ratios=(1.1, 1), layout="constrained", facecolor=PAPER
    )
    draw_wave(above, rate, frames)
    draw_voices(below, rate, voices)
    below.set_xlim(0, len(frames) / rate)
    below.xaxis.set_major_locator(MultipleLocator(1))
    for axes in (above, below):
        axes.set_facecolor(PAPER)
        axes.grid(axis="x", color=SOFT, alpha=0.35, linewidth=0.6)
        axes.tick_params(colors=INK, length=0)
        axes.spines[:].set_visible(False)
        axes.set_axisbelow(True)
    figure.savefig(picture, dpi=110)


def main() -> int:
    recording, voices, picture = map(Path, sys.argv[1:4])
    rate, frames = read_wav(recording)
    peak = float(np.abs(frames).max(initial=0.0))
    if not 0.01 < peak < 1.0:
        print(f"waveform.py: {recording} {'clips' if peak >= 1.0 else 'is silent'}: peak {peak:.3f}", file=sys.stderr)
        return 1
    draw(rate, frames, json.loads(voices.read_text()), picture)
    print(f"{recording}: {len(frames) / rate:.1f} s, peak {20 * np.log10(peak):.1f} dB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
