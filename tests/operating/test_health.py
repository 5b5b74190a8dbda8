"""How a real server says that it lives, and whether it can take turns."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.support.metrics import Scraped
from tests.support.postgres import stoppable_postgres
from tests.support.server import Server, Visitor, free_port
from tests.support.slow_actions import SlowActions
from tests.support.until import until

LIVE = (200, {"status": "live"})
READY = (200, {"status": "ready"})


def told(server: Server, kind: str) -> tuple[int, Any]:
    """Gives what the server says of itself; 0 where it does not answer."""
    try:
        answer = httpx.get(f"{server.url}/health/{kind}", timeout=10)
    except httpx.TransportError:
        return 0, None
    return answer.status_code, answer.json()


def test_a_server_without_its_database_lives_but_is_not_ready(tmp_path: Path) -> None:
    with stoppable_postgres() as database:
        # There is no Redis at that address: turns go on without, and so it is ready.
        redis = f"redis://127.0.0.1:{free_port()}"
        metrics = f"127.0.0.1:{free_port()}"
        settings = {"DATABASE_URL": database.url, "REDIS_URL": redis, "METRICS_ADDRESS": metrics}
        server = Server(tmp_path, settings)
        server.start()
        assert Visitor(server.url).say("hello")[-1] == {"done": True}
        assert Scraped(server).value("sourcing_redis_away", store="locks") == 1
        database.stop()
        until(lambda: told(server, "ready")[0] == 503)
        assert told(server, "ready")[1] == {"status": "unavailable", "reason": "database"}
        assert told(server, "live") == LIVE

        database.start()
        until(lambda: told(server, "ready") == READY)
        server.stop()

    assert server.log.count("The database cannot be reached.") == 1
    assert server.log.count("The database is back.") == 1


def test_a_server_is_ready_neither_while_it_starts_nor_while_it_stops(tmp_path: Path) -> None:
    actions = SlowActions()
    actions.start()
    server = Server(tmp_path, {"ACTION_ENDPOINT_URL": actions.url}, free_port())
    with ThreadPoolExecutor(2) as pool:
        start = pool.submit(server.start)
        until(lambda: told(server, "ready") == (503, {"status": "starting"}), 60)
        assert told(server, "live") == LIVE
        start.result()
        assert told(server, "ready") == READY

        actions.hold()
        turn = pool.submit(Visitor(server.url).say, "should we outsource payroll?")
        until(lambda: actions.waiting)
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        until(lambda: told(server, "ready") == (503, {"status": "stopping"}))
        assert told(server, "live") == LIVE
        actions.go()
        assert turn.result()[-1] == {"done": True}
    assert server.process.wait(timeout=60) == 0
    actions.stop()
