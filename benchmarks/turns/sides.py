"""What is compared: this service, the starter set-up and the floor, each as it is run."""

from __future__ import annotations

from pathlib import Path

from benchmarks.turns.processes import HOST, BenchmarkError, Child, Server, free_ports
from bot.project import PROJECT

SERVICE, STARTER, FLOOR = "service", "starter", "floor"
TITLES = {SERVICE: "This service", STARTER: "Starter set-up", FLOOR: "Bare echo"}


def own_model() -> Path:
    """Gives the newest model of this service.

    Raises:
        BenchmarkError: when there is none.

    """
    models = sorted((PROJECT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise BenchmarkError("There is no trained model in models/: run `make train` first.")
    return models[-1]


def this_service(
    folder: Path,
    name: str = "service",
    settings: dict[str, str] | None = None,
    before: tuple[str, ...] = ("bot",),
) -> Server:
    """Gives this service as it is run, with the newest model.

    Args:
        folder: Where it keeps its database and its log.
        name: What its files are called.
        settings: What its environment sets; by default it has a database in SQLite.
        before: The module that serves, and what comes before `serve`.

    """
    own_model()
    (port,) = free_ports(1)
    child = Child(
        "python -m bot serve",
        ["-m", *before, "serve", "--host", HOST, "--port", str(port)],
        folder / f"{name}.log",
        {"DATABASE_URL": f"sqlite:///{folder / name}.db", **(settings or {})},
    )
    return Server(TITLES[SERVICE], f"http://{HOST}:{port}", [child], has_health=True)


def starter(folder: Path, model: Path) -> Server:
    """Gives the starter set-up: Rasa's server and its action server, on the same web channel.

    Args:
        folder: Where it keeps its database, its settings and its logs.
        model: Its model.

    """
    port, actions_port = free_ports(2)
    database = folder / "starter.db"
    credentials, endpoints = folder / "credentials.yml", folder / "endpoints.yml"
    credentials.write_text("bot.channels.web.WebChannel:\n", encoding="utf-8")
    endpoints.write_text(
        f"action_endpoint:\n  url: http://{HOST}:{actions_port}/webhook\n"
        f"tracker_store:\n  type: benchmarks.turns.starter_store.StarterStore\n"
        f"  dialect: sqlite\n  db: {database}\n",
        encoding="utf-8",
    )
    env = {"DATABASE_URL": f"sqlite:///{database}"}
    options = {
        "--interface": HOST,
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
    url = f"http://{HOST}:{port}"
    return Server(TITLES[STARTER], url, [server, actions], has_health=False)


def floor(folder: Path) -> Server:
    """Gives the bare echo.

    Args:
        folder: Where it keeps its log.

    """
    (port,) = free_ports(1)
    command = ["-m", "benchmarks.turns.floor", str(port)]
    child = Child("benchmarks.turns.floor", command, folder / "floor.log")
    return Server(TITLES[FLOOR], f"http://{HOST}:{port}", [child], has_health=True)
