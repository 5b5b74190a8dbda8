"""The picture of the decision: answers, points, rules, outcomes, safeguards."""

from __future__ import annotations

from bot.advice.model import Advice, Criterion, Level, Outcome, Rule, Safeguard
from bot.advice.verdict import borders
from bot.graph.svg import Drawing, height
from bot.graph.words import condition, safeguard_condition

TITLE = "The decision"
_WIDTH = 1100
_EDGE = 28
_PAD = 10
_INNER = _WIDTH - 2 * _EDGE
_NAME = 190
_LEVEL = (_INNER - _NAME - 2 * 12) / 3
_DOTS = 70
_TAG = 190


def draw(advice: Advice) -> str:
    """Draws the decision, as SVG."""
    drawing = Drawing(_WIDTH)
    drawing.text(_EDGE, 24, TITLE, "h1")
    y = _criteria(drawing, advice, 66)
    y = _spectrum(drawing, advice, y + 34)
    y = _rules(drawing, advice, y + 34)
    y = _outcomes(drawing, advice, y + 34)
    y = _safeguards(drawing, advice, y + 34)
    return drawing.finish(y + _EDGE, TITLE, description(advice), "decision")


def description(advice: Advice) -> str:
    """Says what the picture shows."""
    low, high = borders(advice)
    return (
        f"{len(advice.criteria)} answers are weighed; their points give a place from 0 (BPO) to "
        f"100 (KPO): up to {low} leans to BPO, from {high} to KPO. {len(advice.rules)} rules are "
        f"tried in order, and the first that holds gives one of {len(advice.outcomes)} outcomes. "
        "The page beside this picture has all of it in words."
    )


def _heading(drawing: Drawing, y: float, title: str, text: str) -> float:
    drawing.text(_EDGE, y, title, "h2")
    return drawing.paragraph(_EDGE, y + 25, text, _INNER, "small") + 8


def _criteria(drawing: Drawing, advice: Advice, y: float) -> float:
    most = max(c.maximum for c in advice.criteria.values())
    y = _heading(
        drawing,
        y,
        "1. Each answer weighs",
        "Points move the place from BPO towards KPO. An answer that is missing counts as is usual "
        "for the process, else as the one marked “assumed”; it is shown as assumed.",
    )
    for criterion in advice.criteria.values():
        y = _criterion(drawing, criterion, y, most) + 10
    return y


def _criterion(drawing: Drawing, criterion: Criterion, y: float, most: int) -> float:
    asked = "always asked" if criterion.always_asked else "asked where it could change the advice"
    tie = criterion.tie_break
    notes = [(level, _level_note(criterion, level)) for level in criterion.levels]
    h = max(
        30 + height(asked, "small", _NAME - 16),
        *(_PAD * 2 + 8 + height(n, "small", _LEVEL - 24) + _title(lv) for lv, n in notes),
    )
    drawing.text(_EDGE, y + 6, criterion.name, "name")
    drawing.paragraph(_EDGE, y + 26, asked, _NAME - 16, "small")
    for number, (level, note) in enumerate(notes):
        x = _EDGE + _NAME + number * (_LEVEL + 12)
        drawing.box(x, y, _LEVEL, h, "box")
        end = drawing.paragraph(x + 12, y + _PAD - 2, level.title, _LEVEL - 24)
        drawing.paragraph(x + 12, end, note, _LEVEL - 24, "small")
        drawing.box(x + 12, y + h - 9, _LEVEL - 24, 4, "bar", 2)
        if level.points:
            drawing.box(x + 12, y + h - 9, (_LEVEL - 24) * level.points / most, 4, "full", 2)
    if tie is None:
        return y + h
    text = (
        f"“{criterion.level(tie.level).title}” adds {tie.points} where the place is "
        f"{tie.at_least} to {tie.at_most}: almost a tie."
    )
    return drawing.paragraph(_EDGE + _NAME, y + h + 4, text, _INNER - _NAME, "small")


def _title(level: Level) -> float:
    return height(level.title, "text", _LEVEL - 24)


def _level_note(criterion: Criterion, level: Level) -> str:
    points = f"{level.points} point{'' if level.points == 1 else 's'}"
    return f"{points}, assumed" if level.id == criterion.assume else points


def _spectrum(drawing: Drawing, advice: Advice, y: float) -> float:
    low, high = borders(advice)
    y = _heading(
        drawing, y, "2. The points give a place", "All points together, from 0 (BPO) to 100 (KPO)."
    )

    def at(place: float) -> float:
        return _EDGE + _INNER * place / 100

    zones = (
        (0, low, Outcome.BPO, "leans to BPO"),
        (low, high, Outcome.BETWEEN, "between the two"),
        (high, 100, Outcome.KPO, "leans to KPO"),
    )
    for start, end, outcome, text in zones:
        drawing.box(at(start), y, at(end) - at(start), 34, outcome.value, 4)
        drawing.text(at((start + end) / 2), y + 9, text, "text", "mid")
    for place, more in ((0, ""), (low, "mid"), (high, "mid"), (100, "end")):
        drawing.text(at(place), y + 38, str(place), "small", more)
    return y + 56


def _rules(drawing: Drawing, advice: Advice, y: float) -> float:
    y = _heading(
        drawing,
        y,
        "3. The first rule that holds decides",
        "They are tried from the top; the last one always holds.",
    )
    for number, rule in enumerate(advice.rules):
        last = number == len(advice.rules) - 1
        y = _rule(drawing, advice, rule, number + 1, y)
        if not last:
            drawing.line(_EDGE + 13, y, _EDGE + 13, y + 22, "way")
            drawing.text(_EDGE + 24, y + 2, "otherwise", "small")
            y += 22
    return y


def _rule(drawing: Drawing, advice: Advice, rule: Rule, number: int, y: float) -> float:
    room = _INNER - 40 - 40 - _TAG - 2 * _PAD
    when, why = condition(rule.when, advice), reason(rule)
    h = 2 * _PAD + height(when, "name", room) + height(why, "small", room)
    middle = y + h / 2
    drawing.circle(_EDGE + 13, middle, 13, "full")
    drawing.text(_EDGE + 13, middle - 10, str(number), "name", "mid on")
    if number > 1:
        drawing.line(_EDGE + 13, y, _EDGE + 13, middle - 13, "way")
    if number < len(advice.rules):
        drawing.line(_EDGE + 13, middle + 13, _EDGE + 13, y + h, "way")
    drawing.box(_EDGE + 40, y, room + 2 * _PAD, h, "box")
    end = drawing.paragraph(_EDGE + 40 + _PAD, y + _PAD - 3, when, room, "name")
    drawing.paragraph(_EDGE + 40 + _PAD, end, why, room, "small")
    left = _EDGE + 40 + room + 2 * _PAD
    drawing.arrow((left, middle), (left + 38, middle))
    drawing.box(left + 40, y, _TAG, h, rule.outcome.value)
    title = advice.outcomes[rule.outcome].title
    drawing.text(left + 40 + _TAG / 2, middle - 9, capitalised(title), "name", "mid")
    return y + h


def reason(rule: Rule) -> str:
    """Gives the reason of a rule; where each process has its own, says so."""
    return rule.reason if "{" not in rule.reason else "The catalogue says why, for each process."


def capitalised(text: str) -> str:
    """Gives a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _outcomes(drawing: Drawing, advice: Advice, y: float) -> float:
    y = _heading(drawing, y, "4. What each outcome means", "")
    w = (_INNER - 2 * 14) / 3
    cards = list(advice.outcomes.values())
    for start in range(0, len(cards), 3):
        row = cards[start : start + 3]
        h = max(2 * _PAD + 20 + height(o.summary, "text", w - 2 * _PAD) for o in row)
        for number, outcome in enumerate(row):
            x = _EDGE + number * (w + 14)
            drawing.box(x, y, w, h, outcome.id.value)
            drawing.text(x + _PAD, y + _PAD - 2, capitalised(outcome.title), "name")
            drawing.paragraph(x + _PAD, y + _PAD + 18, outcome.summary, w - 2 * _PAD)
        y += h + 14
    return y - 14


def _safeguards(drawing: Drawing, advice: Advice, y: float) -> float:
    y = _heading(
        drawing,
        y,
        "5. Safeguards that the outcome needs",
        "Shown with the recommendation, in this order.",
    )
    left = _EDGE + _INNER - _DOTS * len(Outcome)
    for number, outcome in enumerate(Outcome):
        drawing.text(left + (number + 0.5) * _DOTS, y, _short(outcome), "small", "mid")
    y += 22
    for safeguard in advice.safeguards:
        y = _safeguard(drawing, advice, safeguard, y, left)
    return y


def _safeguard(
    drawing: Drawing, advice: Advice, safeguard: Safeguard, y: float, left: float
) -> float:
    drawing.line(_EDGE, y, _EDGE + _INNER, y)
    room = left - _EDGE - 16
    end = drawing.paragraph(_EDGE, y + 6, safeguard.text, room)
    if when := safeguard_condition(safeguard, advice):
        end = drawing.paragraph(_EDGE, end, when, room, "small")
    for number, outcome in enumerate(Outcome):
        if not safeguard.when.outcomes or outcome in safeguard.when.outcomes:
            drawing.circle(left + (number + 0.5) * _DOTS, (y + end) / 2 + 3, 7, outcome.value)
    return end + 6


def _short(outcome: Outcome) -> str:
    return (
        outcome.value
        if outcome.value in ("BPO", "KPO")
        else capitalised(outcome.value.replace("_", " ").lower())
    )
