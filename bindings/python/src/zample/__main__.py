"""python -m zample: prints an engine's events as they come."""

import argparse
import dataclasses
import os
import sys

from . import EngineNotFound, Item, Lost, Snapshot, Subscriber, Unknown, ZampleError, engines


def main() -> int:
    options = _options()
    if options.list:
        for engine in engines():
            print(engine.name, engine.endpoint)
        return 0
    try:
        _follow(options.endpoint or options.name, options.timeout, options.meter)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has gone. Python would say so once more when it closes its standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ZampleError, ValueError) as error:
        print(f"zample: {error}", file=sys.stderr)
        return 2 if isinstance(error, EngineNotFound) else 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m zample",
        description="Prints the events of a zample engine as they come, until it ends. "
        "Without a name it follows the only engine that runs.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--name", help="the engine's name")
    which.add_argument("--endpoint", help="where it publishes, as ipc:///run/user/1000/zample/NAME/events")
    which.add_argument("--list", action="store_true", help="list the engines that run, and end")
    parser.add_argument("--meter", action="store_true", help="print its levels too")
    parser.add_argument(
        "--timeout", type=float, default=5.0, metavar="SECONDS", help="how long to wait for it (5)"
    )
    return parser.parse_args()


def _follow(endpoint_or_name: str | None, timeout: float, meter: bool) -> None:
    with Subscriber(endpoint_or_name, timeout=timeout, telemetry=meter) as subscriber:
        _tell_snapshot(subscriber.snapshot)
        for item in subscriber:
            _tell(item)


def _tell_snapshot(snapshot: Snapshot) -> None:
    print(
        f"{snapshot.name}: zample {snapshot.version} at {snapshot.rate_hz} Hz, frame {snapshot.frame}, "
        f"{len(snapshot.slots)} sounds, {len(snapshot.jobs)} loads, {len(snapshot.voices)} voices",
        flush=True,
    )


def _tell(item: Item) -> None:
    if isinstance(item, Lost):
        print(f"Lost {item.count} events", flush=True)
        _tell_snapshot(item.snapshot)
        return
    if isinstance(item, Unknown):
        told = dict(item.raw)
    else:
        told = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    frame, seq = told.pop("frame"), told.pop("seq", "-")
    words = " ".join(f"{key}={value!r}" for key, value in told.items())
    print(f"{frame:>12} {seq:>7} {type(item).__name__} {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
