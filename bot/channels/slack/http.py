"""Between the web server and Bolt: requests one way, answers the other."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from slack_bolt import BoltResponse
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.channels.slack.gate import TurnedAway

_OBJECTS = ("event", "container", "view", "message")
# What we look for in the database, which takes no other.
_IDS = ("enterprise_id", "team_id", "user_id", "channel_id", "thread_ts", "response_url")


def bolt_request(request: Request, body: str) -> AsyncBoltRequest:
    """Gives a request as Bolt wants it.

    Args:
        request: The request.
        body: Its body, which the gate has let in.

    Raises:
        TurnedAway: 400 when it is nothing that Slack could have sent.

    """
    try:
        made = AsyncBoltRequest(
            body=body, query=request.query_string, headers=dict(request.headers.items())
        )
    # Whatever Bolt stumbles over in a body of another shape.
    except Exception:
        raise _malformed() from None
    if not isinstance(made.body, dict):
        raise _malformed()
    if not all(isinstance(made.body.get(key, {}), dict) for key in _OBJECTS):
        raise _malformed()
    if not all(isinstance(made.context.get(key, ""), str) for key in _IDS):
        raise _malformed()
    return made


def sanic_response(response: BoltResponse) -> HTTPResponse:
    """Gives Bolt's answer as the server sends it.

    Bolt's own adapter sets cookies in a way that this version of the server does not have.
    """
    sent = HTTPResponse(
        status=response.status,
        body=response.body,
        headers=response.first_headers_without_set_cookie(),
        content_type=response.first_headers().get("content-type"),
    )
    for cookie in response.headers.get("set-cookie", ()):
        sent.headers.add("Set-Cookie", cookie)
    return sent


def refused(refusal: TurnedAway) -> HTTPResponse:
    """Gives the answer to a request that is not let in."""
    body = {"error": {"code": refusal.code, "message": refusal.message}}
    headers = {"Retry-After": "2"} if refusal.status == 503 else {}
    return json_response(body, status=refusal.status, headers=headers)


def _malformed() -> TurnedAway:
    return TurnedAway(400, "malformed", "The body is nothing that Slack sends.")
