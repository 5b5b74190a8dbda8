"""The tokens of the web channel."""

from __future__ import annotations

import base64
import json
import time
import uuid
from typing import Any

import jwt
import pytest

from bot.channels.web.tokens import TokenError, Tokens

TOKENS = Tokens("a secret of some length", 60)


def signed(secret: bytes | None = None, **changes: Any) -> str:
    """Gives a token like one of ours but for `changes`; None leaves a claim out."""
    now = int(time.time())
    claims = {"sub": "web-1", "aud": "web", "iat": now, "exp": now + 60, **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, secret or TOKENS._key(), algorithm="HS256")


def test_a_token_names_its_conversation() -> None:
    token = TOKENS.issue()

    conversation = TOKENS.conversation(token)
    assert TOKENS.conversation(token) == conversation
    assert str(uuid.UUID(conversation.removeprefix("web-"))) == conversation.removeprefix("web-")


def test_every_token_is_for_another_conversation() -> None:
    assert TOKENS.conversation(TOKENS.issue()) != TOKENS.conversation(TOKENS.issue())


def test_replicas_with_the_same_secret_read_each_others_tokens() -> None:
    assert Tokens(TOKENS.secret, 1).conversation(signed()) == "web-1"


def unsigned() -> str:
    """Gives a token that claims to need no signature."""
    parts = ({"alg": "none", "typ": "JWT"}, {"sub": "web-1", "aud": "web", "exp": 9_999_999_999})
    coded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    return b".".join([*coded, b""]).decode()


def test_a_replica_whose_clock_is_ahead_may_have_issued_it() -> None:
    now = int(time.time())

    assert TOKENS.conversation(signed(iat=now + 600, exp=now + 660)) == "web-1"


def swapped() -> str:
    """Gives the claims of one token under the signature of another."""
    one, other = TOKENS.issue(), TOKENS.issue()
    head, claims, _ = one.split(".")
    return ".".join((head, claims, other.rsplit(".", 1)[1]))


def with_head(**head: Any) -> str:
    """Gives a token that asks to be checked in another way."""
    claims = {"sub": "web-1", "aud": "web", "exp": int(time.time()) + 60}
    return jwt.encode(claims, TOKENS._key(), algorithm="HS256", headers=head)


@pytest.mark.parametrize(
    "token",
    [
        swapped(),
        with_head(alg="HS512"),
        with_head(crit=["x"]),
        signed(exp="soon"),
        signed(exp=[1]),
        signed(sub=5),
        signed(sub={"web-": 1}),
        signed(aud=["slack"]),
        signed(nbf=int(time.time()) + 60),
        "." * 100_000,
        f"{signed()}\n",
        signed().replace(".", "\u2024"),
        "",
        "x",
        "a.b.c",
        "\u00e9.\u00e9.\u00e9",
        unsigned(),
        signed(secret=b"another secret, 32 bytes or more"),
        signed(exp=int(time.time()) - 1),
        signed(exp=None),
        signed(sub=None),
        signed(sub="slack-1"),
        signed(aud="slack"),
        signed()[:-2],
        signed() + ".x",
    ],
    # Tokens tell the time, and would name the tests differently in each worker.
    ids=range(25),
)
def test_any_other_token_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        TOKENS.conversation(token)
