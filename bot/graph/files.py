"""All that is drawn, as files."""

from __future__ import annotations

from pathlib import Path

from bot.advice import loader
from bot.graph import conversation, decision
from bot.graph.flow import flow
from bot.graph.page import page

FOLDER = Path("docs/flow")
"""Where they stand, from the project's folder."""


def files(project: Path) -> dict[str, str]:
    """Draws everything from the content of a project.

    Args:
        project: The project's folder.

    Returns:
        The text of each file, by its name. The same content always gives the same text.

    Raises:
        InvalidContent: when the advice has faults.

    """
    advice = loader.load(project)
    found = flow(project, advice)
    pictures = conversation.draw(found), decision.draw(advice)
    return {
        "conversation.svg": pictures[0],
        "decision.svg": pictures[1],
        "index.html": page(found, advice, *pictures),
    }
