"""What Slack refuses in blocks: the limits of its reference, checked independently of our code."""

from __future__ import annotations

from collections import Counter
from typing import Any

Block = dict[str, Any]

_MOST_BLOCKS = {"message": 50, "home": 100}


def faults(blocks: Any, surface: str = "message") -> list[str]:
    """Gives what Slack would refuse; nothing where it takes the blocks."""
    if not isinstance(blocks, list):
        return ["blocks are no list"]
    found = []
    if len(blocks) > _MOST_BLOCKS[surface]:
        found.append(f"{len(blocks)} blocks")
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {one} twice" for one, count in ids.items() if count > 1]
    for number, block in enumerate(blocks):
        found += [f"block {number}: {fault}" for fault in _faults(block)]
    return found


def _faults(block: Block) -> list[str]:
    check = _CHECKS.get(block.get("type", ""))
    if check is None:
        return [f"unknown type {block.get('type')}"]
    found = [] if len(block.get("block_id", "x")) in range(1, 256) else ["length of block_id"]
    return found + check(block)


def _text(text: Any, longest: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return [f"text must be one of {kinds}: {text}"]
    length = len(text.get("text", ""))
    if not 1 <= length <= longest:
        return [f"text of {length} characters, 1 to {longest} allowed"]
    if text["type"] == "mrkdwn" and "emoji" in text:
        return ["emoji goes with plain_text only"]
    return []


def _section(block: Block) -> list[str]:
    fields = block.get("fields")
    if "text" not in block and not fields:
        return ["neither text nor fields"]
    found = _text(block["text"], 3_000) if "text" in block else []
    if fields is not None and not 1 <= len(fields) <= 10:
        found.append(f"{len(fields)} fields")
    return found + [fault for field in fields or () for fault in _text(field, 2_000)]


def _header(block: Block) -> list[str]:
    return _text(block.get("text"), 150, ("plain_text",))


def _context(block: Block) -> list[str]:
    elements = block.get("elements", [])
    found = [] if 1 <= len(elements) <= 10 else [f"{len(elements)} elements"]
    return found + [fault for element in elements for fault in _text(element, 3_000)]


def _actions(block: Block) -> list[str]:
    elements = block.get("elements", [])
    found = [] if 1 <= len(elements) <= 25 else [f"{len(elements)} elements"]
    ids = Counter(element.get("action_id") for element in elements)
    found += [f"action_id {one} twice" for one, count in ids.items() if count > 1]
    return found + [fault for element in elements for fault in _button(element)]


def _button(button: Block) -> list[str]:
    if button.get("type") != "button":
        return [f"unknown element {button.get('type')}"]
    found = _text(button.get("text"), 75, ("plain_text",))
    if not 1 <= len(button.get("action_id", "")) <= 255:
        found.append("length of action_id")
    if not 1 <= len(button.get("value", "x")) <= 2_000:
        found.append("length of value")
    return found


_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": lambda _: [],
}
