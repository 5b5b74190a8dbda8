"""What counts as one address."""

from __future__ import annotations

import pytest

from bot.channels.web.http import network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:0db8:0001:0003::9", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("", ""),
        ("x" * 5_000, "x" * 64),
    ],
    ids=lambda text: text[:24],
)
def test_a_line_of_ipv6_counts_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted
