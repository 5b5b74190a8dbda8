"""The gate's clock: five minutes either way, to the second."""

from __future__ import annotations

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.channels.slack.gate import Gate, TurnedAway

SECRET = "s" * 16
NOW = 1_000_000


class Still(Clock):
    def now(self) -> float:
        return NOW


def check(at: int) -> str:
    """Has a request checked that was signed at that time."""
    timestamp = str(at)
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body="{}")
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": str(signature)}
    return Gate(SECRET, Still()).check(headers, b"{}")


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_within_five_minutes_is_let_in(seconds: int) -> None:
    assert check(NOW + seconds) == "{}"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_beyond_is_turned_away(seconds: int) -> None:
    with pytest.raises(TurnedAway) as caught:
        check(NOW + seconds)

    assert caught.value.status == 401
