"""The rules of the advice in words."""

from __future__ import annotations

from collections.abc import Collection

from bot.advice.model import Advice, Criterion, Safeguard, When

RETAINED = {
    "whole": "the decision itself may not be handed over",
    "part": "a part of it may not be handed over",
}


def conditions(when: When, advice: Advice) -> list[str]:
    """Gives each condition in words; none at all where it always holds."""
    found = [
        f"{_lowered(advice.criteria[c].name)} is {_levels(advice.criteria[c], levels)}"
        for c, levels in when.levels.items()
    ]
    if when.unknown:
        found.append(f"nobody knows {_names(when.unknown, advice)}, not even the catalogue")
    if when.unsure:
        found.append(f"{_names(when.unsure, advice)} was not settled")
    if when.retained:
        found.append(RETAINED.get(when.retained, when.retained))
    if when.separable is not None:
        found.append(f"routine and judgement can{'' if when.separable else 'not'} be cut apart")
    if (when.at_least, when.at_most) != (0, 100):
        found.append(f"the place is {_range(when.at_least, when.at_most)}")
    return found


def condition(when: When, advice: Advice) -> str:
    """Gives all conditions as one text that begins with a capital."""
    text = ", and ".join(conditions(when, advice))
    return text[:1].upper() + text[1:] if text else "In all other cases"


def safeguard_condition(safeguard: Safeguard, advice: Advice) -> str:
    """Gives when a safeguard is shown, beside the outcome; empty when always."""
    text = condition(safeguard.when, advice)
    return "" if text == "In all other cases" else text


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def _levels(criterion: Criterion, levels: Collection[str]) -> str:
    return " or ".join(f"“{level.title}”" for level in criterion.levels if level.id in levels)


def _names(criteria: Collection[str], advice: Advice) -> str:
    return " or ".join(c.name.lower() for c in advice.criteria.values() if c.id in criteria)


def _range(least: int, most: int) -> str:
    if least == 0:
        return f"{most} or less"
    return f"{least} or more" if most == 100 else f"{least} to {most}"
