"""The gate: what does not come from Slack is turned away before anything else is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.signature import Clock, SignatureVerifier

LARGEST_BODY = 512 * 1024
"""How many bytes a request may have; Slack's largest, a press in a long message, has less."""

_LONGEST_TIMESTAMP = 12


@dataclass(frozen=True)
class TurnedAway(Exception):
    """The request is not let in.

    Args:
        status: The HTTP status.
        code: What is wrong, for a program.
        message: What is wrong, for a person.

    """

    status: int
    code: str
    message: str


class Gate:
    """Lets in what Slack has signed in the last five minutes.

    Args:
        secret: The app's signing secret.
        clock: Gives the time; for tests.

    """

    def __init__(self, secret: str, clock: Clock | None = None) -> None:
        self._verifier = SignatureVerifier(secret, clock or Clock())

    def check(self, headers: Mapping[str, str], body: bytes) -> str:
        """Checks a request.

        Args:
            headers: Its headers, names in lower case.
            body: Its body as it came.

        Returns:
            The body as text.

        Raises:
            TurnedAway: 413 when it is too large, 401 when it is not signed by Slack of late, 400
                when it is no UTF-8.

        """
        if len(body) > LARGEST_BODY:
            raise TurnedAway(413, "too_long", "The body is too large.")
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdigit()) or not signature.isascii():
            raise _unsigned()
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise TurnedAway(400, "malformed", "The body is no UTF-8.") from None
        # A longer one is no time, and costs to read.
        if len(timestamp) > _LONGEST_TIMESTAMP or not self._is_signed(text, timestamp, signature):
            raise _unsigned()
        return text

    def _is_signed(self, text: str, timestamp: str, signature: str) -> bool:
        return self._verifier.is_valid(text, timestamp, signature)


def _unsigned() -> TurnedAway:
    return TurnedAway(401, "bad_signature", "Slack did not sign this, or not of late.")
