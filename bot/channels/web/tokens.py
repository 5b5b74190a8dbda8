"""Signed tokens: whoever holds one may talk in the one conversation that it names."""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass

import jwt
from jwt.types import Options

_ALGORITHM = "HS256"
_AUDIENCE = "web"
_PREFIX = "web-"


class TokenError(Exception):
    """The token is missing, forged, expired or made for something else."""


@dataclass(frozen=True)
class Tokens:
    """Makes and reads tokens.

    Args:
        secret: Signs the tokens; the same for all replicas.
        lifetime: How many seconds a token is good for.

    """

    secret: str
    lifetime: int

    def issue(self) -> str:
        """Gives a token for a fresh conversation, whose id nobody can choose or guess."""
        now = int(time.time())
        claims = {
            "sub": f"{_PREFIX}{uuid.uuid4()}",
            "aud": _AUDIENCE,
            "iat": now,
            "exp": now + self.lifetime,
        }
        return jwt.encode(claims, self._key(), algorithm=_ALGORITHM)

    def conversation(self, token: str) -> str:
        """Gives the conversation that a token names.

        Raises:
            TokenError: when the token is not one of ours, or no longer good.

        """
        return self._named(token, Options())

    def of_any_age(self, token: str) -> str:
        """Gives the conversation that a token names or named, be it expired.

        Raises:
            TokenError: when the token is not one of ours.

        """
        return self._named(token, Options(verify_exp=False))

    def _named(self, token: str, options: Options) -> str:
        try:
            claims = jwt.decode(
                token,
                self._key(),
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                # The clock of the replica that issued it may be ahead of ours.
                options={**options, "require": ["sub", "exp", "aud"], "verify_iat": False},
            )
        # A token is whatever somebody sent: PyJWT lets some decoding errors of it through.
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise TokenError(type(error).__name__) from error
        conversation = claims["sub"]
        if not isinstance(conversation, str) or not conversation.startswith(_PREFIX):
            raise TokenError("names no web conversation")
        return conversation

    def _key(self) -> bytes:
        # HS256 wants 32 bytes; hashing gives them whatever the length of the secret.
        return hashlib.sha256(b"web token:" + self.secret.encode("utf-8")).digest()
