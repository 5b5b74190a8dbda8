"""The Markdown of a brief in Slack's markup, which knows neither headings nor tables."""

from __future__ import annotations

import re

from bot.channels.slack.text import escape

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|!])")
_RULE = re.compile(r"\|[-|: ]+\|")


def mrkdwn(markdown: str) -> str:
    """Gives Markdown as Slack's markup, escaped.

    Args:
        markdown: Headings, bold, lists, check lists and tables; anything else is left as it is.

    """
    lines = (line for line in markdown.strip().split("\n") if not _RULE.fullmatch(line))
    return "\n".join(_line(line) for line in lines)


def _line(line: str) -> str:
    if line.startswith("#"):
        return f"*{_words(line.lstrip('#').strip())}*"
    if line.startswith("|"):
        cells = re.split(r"(?<!\\)\|", line.strip("|"))
        return " · ".join(_words(cell.strip()) for cell in cells)
    for bullet, shown in (("- [ ] ", "☐ "), ("- ", "• ")):
        if line.startswith(bullet):
            return shown + _words(line.removeprefix(bullet))
    return _words(line)


def _words(text: str) -> str:
    bold = _BOLD.sub(r"*\1*", escape(text))
    # What was escaped for Markdown reaches here with its own entities in the place of < and >.
    return _ESCAPED.sub(r"\1", bold.replace("\\&lt;", "&lt;").replace("\\&gt;", "&gt;"))
