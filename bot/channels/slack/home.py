"""The App Home: what the assistant does, ways to start, and the last recommendation. Pure."""

from __future__ import annotations

from typing import Any

from bot.channels.slack.blocks import MOST_BLOCKS, Block, context, section
from bot.channels.slack.prompts import ABOUT, PROMPTS, Prompt
from bot.channels.slack.recommendation import recommendation_blocks

START = "start"
"""What the action ids of ways to start begin with."""

_HOW = (
    "Write to me under *Messages*, mention me in a channel, type `/outsource payroll` anywhere, or "
    "choose *Should we outsource this* from a message's menu."
)
_MOST = MOST_BLOCKS * 2


def home(recommendation: dict[str, Any] | None) -> dict[str, Any]:
    """Gives the view.

    Args:
        recommendation: What is in `custom.recommendation` of the last one; None where there is
            none.

    """
    blocks = [
        _header("Sourcing Advisor"),
        section(ABOUT),
        {"type": "actions", "elements": [_start(n, p) for n, p in enumerate(PROMPTS)]},
        context(_HOW),
        {"type": "divider"},
        _header("Your last recommendation"),
        *(recommendation_blocks(recommendation) if recommendation else [_none()]),
    ]
    return {"type": "home", "blocks": blocks[:_MOST]}


def _none() -> Block:
    return section("None yet. It will stand here, whatever channel you got it in.")


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _start(number: int, prompt: Prompt) -> Block:
    return {
        "type": "button",
        "action_id": f"{START}.{number}",
        "text": {"type": "plain_text", "text": prompt.title, "emoji": False},
        "value": prompt.message,
    }
