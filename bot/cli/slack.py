"""`slack`: what Slack has to be told of the app, and how answers look there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.channels.slack.blocks import file_of, messages
from bot.channels.slack.manifest import manifest
from bot.channels.slack.places import direct
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


def preview(said: Iterable[str]) -> int:
    """Say one thing after the other and print the last answer as Slack gets it."""
    from bot.cli.talking import Terminal

    terminal = Terminal()
    answer: list[dict[str, Any]] = []
    for text in said:
        answer = terminal.say(text)
    for message in messages(answer, direct("T", "D", "U"), "preview"):
        print(f"## Read\n\n{message.text}\n\n## Blocks\n")
        print(json.dumps({"blocks": message.blocks}, ensure_ascii=False, indent=2))
    for file in filter(None, map(file_of, answer)):
        print(f"\n## File {file['name']}\n\n{file['text']}")
    return 0


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BotError(
            f"“{url}” is no address that Slack can reach", "give one as https://bot.example"
        )
