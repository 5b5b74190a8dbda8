"""The page with both pictures, and all that they show in words."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from bot.advice.model import Advice, Outcome
from bot.graph.conversation import sections
from bot.graph.decision import capitalised, reason
from bot.graph.flow import Effect, Flow, Way
from bot.graph.words import condition, safeguard_condition

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8").strip()


def page(flow: Flow, advice: Advice, conversation: str, decision: str) -> str:
    """Gives the page.

    Args:
        flow: The conversation.
        advice: The advice.
        conversation: The picture of the conversation, as SVG.
        decision: The picture of the decision, as SVG.

    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sourcing Advisor: how it works</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>How the assistant works</h1>
<p class="quiet">Made from the content by <code>python -m bot graph</code>; not to be edited.</p>
<p><a href="#conversation">The conversation</a> · <a href="#decision">The decision</a></p>
<h2 id="conversation">The conversation</h2>
<figure tabindex="0" role="group" aria-label="Picture of the conversation">
{conversation}</figure>
{_conversation(flow)}
<h2 id="decision">The decision</h2>
<figure tabindex="0" role="group" aria-label="Picture of the decision">
{decision}</figure>
{_decision(advice)}
</main>
</body>
</html>
"""


def _conversation(flow: Flow) -> str:
    begins = flow.of(Effect.BEGINS)
    questions = [
        (q.name, q.text, "always" if q.always else "where it could still change the advice")
        for q in flow.questions
    ]
    parts = [
        "<h3>In words: the way to a recommendation</h3>",
        f"<p>These lead into the questions: {_said(begins)}. When nothing is left to ask, "
        f"{_done(flow.of(Effect.RECOMMENDS))} follows.</p>",
        _table(("Question", "As it is asked", "When"), questions),
        "<h3>In words: at any time</h3>",
        f"<p>An intent less sure than {escape(flow.threshold)} counts as not understood. While a "
        "question is open, what follows is an interruption: it is answered, and the question "
        "comes again.</p>",
    ]
    parts += [_ways(title, ways) for title, ways in sections(flow)]
    return "\n".join(filter(None, parts))


def _ways(title: str, ways: Iterable[Way]) -> str:
    rows = [
        (
            ", ".join(said.title for said in way.said),
            ", ".join(f"{said.intent}" for said in way.said),
            ", ".join(done.action for done in way.done),
            " ".join(done.text for done in way.done),
        )
        for way in ways
    ]
    head = (title, "Intent", "Action", "What it does or says")
    return _table(head, rows, code=(1, 2)) if rows else ""


def _said(ways: Iterable[Way]) -> str:
    said = [f"{escape(s.title)} (<code>{s.intent}</code>)" for w in ways for s in w.said]
    return ", ".join(said)


def _done(ways: Iterable[Way]) -> str:
    return ", ".join(f"<code>{escape(d.action)}</code>" for w in ways for d in w.done)


def _decision(advice: Advice) -> str:
    asked = [
        (c.name, c.why, "always" if c.always_asked else "where it could still change the advice")
        for c in advice.criteria.values()
    ]
    levels = [
        (c.name, level.title, str(level.points), "assumed" if level.id == c.assume else "")
        for c in advice.criteria.values()
        for level in c.levels
    ]
    ties = [
        f"<p>{escape(c.name)}: “{escape(c.level(t.level).title)}” adds {t.points} points where the "
        f"place is {t.at_least} to {t.at_most}. {escape(t.reason)}</p>"
        for c in advice.criteria.values()
        if (t := c.tie_break)
    ]
    rules = [
        (
            str(n),
            condition(r.when, advice),
            capitalised(advice.outcomes[r.outcome].title),
            reason(r),
        )
        for n, r in enumerate(advice.rules, start=1)
    ]
    outcomes = [(capitalised(o.title), o.summary) for o in advice.outcomes.values()]
    guards = [
        (
            s.text,
            ", ".join(
                capitalised(advice.outcomes[o].title)
                for o in Outcome
                if not s.when.outcomes or o in s.when.outcomes
            ),
            safeguard_condition(s, advice) or "Always",
        )
        for s in advice.safeguards
    ]
    return "\n".join(
        (
            "<h3>In words: what is asked, and why</h3>",
            _table(("Criterion", "Why it is asked", "When"), asked),
            "<h3>In words: what each answer weighs</h3>",
            _table(("Criterion", "Answer", "Points", "When nobody knows"), levels),
            *ties,
            "<h3>In words: the rules, the first that holds decides</h3>",
            _table(("", "When", "Outcome", "Because"), rules),
            "<h3>In words: the outcomes</h3>",
            _table(("Outcome", "What it means"), outcomes),
            "<h3>In words: the safeguards</h3>",
            _table(("Safeguard", "With", "When"), guards),
        )
    )


def _table(
    head: tuple[str, ...], rows: Iterable[tuple[str, ...]], code: tuple[int, ...] = ()
) -> str:
    heads = "".join(f'<th scope="col">{escape(cell) or "No."}</th>' for cell in head)
    body = "\n".join(
        "<tr>" + "".join(_cell(text, number in code) for number, text in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        '<div class="scroll" tabindex="0" role="group" '
        f'aria-label="Table: {escape(head[0] or head[1])}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(text: str, is_code: bool) -> str:
    return f"<td>{f'<code>{escape(text)}</code>' if is_code else escape(text)}</td>"
