"""The real server in a process of its own, and visitors who talk to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "only for tests, and long enough"
_START_SECONDS = 120
_LOG_LINES = 40


@dataclass
class Server:
    """A server in a process of its own.

    Args:
        folder: Where it keeps its database and its log.
        settings: What its environment sets.
        project: The folder that it is run in.
        arguments: More arguments of `serve`.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    project: Path = ROOT
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The file of its conversations."""
        return self.folder / "conversations.db"

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Starts it and waits until it is ready."""
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "bot", "serve", "--port", str(self.port)]
        command += self.arguments
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.project,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(self.log.splitlines()[-_LOG_LINES:])
                pytest.fail(f"The server did not start:\n{tail}")
            time.sleep(0.1)

    def stop(self, kill: signal.Signals = signal.SIGTERM) -> int:
        """Sends it a signal, waits for its end and gives its exit status."""
        assert self.process is not None
        self.process.send_signal(kill)
        return self.process.wait(timeout=60)

    def restart(self, kill: signal.Signals = signal.SIGTERM) -> int:
        """Stops it with a signal, starts it again and gives the first one's exit status."""
        status = self.stop(kill)
        self.start()
        return status

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "WEB_SECRET": SECRET,
            **self.settings,
        }


class Visitor:
    """Somebody who talks to the server in a conversation of their own."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.client = httpx.Client(base_url=f"{url}/webhooks/web", timeout=60)
        self.token = token or self.client.post("/session").json()["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: Any) -> httpx.Response:
        """Sends a message as it is, with a fresh id unless it names one."""
        body.setdefault("id", str(uuid.uuid4()))
        # Escaped, so that half an emoji can be sent too.
        content = json.dumps(body)
        return self.client.post("/messages", content=content, headers=self.headers)

    def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        """Says something and gives the lines of the answer."""
        return lines(self.post(text=text, **more))

    def history(self) -> list[dict[str, Any]]:
        """Gives the conversation so far."""
        answer = self.client.get("/history", headers=self.headers)
        assert answer.status_code == 200, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def said(self) -> list[str]:
        """Gives what the server has kept of what this visitor said."""
        return [message["text"] for message in self.history() if message["from"] == "user"]

    def press(self, title: str, answer: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Presses the button with this title, the latest in an answer, and gives the answer."""
        offered = [b for line in answer for b in line.get("buttons", ()) if b["title"] == title]
        assert offered, f"no button “{title}” in {titles(answer)}"
        return lines(self.post(payload=offered[-1]["payload"]))


def titles(answer: list[dict[str, Any]]) -> list[str]:
    """Gives the titles of all buttons of an answer."""
    return [b["title"] for line in answer for b in line.get("buttons", ())]


def text(answer: list[dict[str, Any]]) -> str:
    """Gives all that an answer says."""
    return "\n".join(line["text"] for line in answer if "text" in line)


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    """Gives the lines of an answer to a message, the last of which must be the end."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("done", False) for line in found] == [False] * (len(found) - 1) + [True]
    return found


def free_port() -> int:
    """Gives a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
