"""python -m zample, run as people run it."""

import signal
import subprocess
import sys

from conftest import MakeWav, StartHost
from host import PATIENCE_SEC, first_line, load

import zample


def start(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "zample", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(*options: str) -> tuple[int, str, str]:
    process = start(*options)
    out, err = process.communicate(timeout=PATIENCE_SEC)
    return process.returncode, out, err


def test_it_prints_events_until_the_engine_ends(start_host: StartHost, make_wav: MakeWav) -> None:
    host = start_host("--output", "offline", "--name", "printed")
    process = start("--name", "printed", "--timeout", "60")
    assert first_line(process).startswith("printed: zample ")
    path = make_wav()
    with zample.Subscriber(timeout=60) as subscriber:
        load(host, subscriber, 3, path, offline=True)
    host.quit()
    out, err = process.communicate(timeout=PATIENCE_SEC)
    assert (process.returncode, err) == (0, "")
    kinds = [line.split()[2] for line in out.splitlines()]
    assert (kinds[0], kinds[-2], kinds[-1]) == ("Started", "Success", "Device")
    assert f"slot=3 job=1 path={str(path)!r}" in out


def test_it_says_that_nobody_is_there() -> None:
    status, out, err = run("--name", "nobody", "--timeout", "0.1")
    assert (status, out) == (2, "")
    assert err.startswith("zample: no engine answered at ipc://")
    assert err.count("\n") == 1


def test_it_says_that_an_endpoint_is_none() -> None:
    status, out, err = run("--endpoint", "tcp://127.0.0.1:5555")
    assert (status, out) == (1, "")
    assert err.startswith("zample: 'tcp://127.0.0.1:5555' is not an ipc:// endpoint")


def test_it_says_that_the_engine_was_killed(start_host: StartHost) -> None:
    host = start_host("--output", "null")
    process = start("--endpoint", host.endpoint, "--meter", "--timeout", "60")
    first_line(process)
    host.kill()
    _, err = process.communicate(timeout=PATIENCE_SEC)
    assert process.returncode == 1
    assert err.endswith("ended without saying so\n")


def test_it_lists_the_engines_that_run(start_host: StartHost) -> None:
    assert run("--list") == (0, "", "")
    hosts = [start_host("--output", "offline", "--name", name) for name in ("b", "a")]
    assert run("--list") == (0, f"a {hosts[1].endpoint}\nb {hosts[0].endpoint}\n", "")


def test_control_c_ends_it_without_a_traceback(start_host: StartHost) -> None:
    start_host("--output", "null")
    process = start("--timeout", "60")
    first_line(process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_SEC)
    assert (process.returncode, err) == (130, "")


def test_it_ends_quietly_when_nobody_reads_on(start_host: StartHost) -> None:
    start_host("--output", "null")
    process = start("--meter", "--timeout", "60")
    first_line(process)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(PATIENCE_SEC) == 0
    assert process.stderr.read() == ""
    process.stderr.close()
