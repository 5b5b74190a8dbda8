"""The picture of the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.graph.flow import Effect, Flow, Question, Way
from bot.graph.svg import Drawing, height, width

TITLE = "The conversation"
_WIDTH = 1100
_EDGE = 28
_PAD = 12
_GAP = 14
_CARDS = 3
_CARD = (_WIDTH - 2 * _EDGE - (_CARDS - 1) * _GAP) / _CARDS
_SAID = (_EDGE, 300)
_ASKED = (_EDGE + 372, 330)
_ADVISED = (_EDGE + 774, 270)
_LONGEST = 110

_SECTIONS = (
    ("Not understood", Effect.ASKS_BACK),
    ("Moves within the questions", Effect.STEERS),
    ("Worked out for the case", Effect.ACTS),
    ("Answered with a text", Effect.REPLIES),
)
_ANY_TIME = "While a question is open they are interruptions: answered, then it is asked again."


def sections(flow: Flow) -> list[tuple[str, tuple[Way, ...]]]:
    """Gives the rules that hold at any time, and the stories, by what they do; none is empty."""
    found = [(title, flow.of(effect)) for title, effect in _SECTIONS]
    return [(title, ways) for title, ways in (*found, ("Stories", flow.stories)) if ways]


def draw(flow: Flow) -> str:
    """Draws the conversation, as SVG."""
    drawing = Drawing(_WIDTH)
    drawing.text(_EDGE, 24, TITLE, "h1")
    key = "Blue: what people say. White: what is asked. Green: what the assistant does."
    drawing.text(_EDGE, 58, key, "small")
    y = _main_line(drawing, flow, 96)
    y = _heading(drawing, y + 30, "At any time", f"These rules hold at any time. {_ANY_TIME}")
    for title, ways in sections(flow):
        y = _cards(drawing, ways, title, y + 8, flow)
    return drawing.finish(y + _EDGE, TITLE, description(flow), "conversation")


def description(flow: Flow) -> str:
    """Says what the picture shows."""
    begin = ", ".join(s.title for way in flow.of(Effect.BEGINS) for s in way.said)
    asked = ", ".join(q.name for q in flow.questions)
    others = sum(len(ways) for _, ways in sections(flow))
    return (
        f"What people say ({begin}) leads into the questions ({asked}), and they lead to a "
        f"recommendation. {others} more rules hold at any time. The page beside this picture has "
        "all of it in words."
    )


def _heading(drawing: Drawing, y: float, title: str, text: str) -> float:
    drawing.line(_EDGE, y - 12, _WIDTH - _EDGE, y - 12)
    drawing.text(_EDGE, y, title, "h2")
    return drawing.paragraph(_EDGE, y + 25, text, _WIDTH - 2 * _EDGE, "small")


def _main_line(drawing: Drawing, flow: Flow, y: float) -> float:
    for (x, _), title in (
        (_SAID, "Somebody asks"),
        (_ASKED, "The questions"),
        (_ADVISED, "The recommendation"),
    ):
        drawing.text(x, y, title, "h2")
    drawing.text(_ASKED[0] + width("The questions", "h2") + 12, y + 4, flow.form, "code")
    top = y + 30
    said_end = _interruptions(drawing, flow, _begins(drawing, flow, top) + 26)
    asked_end = _questions(drawing, flow.questions, top)
    advised_end = _recommends(drawing, flow, top)
    asked, up = _ASKED[0] + _ASKED[1], _ADVISED[0] + 60
    drawing.arrow((asked, asked_end - 30), (up, asked_end - 30), (up, advised_end + 4))
    drawing.text(asked + 8, asked_end - 48, "nothing left to ask", "small")
    return max(said_end, asked_end, advised_end)


def _begins(drawing: Drawing, flow: Flow, y: float) -> float:
    x, w = _SAID
    middles: list[float] = []
    for way in flow.of(Effect.BEGINS):
        for said in way.said:
            example = f"“{said.example}”" if said.example else ""
            h = 2 * _PAD + 36 + height(example, "small", w - 2 * _PAD)
            drawing.box(x, y, w, h, "said")
            drawing.text(x + _PAD, y + _PAD - 2, said.title, "name")
            drawing.text(x + _PAD, y + _PAD + 18, said.intent, "code")
            drawing.paragraph(x + _PAD, y + _PAD + 36, example, w - 2 * _PAD, "small")
            middles.append(y + h / 2)
            y += h + 8
    spine = x + w + 24
    for middle in middles:
        drawing.line(x + w, middle, spine, middle, "way")
    if middles:
        drawing.line(spine, middles[0], spine, middles[-1], "way")
        drawing.arrow((spine, middles[0]), (_ASKED[0] - 4, middles[0]))
    return y


def _interruptions(drawing: Drawing, flow: Flow, y: float) -> float:
    x, w = _SAID
    room = w - 2 * _PAD
    titles = [s.title for _, ways in sections(flow) for way in ways[:3] for s in way.said[:1]]
    text = f"{', '.join(titles[:8])} … {_ANY_TIME}"
    h = 2 * _PAD + 20 + height(text, "small", room)
    drawing.box(x, y, w, h, "said maybe")
    drawing.text(x + _PAD, y + _PAD - 2, "Anything else, at any time", "name")
    drawing.paragraph(x + _PAD, y + _PAD + 20, text, room, "small")
    middle = y + h / 2
    drawing.arrow((_ASKED[0], middle - 9), (x + w + 4, middle - 9))
    drawing.arrow((x + w, middle + 9), (_ASKED[0] - 4, middle + 9))
    return y + h


def _questions(drawing: Drawing, questions: Sequence[Question], y: float) -> float:
    x, w = _ASKED
    for number, question in enumerate(questions):
        note = "" if question.always else "only where it could still change the advice"
        h = 2 * _PAD + 18 + height(question.text, "text", w - 2 * _PAD) + (17 if note else 0)
        drawing.box(x, y, w, h, "ask" if question.always else "ask maybe")
        drawing.text(x + _PAD, y + _PAD - 2, question.name, "name")
        end = drawing.paragraph(x + _PAD, y + _PAD + 18, question.text, w - 2 * _PAD)
        if note:
            drawing.text(x + _PAD, end, note, "small")
        y += h
        if number < len(questions) - 1:
            drawing.arrow((x + 24, y), (x + 24, y + 16))
            y += 16
    return y


def _recommends(drawing: Drawing, flow: Flow, y: float) -> float:
    x, w = _ADVISED
    room = w - 2 * _PAD
    for way in flow.of(Effect.RECOMMENDS):
        for done in way.done:
            note = "What is advised follows from the answers alone: see the decision."
            h = 2 * _PAD + 26 + height(done.text, "text", room) + height(note, "small", room)
            drawing.box(x, y, w, h, "do")
            drawing.text(x + _PAD, y + _PAD - 2, done.action, "code")
            end = drawing.paragraph(x + _PAD, y + _PAD + 18, done.text, room)
            drawing.paragraph(x + _PAD, end + 4, note, room, "small")
            y += h + 8
    return y - 8


def _cards(drawing: Drawing, ways: Sequence[Way], title: str, y: float, flow: Flow) -> float:
    drawing.text(_EDGE, y + 8, title, "name")
    y += 34
    for start in range(0, len(ways), _CARDS):
        row = ways[start : start + _CARDS]
        h = max(_card_height(way, flow) for way in row)
        for number, way in enumerate(row):
            _card(drawing, way, _EDGE + number * (_CARD + _GAP), y, h, flow)
        y += h + _GAP
    return y


def _card_height(way: Way, flow: Flow) -> float:
    room = _CARD - 2 * _PAD
    said = sum(height(s.title, "name", room) + 18 for s in way.said)
    done = sum(17 + height(text, "text", room) for _, text in _done(way, flow))
    return said + done + 3 * _PAD


def _card(drawing: Drawing, way: Way, x: float, y: float, h: float, flow: Flow) -> None:
    room = _CARD - 2 * _PAD
    above = sum(height(s.title, "name", room) + 18 for s in way.said) + _PAD + 2
    drawing.box(x, y, _CARD, h, "do")
    drawing.box(x, y, _CARD, above, "miss" if way.effect is Effect.ASKS_BACK else "said")
    top = y + _PAD - 4
    for said in way.said:
        top = drawing.paragraph(x + _PAD, top, said.title, room, "name")
        drawing.text(x + _PAD, top, said.intent, "code")
        top += 18
    top = y + above + _PAD - 2
    for action, text in _done(way, flow):
        if action:
            drawing.text(x + _PAD, top, action, "code")
        top = drawing.paragraph(x + _PAD, top + (17 if action else 3), text, room)


def _done(way: Way, flow: Flow) -> list[tuple[str, str]]:
    """Gives what follows, each as a name and what it is; short enough for a card."""
    found = [(done.action, shortened(done.text)) for done in way.done]
    if way.effect is Effect.ASKS_BACK:
        found.append(("", f"An intent less sure than {flow.threshold} counts as not understood."))
    if way.effect is Effect.STEERS:
        found.append(("", "The questions end." if way.ends_questions else "Then it asks on."))
    return found


def shortened(text: str) -> str:
    """Gives a text that is not too long for a card, cut between words."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(",;:. ") + (" …”" if text[0] == "“" else " …")
