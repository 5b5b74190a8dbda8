"""What somebody can start with, said as they might say it themselves."""

from __future__ import annotations

from dataclasses import dataclass

ABOUT = (
    "I work out whether to outsource a process, and whether to a provider of routine work (BPO) "
    "or of expert work (KPO). I ask at most six short questions, then show what my advice rests "
    "on and what would change it. The same answers always get the same advice."
)
TITLE = "Where shall we start?"


@dataclass(frozen=True)
class Prompt:
    """A way to start.

    Args:
        title: What a button or a suggestion says.
        message: What is said to the assistant.

    """

    title: str
    message: str


# Slack shows at most four.
PROMPTS = (
    Prompt("Work out my case", "I want to work out whether to outsource a process"),
    Prompt("Should we outsource payroll?", "Should we outsource payroll?"),
    Prompt("BPO or KPO: the difference", "What is the difference between BPO and KPO?"),
    Prompt("What can you do?", "What can you do?"),
)
