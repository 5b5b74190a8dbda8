"""It stays a Rasa project: Rasa's own commands work on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.cli.training import newest_model
from bot.project import PROJECT
from tests.support.server import Visitor, free_port, text
from tests.support.until import until

ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def rasa(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of Rasa's to its end."""
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=PROJECT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **more,
    )


@contextmanager
def running(*arguments: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Runs a command of Rasa's in the background."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa", *arguments],
            cwd=PROJECT,
            env={**ENVIRONMENT, **environment},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_for(url: str, log: Path) -> None:
    """Waits until something answers there."""

    def answers() -> bool:
        try:
            return httpx.get(url, timeout=5).status_code < 500
        except httpx.TransportError:
            return False

    until(answers, 120, lambda: log.read_text(encoding="utf-8")[-4000:])


def test_rasa_data_validate_finds_nothing_wrong() -> None:
    run = rasa("data", "validate", "--fail-on-warnings")
    assert run.returncode == 0, run.stderr[-4000:]


def test_rasa_test_passes_the_test_stories(tmp_path: Path) -> None:
    run = rasa(
        "test", "core", "--e2e", "--fail-on-prediction-errors",
        "--stories", "tests/dialogues/test_first_replies.yml",
        "--model", str(newest_model()), "--out", str(tmp_path),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-4000:]


def test_rasa_run_with_an_action_server_answers_as_the_one_process_does(tmp_path: Path) -> None:
    port, actions_port = free_port(), free_port()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {tmp_path}/conversations.db\n",
        encoding="utf-8",
    )
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/conversations.db",
        "WEB_SECRET": "only for tests, and long enough",
    }
    run_actions = ("run", "actions", "--port", str(actions_port))
    run_server = (
        "run", "--port", str(port), "--endpoints", str(endpoints), "--model", str(newest_model()),
    )  # fmt: skip
    with (
        running(*run_actions, environment=environment, log=tmp_path / "actions.log"),
        running(*run_server, environment=environment, log=tmp_path / "server.log"),
    ):
        wait_for(f"http://127.0.0.1:{actions_port}/health", tmp_path / "actions.log")
        wait_for(f"http://127.0.0.1:{port}/webhooks/web/", tmp_path / "server.log")
        visitor = Visitor(f"http://127.0.0.1:{port}")
        assert "1 of about 4" in text(visitor.say("should we outsource payroll?"))


def test_rasa_shell_chats(tmp_path: Path) -> None:
    run = rasa("shell", "nlu", "--model", str(newest_model()), input="what is BPO\n")
    assert "define_bpo" in run.stdout, run.stderr[-4000:]
