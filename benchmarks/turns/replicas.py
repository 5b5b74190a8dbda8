"""Replicas: one process beside two behind nginx, which share PostgreSQL and Redis."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.turns.bench import Bench, progress, until
from benchmarks.turns.processes import HOST, Child, Server, free_ports
from benchmarks.turns.sides import SERVICE, this_service
from benchmarks.turns.throughput import alternately
from tests.support.postgres_server import PostgresMissing, running

USERS = 16
_NGINX = """\
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream replicas {{ {servers} keepalive 64; }}
  server {{
    listen {host}:{port};
    keepalive_requests 1000000;
    location / {{
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_buffering off;
    }}
  }}
}}
"""


def measure(bench: Bench) -> dict[str, Any]:
    """Has users talk to one process on SQLite, one on PostgreSQL and Redis, and two behind nginx.

    Returns:
        What `throughput.measure` tells of a side, by `sqlite/1`, `postgresql/1` and
        `postgresql/2`; nothing where a program is missing.

    """
    missing = [name for name in ("nginx", "redis-server") if shutil.which(name) is None]
    if missing:
        progress(f"left out: there is no {' and no '.join(missing)} on this machine")
        return {}
    try:
        with running() as postgres:
            return _measure(bench, postgres.url)
    except PostgresMissing as error:
        progress(f"left out: {error}")
        return {}


def _measure(bench: Bench, database: str) -> dict[str, Any]:
    folder = bench.folder / "replicas"
    folder.mkdir()
    redis, settings = _redis(folder, database)
    redis.start()
    replicas = [this_service(folder, f"replica{number}", settings) for number in range(2)]
    nginx = _nginx(folder, replicas)
    try:
        for server in replicas:
            bench.run(server)
        nginx.start()
        until(nginx, lambda: httpx.get(f"{nginx.url}/health/ready", trust_env=False).is_success)
        together = [child for server in (nginx, *replicas) for child in server.children]
        compared = {
            "sqlite/1": bench.running(SERVICE),
            "postgresql/1": replicas[0],
            "postgresql/2": replace(nginx, children=together),
        }
        seconds = dict.fromkeys(compared, bench.plan.together[SERVICE])
        return alternately(bench, compared, USERS, seconds)
    finally:
        nginx.stop()
        for server in replicas:
            server.stop()
        redis.stop()


def _redis(folder: Path, database: str) -> tuple[Child, dict[str, str]]:
    """Gives a Redis, and the settings of replicas that share it and a database."""
    (port,) = free_ports(1)
    options = ["--port", str(port), "--bind", HOST, "--save", "", "--dir", str(folder)]
    child = Child("redis-server", options, folder / "redis.log", program="redis-server")
    return child, {
        "DATABASE_URL": database,
        "REDIS_URL": f"redis://{HOST}:{port}/0",
        "PROXIES_COUNT": "1",
    }


def _nginx(folder: Path, replicas: list[Server]) -> Server:
    (port,) = free_ports(1)
    servers = " ".join(f"server {server.url.removeprefix('http://')};" for server in replicas)
    settings = _NGINX.format(folder=folder, host=HOST, port=port, servers=servers)
    file = folder / "nginx.conf"
    file.write_text(settings, encoding="utf-8")
    command = ["-p", str(folder), "-c", str(file), "-g", "daemon off;"]
    child = Child("nginx", command, folder / "nginx.log", program="nginx")
    return Server("nginx", f"http://{HOST}:{port}", [child], has_health=True)
