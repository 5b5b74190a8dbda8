"""The servers that are compared, each in processes of its own, and the starter set-up's model.

They get an environment made for them, so that neither `.env` nor the shell changes a figure.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.project import PROJECT
from bot.settings import SETTINGS

CONFIG = Path(__file__).with_name("starter.yml")
KEPT = PROJECT / ".data" / "benchmarks"
"""Where the starter set-up's model is kept from one run to the next."""

_HOST = "127.0.0.1"
_STOP_SECONDS = 20
_LOG_LINES = 30
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class BenchmarkError(Exception):
    """The measurement cannot be made; the message says why."""


@dataclass
class Child:
    """A process in a group of its own.

    Args:
        name: What it is called in what is reported.
        command: What it runs, with this Python.
        log: The file of all that it prints.
        env: What its environment sets beside what all have in common.

    """

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=PROJECT,
                env={**_common_environment(), **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_tie_to_parent,  # noqa: PLW1509 (there are no threads here)
            )

    def wait(self, seconds: float) -> int:
        """Waits for its end and gives its exit status; raises `TimeoutExpired` when late."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    def check(self) -> None:
        """Raises a BenchmarkError when it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise BenchmarkError(f"{self.name} has ended:\n{self.tail()}")

    def stop(self) -> None:
        """Ends it and whatever it has started; nothing happens when there is nothing to end."""
        process, self._process = self._process, None
        if process is None:
            return
        for kill in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, kill)
                process.wait(timeout=_STOP_SECONDS)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        process.poll()

    def resident(self) -> int:
        """Gives the bytes of memory that it and whatever it has started hold."""
        assert self._process is not None
        return sum(size for group, size in _resident() if group == self._process.pid)

    def tail(self) -> str:
        """Gives the end of what it has printed."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-_LOG_LINES:])


@dataclass
class Server:
    """One side of the comparison.

    Args:
        name: What it is called in what is reported.
        url: Its address.
        children: Its processes.
        has_health: Whether it tells at /health/ready that it is ready.

    """

    name: str
    url: str
    children: list[Child]
    has_health: bool

    def start(self) -> float:
        """Starts all its processes at once; gives the moment by `time.perf_counter`."""
        started = time.perf_counter()
        for child in self.children:
            child.start()
        return started

    def stop(self) -> None:
        """Ends all its processes."""
        with ExitStack() as stack:
            for child in self.children:
                stack.callback(child.stop)

    def check(self) -> None:
        """Raises a BenchmarkError when one of its processes has ended by itself."""
        for child in self.children:
            child.check()

    def log(self) -> str:
        """Gives the end of what its processes have printed."""
        return "\n".join(f"--- {child.name}\n{child.tail()}" for child in self.children)


def this_service(folder: Path) -> Server:
    """Gives this service as it is run, with the newest model in `models/`.

    Args:
        folder: Where it keeps its database and its log.

    """
    if not any((PROJECT / "models").glob("*.tar.gz")):
        raise BenchmarkError("There is no trained model in models/: run `make train` first.")
    (port,) = _free_ports(1)
    child = Child(
        "python -m bot serve",
        ["-m", "bot", "serve", "--host", _HOST, "--port", str(port)],
        folder / "this.log",
        {"DATABASE_URL": f"sqlite:///{folder / 'this.db'}"},
    )
    return Server("This service", f"http://{_HOST}:{port}", [child], has_health=True)


def starter(folder: Path, model: Path) -> Server:
    """Gives the starter set-up: Rasa's server and its action server, on the same web channel.

    Args:
        folder: Where it keeps its database, its settings and its logs.
        model: The model of `starter_model`.

    """
    port, actions_port = _free_ports(2)
    database = folder / "starter.db"
    credentials, endpoints = folder / "credentials.yml", folder / "endpoints.yml"
    credentials.write_text("bot.channels.web.WebChannel:\n", encoding="utf-8")
    endpoints.write_text(
        f"action_endpoint:\n  url: http://{_HOST}:{actions_port}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {database}\n",
        encoding="utf-8",
    )
    env = {"DATABASE_URL": f"sqlite:///{database}"}
    options = {
        "--interface": _HOST,
        "--port": str(port),
        "--model": str(model),
        "--credentials": str(credentials),
        "--endpoints": str(endpoints),
    }
    server = Child(
        "rasa run",
        ["-m", "rasa", "run", *(part for option in options.items() for part in option)],
        folder / "starter.log",
        env,
    )
    actions = Child(
        "rasa run actions",
        ["-m", "rasa", "run", "actions", "--actions", "actions", "--port", str(actions_port)],
        folder / "actions.log",
        env,
    )
    url = f"http://{_HOST}:{port}"
    return Server("Starter set-up", url, [server, actions], has_health=False)


def starter_model(retrain: bool, seconds: float) -> tuple[Path, bool]:
    """Gives the starter set-up's model: the one that is kept, or one that is trained now.

    Args:
        retrain: Whether to train although there is one.
        seconds: How long training may take.

    Returns:
        The model, and whether it was made from the content as it is now.

    """
    name = f"starter-{_fingerprint()}.tar.gz"
    kept = sorted(KEPT.glob("starter-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if kept and not retrain:
        model = KEPT / name if KEPT / name in kept else kept[-1]
        return model, model.name == name
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="training-", dir=KEPT) as folder:
        trained = _train(Path(folder), seconds)
        for old in kept:
            old.unlink(missing_ok=True)
        os.replace(trained, KEPT / name)
    return KEPT / name, True


def _train(folder: Path, seconds: float) -> Path:
    config = shutil.copy(CONFIG, folder)  # Rasa writes into it
    command = ["-m", "rasa", "train", "--config", str(config), "--domain", "domain.yml"]
    command += ["--data", "data/nlu", "data/stories", "--skip-validation", "--force"]
    command += ["--out", str(folder), "--fixed-model-name", "starter"]
    # Nothing is kept in .rasa/, which is for the project's own model.
    env = {"RASA_MAX_CACHE_SIZE": "0", "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    child = Child("rasa train", command, folder / "train.log", env)
    try:
        child.start()
        status = child.wait(seconds)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"Training took longer than {seconds / 60:.0f} minutes.") from None
    finally:
        child.stop()
    model = folder / "starter.tar.gz"
    if status != 0 or not model.exists():
        raise BenchmarkError(f"Rasa could not train the starter set-up:\n{child.tail()}")
    return model


def _fingerprint() -> str:
    digest = hashlib.sha256(CONFIG.read_bytes())
    for pattern in ("domain.yml", "data/nlu/*.yml", "data/stories/*.yml"):
        for file in sorted(PROJECT.glob(pattern)):
            digest.update(file.relative_to(PROJECT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _common_environment() -> dict[str, str]:
    # An empty setting is as good as none, and goes before what .env may say.
    unset = {setting.name: "" for setting in SETTINGS}
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **inherited,
        **unset,
        "WEB_SECRET": "only for the benchmark, and long enough",
        "WEB_RATE_LIMIT": "0",
        "WEB_SESSION_LIMIT": "0",
        "LOG_LEVEL": "INFO",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server((_HOST, 0))) for _ in range(count)]
        return [int(one.getsockname()[1]) for one in taken]


def _tie_to_parent() -> None:
    # Also when this process is killed in a way that lets it do nothing more.
    if _LIBC is not None:
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _resident() -> list[tuple[int, int]]:
    """Gives group and resident bytes of each process."""
    if not Path("/proc/self/statm").exists():
        table = subprocess.run(
            ["ps", "-A", "-o", "pgid=,rss="], check=True, capture_output=True, text=True
        ).stdout
        rows = (line.split() for line in table.splitlines())
        return [(int(group), int(size) * 1024) for group, size in rows]
    page = os.sysconf("SC_PAGE_SIZE")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = os.getpgid(int(folder.name))
            found.append((group, int((folder / "statm").read_text().split()[1]) * page))
        except (OSError, ValueError):
            continue  # it has ended meanwhile
    return found
