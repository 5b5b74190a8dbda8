"""Gets what a new piece of content needs: from flags, else by asking in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import BotError


@dataclass
class Interview:
    """Answers to questions about new content.

    Attributes:
        given: What flags gave, by the flag's name.
        asks: Whether somebody is there to be asked for the rest.

    """

    given: Mapping[str, Any]
    asks: bool
    missing: list[str] = field(default_factory=list)

    def one(self, flag: str, question: str, default: str = "", choices: Sequence[str] = ()) -> str:
        """Return one answer; `default` where nothing is given or an empty line is typed."""
        given = self.given.get(flag)
        if given is None and self.asks:
            given = self._typed(question, default, choices)
        answer = str(given).strip() if given is not None else default
        if choices and answer and answer not in choices:
            raise BotError(f"--{flag} {answer}", f"use one of: {', '.join(choices)}")
        if not answer:
            self.missing.append(f"--{flag} ({question})")
        return answer

    def many(
        self, flag: str, question: str, default: Sequence[str] = (), optional: bool = False
    ) -> list[str]:
        """Return several answers, one a line until an empty one."""
        answers = [text for text in self.given.get(flag) or () if text.strip()]
        if not answers and self.asks:
            answers = self._lines(question, default)
        answers = answers or list(default)
        if not answers and not optional:
            self.missing.append(f"--{flag} ({question})")
        return answers

    def check(self) -> None:
        """Raise BotError when something that is needed was neither given nor typed."""
        if self.missing:
            what = "still missing: " + "; ".join(self.missing)
            raise BotError(what, "give them as flags, or run this in a terminal to be asked")

    def _typed(self, question: str, default: str, choices: Sequence[str]) -> str:
        options = f" [{' | '.join(choices)}]" if choices else ""
        usual = f" ({default})" if default else ""
        while True:
            typed = input(f"{question}{options}{usual}\n> ").strip() or default
            if typed and (not choices or typed in choices):
                return typed
            print(f"Please type one of: {', '.join(choices)}." if choices else "Please type it.")

    def _lines(self, question: str, default: Sequence[str]) -> list[str]:
        usual = f" ({', '.join(default)})" if default else ""
        print(f"{question}{usual} One a line; an empty line ends.")
        lines: list[str] = []
        while typed := input("> ").strip():
            lines.append(typed)
        return lines
