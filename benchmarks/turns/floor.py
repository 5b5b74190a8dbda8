"""The floor: a bare Sanic server that answers every message with itself, and does nothing else.

Run as `python -m benchmarks.turns.floor PORT`.
"""

from __future__ import annotations

import json
import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response


async def _start(_: Request) -> HTTPResponse:
    return json_response({"token": "floor"}, status=201)


async def _echo(request: Request) -> None:
    response = await request.respond(content_type="application/x-ndjson")
    for line in ({"text": request.json["text"]}, {"done": True}):
        await response.send(json.dumps(line).encode() + b"\n")
    await response.eof()


async def _ready(_: Request) -> HTTPResponse:
    return json_response({"status": "ready"})


def main(port: int) -> None:
    """Serves until it is told to stop."""
    app = Sanic("floor", configure_logging=False)
    app.add_route(_start, "/webhooks/web/session", methods=["POST"])
    app.add_route(_echo, "/webhooks/web/messages", methods=["POST"])
    app.add_route(_ready, "/health/ready")
    app.run(host="127.0.0.1", port=port, access_log=False, motd=False, workers=1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
