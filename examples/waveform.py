"""Draws what was heard: the waveform of a recording, and where its voices started.

    waveform.py RECORDING.wav STARTS.json PICTURE.png

STARTS is what `watch.py --starts` wrote. Says the recording's length and peak, and fails if it is silent or clips.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

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


def draw(rate: int, frames: np.ndarray, starts: Sequence[tuple[int, str]], picture: Path) -> None:
    names = list(dict.fromkeys(name for _, name in starts))
    figure, (wave, marks) = plt.subplots(
        2, 1, figsize=(16, 8.5), sharex=True, height_ratios=(1.15, 1), layout="constrained", facecolor=PAPER
    )
    edges = np.linspace(0, len(frames), COLUMNS + 1).astype(int)
    times = (edges[:-1] + edges[1:]) / 2 / rate
    for channel, (label, base) in enumerate((("left", 1.05), ("right", -1.05))):
        low = np.minimum.reduceat(frames[:, channel], edges[:-1])
        high = np.maximum.reduceat(frames[:, channel], edges[:-1])
        wave.fill_between(times, base + low, base + high, color=INK, linewidth=0)
        wave.text(0.004, 0.97 if channel == 0 else 0.03, label, color=SOFT, transform=wave.transAxes,
                  va="top" if channel == 0 else "bottom")
        wave.axhline(base, color=SOFT, linewidth=0.4)
    wave.axhline(0, color=SOFT, linewidth=0.8)
    wave.set(ylim=(-2.1, 2.1), yticks=(0.05, 1.05, 2.05), yticklabels=("-1", "0", "1"))
    wave.set_title("What was heard, and where its voices started", loc="left", color=INK, fontsize=15, pad=10)

    for row, name in enumerate(names):
        when = [frame / rate for frame, each in starts if each == name]
        marks.eventplot(when, lineoffsets=row, linelengths=0.72, linewidths=1.8, color=ACCENT)
    marks.set(ylim=(len(names) - 0.4, -0.6), yticks=range(len(names)), xlabel="seconds")
    marks.set_yticklabels(names)
    marks.set_xlim(0, len(frames) / rate)
    marks.set_xticks(np.arange(0, len(frames) / rate, 1))
    for axes in (wave, marks):
        axes.set_facecolor(PAPER)
        axes.grid(axis="x", color=SOFT, alpha=0.35, linewidth=0.6)
        axes.tick_params(colors=INK, length=0)
        axes.spines[:].set_visible(False)
        axes.set_axisbelow(True)
    figure.savefig(picture, dpi=110)


def main() -> int:
    recording, starts, picture = map(Path, sys.argv[1:4])
    rate, frames = read_wav(recording)
    peak = float(np.abs(frames).max(initial=0.0))
    if not 0.01 < peak < 1.0:
        print(f"waveform.py: {recording} {'clips' if peak >= 1.0 else 'is silent'}: peak {peak:.3f}", file=sys.stderr)
        return 1
    draw(rate, frames, json.loads(starts.read_text()), picture)
    print(f"{recording}: {len(frames) / rate:.1f} s, peak {20 * np.log10(peak):.1f} dB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
