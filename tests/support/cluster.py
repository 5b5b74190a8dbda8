"""Replicas of the real server behind the real balancer, with one database and one Redis."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from tests.support.lag import Lag
from tests.support.nginx import Nginx, nginx_program
from tests.support.postgres import postgres_programs
from tests.support.postgres_server import PostgresServer, url_of
from tests.support.redis import RedisServer
from tests.support.server import Server, free_port
from tests.support.until import until_later

# For longer than nginx keeps away from a replica that did not answer, as its configuration says.
_TRUSTED_AGAIN_SECONDS = 3.0


class Cluster:
    """Replicas, PostgreSQL, Redis and nginx, each in processes of its own.

    Args:
        folder: Where they keep what they write.
        replicas: How many replicas there are.
    """

    def __init__(self, folder: Path, replicas: int) -> None:
        nginx_program()
        self.postgres = PostgresServer(postgres_programs())
        self.redis = RedisServer(folder)
        self.lag = Lag(self.postgres.port)
        settings = {
            "DATABASE_URL": url_of(self.lag.port),
            "REDIS_URL": self.redis.url,
            "PROXIES_COUNT": "1",
            "WEB_RATE_LIMIT": "0",
            "WEB_SESSION_LIMIT": "0",
            "ADDRESS_RATE_LIMIT": "0",
        }
        self.replicas = [
            Server(_made(folder / f"replica-{number}"), dict(settings), port=free_port())
            for number in range(replicas)
        ]
        self.nginx = Nginx(folder, [replica.port for replica in self.replicas])

    @property
    def url(self) -> str:
        """Where visitors come in."""
        return self.nginx.url

    @property
    def log(self) -> str:
        """All that the replicas have written so far."""
        return "\n".join(replica.log for replica in self.replicas)

    def start(self) -> None:
        """Starts everything and waits until it is ready."""
        self.postgres.make()
        self.redis.start()
        self.lag.start()
        with ThreadPoolExecutor() as together:
            list(together.map(Server.start, self.replicas))
        self.nginx.start()

    def stop(self) -> None:
        """Stops everything and deletes the database."""
        self.nginx.stop()
        for replica in self.replicas:
            if replica.process and replica.process.poll() is None:
                replica.process.kill()
                replica.process.wait()
        self.lag.stop()
        self.redis.stop()
        self.postgres.remove()

    def roll(self, **changes: object) -> None:
        """Rolls as docs/deploying.md says: a replica is stopped once the one before is back.

        Args:
            changes: What is different about the new ones, as fields of `Server`.
        """
        for number, old in enumerate(self.replicas):
            new = dataclasses.replace(old, **changes)  # type: ignore[arg-type]
            old.stop()
            self.replicas[number] = new
            new.start()
            self.nginx.reload()
            until_later(_TRUSTED_AGAIN_SECONDS)


def _made(folder: Path) -> Path:
    with suppress(FileExistsError):
        folder.mkdir(parents=True)
    return folder
