"""A server with a review page, and conversations on it that went wrong in every way."""

from __future__ import annotations

import itertools
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.channels.web.tokens import Tokens
from bot.review_page.access import COOKIE
from tests.support.browser import chromium
from tests.support.server import SECRET, Server, Visitor, text
from tests.widget.conftest import context, page

__all__ = ["context", "page"]

REVIEW_SECRET = "only for tests of the review"
ANNA = "I am Anna Schmidt, anna@example.com, +49 171 2345678, card 4111 1111 1111 1111"
HOSTILE = "is <script>alert(1)</script> \"><img src=x onerror=alert(2)> ' ethical to your vendor"
ASKED_BACK = "Did you mean one of these?"
# As the content grows some of these will be understood; enough will be left.
CANDIDATES = (
    "is offshoring ethical",
    "what happens to my staff",
    "who pays for the laptops of the vendor team",
    "who buys laptops for vendor teams",
    "can the vendor team visit us",
    "which holidays does a provider have",
    "do they work on sundays",
    "what if the vendor is bought by another company",
    "how do vendors hire their people",
    "does the provider need our software licences",
    "our provider wants a forklift",
    "does the vendor bring a dog",
    "bpo kpo vendor maybe stuff",
)
ENOUGH = 4
_addresses = (f"10.1.{n // 250}.{n % 250 + 1}" for n in itertools.count())


def conversation_of(visitor: Visitor) -> str:
    """The id that a visitor's conversation is kept under."""
    return Tokens(SECRET, 60).conversation(visitor.token)


def make_old(server: Server, conversation: str, seconds: int) -> None:
    """Lets a conversation have happened longer ago."""
    with closing(sqlite3.connect(server.database, timeout=30)) as database, database:
        database.execute(
            "UPDATE events SET timestamp = timestamp - ?, "
            "data = json_set(data, '$.timestamp', timestamp - ?) WHERE sender_id = ?",
            (seconds, seconds, conversation),
        )


def talk(url: str) -> list[str]:
    """Conversations with a server that go wrong; gives what was not understood."""
    missed = []
    for sentence in CANDIDATES:
        if ASKED_BACK in text(Visitor(url).say(sentence)):
            missed.append(sentence)
    assert len(missed) >= ENOUGH, "too much of it is understood by now: find other sentences"
    Visitor(url).say(missed[0].upper() + "?")

    back = Visitor(url)
    answer = back.say(missed[-1])
    meant = next(b["title"] for line in answer for b in line.get("buttons", ()))
    back.press(meant, answer)
    missed.pop()

    # However these are understood, they are to be seen.
    for sentence in ("what is BPO?", ANNA, HOSTILE):
        rate_down(Visitor(url), sentence)

    advised = Visitor(url)
    answer = advised.say("should we outsource payroll?")
    for title in (
        "Fixed steps, few exceptions",
        "Experience in the field",
        "Personal or financial data",
        "No, it just has to be done",
    ):
        answer = advised.press(title, answer)
    assert "Payroll: BPO" in text(answer)
    return missed


def rate_down(visitor: Visitor, sentence: str) -> None:
    """Says something and is not content with the answer."""
    message_id = str(uuid.uuid4())
    visitor.say(sentence, id=message_id)
    body = {"id": message_id, "rating": "down"}
    answer = visitor.client.put("/rating", json=body, headers=visitor.headers)
    assert answer.status_code == 204, answer.text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, closed before tests that need an event loop of their own."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def missed() -> list[str]:
    """What was not understood, filled by the server's first conversations."""
    return []


@pytest.fixture(scope="session")
def running_reviewed(
    tmp_path_factory: pytest.TempPathFactory, missed: list[str]
) -> Iterator[Server]:
    """The server that these tests share."""
    settings = {"REVIEW_SECRET": REVIEW_SECRET, "WEB_SESSION_LIMIT": "0", "PROXIES_COUNT": "1"}
    server = Server(tmp_path_factory.mktemp("reviewed"), settings)
    server.start()
    missed += talk(server.url)
    left = Visitor(server.url)
    left.say("should we outsource legal research?")
    make_old(server, conversation_of(left), 2 * 60 * 60)
    yield server
    server.stop()


@pytest.fixture
def reviewed(running_reviewed: Server) -> Iterator[Server]:
    """The server, with nothing decided yet."""
    with closing(sqlite3.connect(running_reviewed.database, timeout=30)) as database, database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if ("review_decisions",) in tables:
            database.execute("DELETE FROM review_decisions")
    return running_reviewed


class Reviewer:
    """Somebody at an address of their own who asks for pages as a browser does.

    Args:
        server: Where.
        address: Their address, as the proxy tells it.
    """

    def __init__(self, server: Server, address: str | None = None) -> None:
        self.address = address or next(_addresses)
        self.origin = server.url
        headers = {"X-Forwarded-For": self.address}
        self.client = httpx.Client(base_url=server.url, headers=headers, timeout=60)

    def get(self, path: str) -> httpx.Response:
        """Asks for a page."""
        return self.client.get(path)

    def post(self, path: str, origin: str | None = "", **form: str) -> httpx.Response:
        """Sends a form; from a page of the server's own unless told otherwise."""
        sent_from = self.origin if origin == "" else origin
        headers = {"Origin": sent_from} if sent_from is not None else {}
        return self.client.post(path, data=form, headers=headers)

    def sign_in(self, secret: str = REVIEW_SECRET) -> httpx.Response:
        """Signs in."""
        return self.post("/review/sign-in", secret=secret)

    def keep(self, cookie: str) -> None:
        """Has a cookie."""
        self.client.cookies.set(COOKIE, cookie)


@pytest.fixture
def reviewer(reviewed: Server) -> Reviewer:
    """Somebody who is not signed in."""
    return Reviewer(reviewed)


@pytest.fixture
def signed_in(reviewed: Server, page: Page) -> Page:
    """A browser in which somebody has just signed in."""
    page.set_extra_http_headers({"X-Forwarded-For": next(_addresses)})
    page.goto(f"{reviewed.url}/review")
    page.get_by_label("Secret").fill(REVIEW_SECRET)
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page
