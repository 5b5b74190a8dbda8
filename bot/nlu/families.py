"""Which intent is a part of which."""

from __future__ import annotations

from collections.abc import Sequence


def family(intent: str, intents: Sequence[str]) -> str:
    """Return the shortest intent or FAQ topic that this one is a part of, else the intent itself.

    A part is named after the whole: `should_outsource_unspecified` is one of `should_outsource`.
    """
    parents = [name for name in intents if intent.startswith(f"{name}_")]
    return min(parents, key=len, default=intent)
