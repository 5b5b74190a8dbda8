"""Who may see the review page: signing in, staying so, and asking from a page of our own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import jwt
from sanic.request import Request
from sanic.response import HTTPResponse

COOKIE = "review"
PATH = "/review"
LIFETIME = 8 * 60 * 60
"""Seconds after which to sign in again."""

_ALGORITHM = "HS256"
_AUDIENCE = "review"
_POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Access:
    """Lets in who knows the secret.

    Args:
        secret: What signs in.

    """

    secret: str

    def is_secret(self, given: str) -> bool:
        """Tells whether this is the secret; takes as long for any other."""
        return hmac.compare_digest(_digest(given), _digest(self.secret))

    def sign_in(self, request: Request, response: HTTPResponse) -> None:
        """Puts the cookie on an answer by which somebody stays signed in."""
        now = int(time.time())
        claims = {"aud": _AUDIENCE, "iat": now, "exp": now + LIFETIME}
        token = jwt.encode(claims, self._key(), algorithm=_ALGORITHM)
        _set_cookie(request, response, token, LIFETIME)

    def sign_out(self, request: Request, response: HTTPResponse) -> None:
        """Takes the cookie away."""
        _set_cookie(request, response, "", 0)

    def is_signed_in(self, request: Request) -> bool:
        """Tells whether a request comes from somebody who is signed in."""
        token = request.cookies.get(COOKIE, "")
        try:
            jwt.decode(
                token,
                self._key(),
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "aud"]},
            )
        # A cookie is whatever somebody sent: PyJWT lets some decoding errors of it through.
        except (jwt.InvalidTokenError, ValueError):
            return False
        return True

    def _key(self) -> bytes:
        # Whoever breaks the signature of a cookie still does not have what signs in.
        return _digest(f"review session\0{self.secret}")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def is_own_page(request: Request) -> bool:
    """Tells whether a request that changes something was sent by a page of this server's."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    # The scheme is not compared: a proxy may have taken TLS off.
    try:
        netloc = urlsplit(request.headers.get("origin", "")).netloc
    except ValueError:
        return False
    return netloc.lower() == request.headers.get("host", "").lower() != ""


def guarded(response: HTTPResponse) -> tuple[HTTPResponse, str]:
    """Gives an answer that nobody keeps, frames, indexes or puts scripts into, and its nonce."""
    nonce = secrets.token_urlsafe(16)
    response.headers.update(
        {
            "Content-Security-Policy": _POLICY.replace("{nonce}", nonce),
            # With no-referrer a browser would not say where a form was sent from.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "no-store",
        }
    )
    return response, nonce


def _set_cookie(request: Request, response: HTTPResponse, value: str, lifetime: int) -> None:
    response.cookies[COOKIE] = value
    cookie = response.cookies[COOKIE]
    cookie["path"], cookie["max-age"] = PATH, lifetime
    cookie["httponly"], cookie["samesite"] = True, "Strict"
    if request.scheme == "https":
        cookie["secure"] = True
