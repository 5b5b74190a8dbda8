"""Runs commands as a user does: in a process of their own."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import PROJECT


def run(*arguments: str | bytes, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """`python -m bot …` with these arguments."""
    return _run("-m", "bot", *arguments, stdin=stdin)


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python code with these arguments."""
    return _run("-c", code, *arguments)


def _run(*arguments: str | bytes, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
