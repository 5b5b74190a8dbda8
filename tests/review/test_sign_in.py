"""Who gets to see what people said, and who does not."""

from __future__ import annotations

import hashlib
import re
import time

import jwt
import pytest

from tests.review.conftest import REVIEW_SECRET, Reviewer
from tests.support.server import SECRET, Server, Visitor

PAGES = ["/review", "/review/changes", "/review/changes.patch", "/review/conversations/abcdef"]
KEY = hashlib.sha256(b"review session\0" + REVIEW_SECRET.encode()).digest()


def test_without_a_secret_there_is_no_page(server: Server) -> None:
    for path in PAGES:
        assert Reviewer(server).get(path).status_code == 404
    assert Reviewer(server).sign_in("").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_to_who_is_not_signed_in(reviewer: Reviewer, path: str) -> None:
    answer = reviewer.get(path)

    assert answer.status_code == 401
    assert "Sign in" in answer.text
    assert "Not understood" not in answer.text


def test_nothing_is_changed_by_who_is_not_signed_in(reviewer: Reviewer, reviewed: Server) -> None:
    known = Reviewer(reviewed)
    known.sign_in()
    (mark, *_) = marks(known)

    assert reviewer.post("/review/decide", mark=mark, to="").status_code == 401
    assert reviewer.post("/review/undo", mark=mark).status_code == 401
    assert mark in marks(known)


def marks(reviewer: Reviewer) -> list[str]:
    """What can be decided on."""
    return re.findall(r'name="mark" value="(\w+)"', reviewer.get("/review").text)


def test_the_secret_signs_in_and_out(reviewer: Reviewer) -> None:
    answer = reviewer.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert "Not understood" in reviewer.get("/review").text

    assert reviewer.post("/review/sign-out").status_code == 303
    assert reviewer.get("/review").status_code == 401


@pytest.mark.parametrize("secret", ["", "wrong", REVIEW_SECRET + "x", REVIEW_SECRET[:-1], "é" * 99])
def test_no_other_secret_does(reviewer: Reviewer, secret: str) -> None:
    answer = reviewer.sign_in(secret)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "That is not the secret." in answer.text
    assert secret == "" or secret not in answer.text


def test_the_cookie_is_for_this_page_of_this_server_alone(
    reviewer: Reviewer, reviewed: Server
) -> None:
    cookie = reviewer.sign_in().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/review" in cookie
    assert "max-age=28800" in cookie
    assert "secure" not in cookie.split("; ")

    reviewer.client.headers["X-Forwarded-Proto"] = "https"
    assert "secure" in reviewer.sign_in().headers["set-cookie"].lower().split("; ")


def forged(key: bytes | str = KEY, **changes: object) -> str:
    """A cookie that somebody made."""
    now = int(time.time())
    claims = {"aud": "review", "iat": now, "exp": now + 60, **changes}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm="HS256")


def test_a_cookie_that_is_good_is_taken(reviewer: Reviewer) -> None:
    reviewer.keep(forged())
    assert reviewer.get("/review").status_code == 200


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "a.b.c",
        "%00",
        forged(REVIEW_SECRET),
        forged(SECRET),
        forged(exp=1),
        forged(exp=None),
        forged(aud="web"),
        forged(aud=None),
        jwt.encode({"aud": "review", "exp": 9_999_999_999}, None, algorithm="none"),
        forged()[:-2],
    ],
    ids=str.split("empty word parts odd secret web-secret expired endless web nobody none cut"),
)
def test_no_other_cookie_is(reviewer: Reviewer, cookie: str) -> None:
    reviewer.keep(cookie)
    assert reviewer.get("/review").status_code == 401


def test_a_visitors_token_is_no_cookie(reviewer: Reviewer, reviewed: Server) -> None:
    reviewer.keep(Visitor(reviewed.url).token)
    assert reviewer.get("/review").status_code == 401


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://[", "http://"])
def test_only_pages_of_this_server_may_send_forms(reviewer: Reviewer, origin: str | None) -> None:
    sign_in = reviewer.post("/review/sign-in", origin, secret=REVIEW_SECRET)
    assert (sign_in.status_code, "set-cookie" in sign_in.headers) == (403, False)

    reviewer.sign_in()
    (mark, *_) = marks(reviewer)
    for path in ("/review/decide", "/review/undo", "/review/sign-out"):
        assert reviewer.post(path, origin, mark=mark, to="").status_code == 403
    assert mark in marks(reviewer)


def test_a_form_that_the_browser_says_is_foreign_is_refused(reviewer: Reviewer) -> None:
    reviewer.client.headers["Sec-Fetch-Site"] = "same-site"
    assert reviewer.sign_in().status_code == 403


def test_who_guesses_has_to_wait_and_nobody_else(reviewed: Server) -> None:
    guesser, other = Reviewer(reviewed), Reviewer(reviewed)
    statuses = [guesser.sign_in(f"guess number {n}").status_code for n in range(8)]

    assert statuses == [401] * 6 + [429] * 2
    blocked = guesser.sign_in()
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["retry-after"]) <= 60
    assert other.sign_in().status_code == 303


def test_nobody_keeps_frames_or_indexes_a_page(reviewer: Reviewer) -> None:
    nonces = set()
    for signed_in in (False, True):
        if signed_in:
            reviewer.sign_in()
        for path in PAGES:
            headers = reviewer.get(path).headers
            assert headers["cache-control"] == "no-store"
            assert headers["x-robots-tag"] == "noindex, nofollow"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script-src" not in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            nonces.update(re.findall(r"'nonce-([^']+)'", policy))
    assert len(nonces) == 2 * len(PAGES)


def test_the_log_has_neither_secret_nor_cookie_nor_words(
    reviewer: Reviewer, reviewed: Server
) -> None:
    reviewer.sign_in("guessed wrong this time")
    cookie = reviewer.sign_in().cookies["review"]
    reviewer.get("/review")

    for private in (REVIEW_SECRET, "guessed wrong", cookie, "anna@example.com"):
        assert private not in reviewed.log
