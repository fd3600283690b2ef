"""Watches another program play: a bar for each load, and what sounds as it comes.

    watch.py [--voices FILE] COMMAND [ARGUMENT...]

Runs the command, which must print its engine's endpoint as its first line and then wait for a line on its
standard input (as `arrangement -w` does): so the watcher is there before the first event. Everything shown was
told by the engine. --voices writes down when each voice sounded, for waveform.py. Ends as the command ends.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import zample
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn


class Watch:
    """What is shown, event by event."""

    def __init__(self, rate_hz: int) -> None:
        self.voices: dict[int, dict[str, int | str]] = {}
        """Each voice: the sound's name, and the frames at which it started and ended."""
        self.counts: Counter[str] = Counter()
        self._rate_hz = rate_hz
        self._console = Console(highlight=False, soft_wrap=True)
        self._loads = Progress(
            TextColumn("{task.description:>20}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
        )
        self._bars: dict[int, TaskID] = {}
        self._names: dict[int | None, str] = {}
        self._frame = 0
        self._started: list[str] = []
        self._ended: list[str] = []

    def close(self) -> None:
        self._close_loads()
        self._print_voices()

    def show(self, event: zample.Item) -> None:
        self.counts[type(event).__name__] += 1
        match event:
            case zample.Started(slot=slot, job=job, path=path):
                self._names[slot] = Path(path).stem
                self._loads.start()
                self._bars[job] = self._loads.add_task(escape(self._names[slot]), total=1.0, note="")
            case zample.Progress(job=job, percent=percent, stage=stage):
                self._loads.update(self._bars[job], completed=percent, note=escape(stage))
            case zample.Success(slot=None, job=job, sounds=sounds, failed=failed):
                self._loads.update(self._bars[job], completed=1.0, note=f"{sounds} sounds, {failed} failed")
            case zample.Success(slot=slot, job=job, duration_sec=duration_sec, warnings=warnings):
                note = f"slot {slot:2}, {duration_sec:5.2f} s {', '.join(warnings)}"
                self._loads.update(self._bars[job], completed=1.0, note=note)
            case zample.Cancelled(job=job) if job in self._bars:
                self._loads.update(self._bars[job], note="[yellow]cancelled[/]")
            case zample.Error(job=job, msg=msg) if job in self._bars:
                self._loads.update(self._bars[job], note=f"[red]{escape(msg)}[/]")
            case zample.VoiceStarted(voice=voice, slot=slot, frame=frame):
                self._close_loads()
                if frame != self._frame:
                    self._print_voices()
                    self._frame = frame
                name = self._names.get(slot, f"slot {slot}")
                self._started.append(name)
                self.voices[voice] = {"name": name, "start": frame, "end": frame}
            case zample.VoiceEnded(voice=voice, slot=slot, frame=frame, reason=reason):
                name = self._names.get(slot, f"slot {slot}")
                if voice in self.voices:
                    self.voices[voice]["end"] = frame
                self._ended.append(name if reason == "finished" else f"{name} ({reason})")
            case zample.Device(state=state, msg=msg):
                self._say("green" if state in ("opened", "closed") else "yellow", f"device {state}: {msg}")
            case _:
                self._say("yellow", str(event))

    def _close_loads(self) -> None:
        if self._loads.live.is_started:
            self._loads.stop()

    def _say(self, colour: str, text: str) -> None:
        self._print_voices()
        self._console.print(f"[{colour}]{escape(text)}[/]")

    def _print_voices(self) -> None:
        """What ended is told beside what started before it, so that a line is one moment of the music."""
        if self._started or self._ended:
            ended = escape(f"ended: {', '.join(self._ended)}") if self._ended else ""
            self._console.print(
                f"[dim]{self._frame / self._rate_hz:8.3f} s  frame {self._frame:8}[/]  "
                f"[bold cyan]{escape(', '.join(self._started)):48}[/]  [dim]{ended}[/]"
            )
        self._started, self._ended = [], []


def follow(child: subprocess.Popen[str]) -> Watch:
    assert child.stdin and child.stdout
    endpoint = child.stdout.readline().strip()
    with zample.Subscriber(endpoint, timeout=20.0) as subscriber:
        watch = Watch(subscriber.snapshot.rate_hz)
        if subscriber.snapshot.device:
            print(subscriber.snapshot.device.msg, flush=True)
        child.stdin.write("\n")
        child.stdin.close()
        try:
            for event in subscriber:
                watch.show(event)
        finally:
            watch.close()
    return watch


def main() -> int:
    parser = argparse.ArgumentParser(description="Watches another program play.")
    parser.add_argument("--voices", type=Path, help="write what sounded, from which frame to which, as JSON")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with subprocess.Popen(arguments.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            watch = follow(child)
        except (zample.ZampleError, ValueError) as error:
            print(f"watch.py: {error}", file=sys.stderr)
            return child.wait() or 1
    if arguments.voices:
        arguments.voices.write_text(json.dumps(list(watch.voices.values())))
    told = watch.counts
    print(
        f"loads: {told['Success']} done, {told['Error']} failed; "
        f"voices: {told['VoiceStarted']} started, {told['VoiceEnded']} ended; "
        f"commands: {told['Late']} late, {told['Rejected']} rejected; events missed: {told['Lost']}"
    )
    return child.returncode


if __name__ == "__main__":
    sys.exit(main())
