"""What reviewers decide on what went wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """What a reviewer decided on an item.

    Args:
        mark: The item's mark.
        text: What is to become an example, masked.
        intent: The intent or FAQ topic whose example it becomes; None to set it aside.
        is_applied: Whether it stands in the content already.

    """

    mark: str
    text: str
    intent: str | None
    is_applied: bool = False
