"""docs/openapi.yml says what there is, and the real server answers as it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.project import PROJECT
from tests.attack.conftest import EVERYTHING, REVIEW_SECRET, signed
from tests.support.server import SECRET, Server, Visitor

PAGE = yaml.safe_load((PROJECT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
METHODS = ("get", "head", "post", "put", "delete", "options")
OPERATIONS = [
    (path, method) for path, item in PAGE["paths"].items() for method in METHODS if method in item
]
# Every request comes from somebody who may send it; who may not is below.
SCHEMA = schemathesis.openapi.from_dict(
    {
        **PAGE,
        "paths": {
            path: {method: {**item[method], "security": []} for method in METHODS if method in item}
            for path, item in PAGE["paths"].items()
        },
    }
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What is wrong in a header is passed over, as everywhere in HTTP; a page shows what it can.
STRICT = {("/webhooks/web/messages", "post"), ("/webhooks/web/rating", "put")}
EXAMPLES = 10
ROUTES = """
import json
from bot.project import PROJECT
from bot.server import make_app
from bot.settings import Settings, environment
app = make_app(Settings.from_environment(environment()), PROJECT / "credentials.yml")
app.router.finalize()
routes = [route for group in app.router.groups.values() for route in group.routes]
print(json.dumps([[route.path, sorted(route.methods)] for route in routes]))
"""


@schemathesis.deserializer("application/x-ndjson")
def lines(_: Any, response: Any) -> list[Any]:
    """All lines as a list."""
    return [json.loads(line) for line in response.content.splitlines()]


class AsSomebody(AuthBase):
    """Adds what lets a request in: a token, a cookie, or Slack's signature of the body.

    Args:
        token: The token of a conversation.
        cookie: What a reviewer has who is signed in.
    """

    def __init__(self, token: str, cookie: str) -> None:
        self._token = token
        self._cookie = cookie

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        path = str(request.path_url)
        if path.startswith("/webhooks/web"):
            request.headers["Authorization"] = f"Bearer {self._token}"
        elif path.startswith("/review"):
            request.headers["Cookie"] = f"review={self._cookie}"
            request.headers["Origin"] = re.match(r"http://[^/]+", str(request.url)).group()  # type: ignore[union-attr]
        elif path.startswith("/webhooks/slack/events"):
            request.headers.update(signed(request.body or b""))
        return request


@pytest.fixture(scope="module")
def somebody(open_server: Server) -> AsSomebody:
    answer = requests.post(
        f"{open_server.url}/review/sign-in",
        data={"secret": REVIEW_SECRET},
        headers={"Origin": open_server.url},
        allow_redirects=False,
        timeout=10,
    )
    return AsSomebody(Visitor(open_server.url).token, answer.cookies["review"])


def test_it_names_the_routes_that_there_are_and_no_others(tmp_path: Any) -> None:
    env = {**EVERYTHING, "WEB_SECRET": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    command = [sys.executable, "-c", ROUTES]
    output = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, check=True).stdout
    routes = {
        ("/" + re.sub(r"<([a-z]+):str>", r"{\1}", path), method.lower())
        for path, methods in json.loads(output)
        for method in methods
    }

    assert set(OPERATIONS) == routes


MODES = [
    (path, method, mode)
    for path, method in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # There must be something to get wrong.
    if mode is GenerationMode.POSITIVE
    or SCHEMA[path][method.upper()].body
    or SCHEMA[path][method.upper()].query
]


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    MODES,
    ids=[f"{method} {path} {m.value}" for path, method, m in MODES],
)
def test_answers_are_as_it_says(
    open_server: Server, somebody: AsSomebody, path: str, method: str, mode: GenerationMode
) -> None:
    operation = SCHEMA[path][method.upper()]
    checks = CHECKS
    if mode is GenerationMode.NEGATIVE and (path, method) in STRICT:
        checks = [*CHECKS, negative_data_rejection]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def sends(case: Any) -> None:
        answer = case.call(open_server.url, auth=somebody, allow_redirects=False, timeout=30)
        case.validate_response(answer, checks=checks)

    sends()


def test_a_conversation_is_as_it_says(open_server: Server, somebody: AsSomebody) -> None:
    visitor = Visitor(open_server.url)
    said = {"id": str(uuid.uuid4()), "text": "should we outsource payroll?"}
    token = AsSomebody(visitor.token, "")
    for path, method, body in (
        ("/webhooks/web/messages", "POST", said),
        ("/webhooks/web/rating", "PUT", {"id": said["id"], "rating": "up"}),
        ("/webhooks/web/history", "GET", None),
        ("/webhooks/web/session", "DELETE", None),
    ):
        case = SCHEMA[path][method].Case(body=body) if body else SCHEMA[path][method].Case()
        answer = case.call(open_server.url, auth=token)
        assert answer.status_code in (200, 204)
        case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize(
    ("path", "method"), [o for o in OPERATIONS if "security" in PAGE["paths"][o[0]][o[1]]]
)
def test_what_needs_a_token_or_a_cookie_is_refused_without(
    open_server: Server, path: str, method: str
) -> None:
    url = open_server.url + path.replace("{ref}", "abc")
    answer = requests.request(method, url, headers={"Origin": open_server.url}, timeout=10)

    assert answer.status_code == 401
