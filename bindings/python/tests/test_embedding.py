import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MakeWav
from host import PATIENCE_SEC, first_line


@pytest.fixture
def library(build_dir: Path) -> Path:
    if os.environ.get("ZAMPLE_INSTRUMENT", "none") != "none":
        pytest.skip("a Python that was not built with the sanitizer cannot load a library that was")
    path = build_dir / ".libs/libzample.so"
    if not path.exists():
        pytest.skip(f"there is no {path}: the build has no shared library")
    return path


def test_control_c_reaches_a_python_program_that_embeds_the_engine(library: Path, make_wav: MakeWav) -> None:
    sounds = [str(make_wav(f"{number}.wav", frames=48_000)) for number in range(4)]
    program = Path(__file__).parent / "embedding.py"
    with subprocess.Popen(
        [sys.executable, program, library, *sounds, "/no/such.wav"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert first_line(process) == "playing\n"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE_SEC)
    assert (process.returncode, out) == (0, "interrupted\nclosed\n")
