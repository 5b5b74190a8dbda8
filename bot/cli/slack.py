"""`slack manifest`: what Slack has to be told of the app."""

from __future__ import annotations

from urllib.parse import urlsplit

import yaml

from bot.channels.slack.manifest import manifest
from bot.errors import BotError

_WIDTH = 100


def print_manifest(url: str | None) -> int:
    """Print the app's manifest, for an address or for Socket Mode. Raises BotError."""
    print(as_yaml(url), end="")
    return 0


def as_yaml(url: str | None) -> str:
    """Return the app's manifest as YAML, with a note on how it was made."""
    if url is not None:
        _check(url)
    option = f" --url {url}" if url else ""
    made = yaml.safe_dump(manifest(url), sort_keys=False, allow_unicode=True, width=_WIDTH)
    return (
        f"# Made by `python -m bot slack manifest{option}`; how to use it: docs/slack.md.\n{made}"
    )


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BotError(
            f"“{url}” is no address that Slack can reach", "give one as https://bot.example"
        )
