"""The types and the style, where the tools that check them are installed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(tool: str, *arguments: str | Path) -> None:
    if importlib.util.find_spec(tool) is None:
        pytest.skip(
            f"{sys.executable} has no module {tool}: pip install -r bindings/python/requirements-test.txt"
        )
    if os.environ.get("ZAMPLE_INSTRUMENT", "none") != "none":
        pytest.skip("once, in the plain build, is enough")
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_types_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPYPATH", "src:tests")
    run("mypy", "--cache-dir", tmp_path, "src", *sorted(ROOT.glob("tests/*.py")))


def test_the_style_is_kept() -> None:
    run("ruff", "check", "--no-cache", ".")
    run("ruff", "format", "--no-cache", "--check", ".")
