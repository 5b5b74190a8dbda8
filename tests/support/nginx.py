"""nginx with the project's own configuration, in front of replicas of a test's."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.support.server import ROOT, free_port
from tests.support.until import until

CONFIGURATION = ROOT / "deploy" / "nginx.conf"


@dataclass
class Nginx:
    """A balancer.

    Args:
        folder: Where it writes.
        ports: The replicas' ports.
    """

    folder: Path
    ports: list[int]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it takes connections."""
        file = self.folder / "nginx.conf"
        file.write_text(configured(self.ports, self.port, self.folder), encoding="utf-8")
        command = [nginx_program(), "-c", str(file), "-p", str(self.folder), "-g", "daemon off;"]
        with (self.folder / "nginx.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until(self._answers)

    def reload(self) -> None:
        """Has it forget which replicas were away."""
        assert self.process
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """Stops it."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    def _answers(self) -> bool:
        try:
            httpx.get(f"{self.url}/health/live", timeout=5)
        except httpx.TransportError:
            return False
        return True


def configured(ports: list[int], port: int, folder: Path) -> str:
    """Gives the project's configuration with these ports and this folder for what it writes."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    line = re.search(r"^ *server bot-1:5005 (.*);$", text, re.MULTILINE)
    assert line, "The upstream's first replica is not where it was."
    servers = "".join(f"server 127.0.0.1:{one} {line[1]};\n" for one in ports)
    text = re.sub(r"(?:^ *server bot-\d:5005 .*;\n)+", servers, text, count=1, flags=re.MULTILINE)
    text = text.replace("listen 8080;", f"listen 127.0.0.1:{port};")
    return text.replace("/tmp/", f"{folder}/")


def nginx_program() -> str:
    """Gives where nginx is; skips the test where it is not, which fails in CI."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to install nginx.")
        pytest.skip("There is no nginx on this machine.")
    return program
