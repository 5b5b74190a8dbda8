"""The words of what the assistant works out: questions, recommendations, comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.advice.brief import brief
from bot.advice.compare import Comparison
from bot.advice.explain import changed
from bot.advice.model import UNSURE, Advice, Basis, Case, Confidence, Criterion
from bot.advice.questions import progress, wording
from bot.advice.recommend import Recommendation, as_data
from bot.advice.verdict import Verdict
from bot.conversation.reply import Button, Reply, payload

_SURE = {
    Confidence.HIGH: "sure",
    Confidence.MEDIUM: "fairly sure",
    Confidence.LOW: "a first guess",
}
_SAFEGUARDS_SHOWN = 3
_BAR = 10
_WHAT_IF_WHAT = "What if what? Pick one, or say it, such as “what if the data were public?”"
_POPULAR = ("payroll", "customer_service_calls", "bookkeeping", "legal_research")

CHANGE = Button("Change an answer", payload("change_answer"))
WHAT_IF = Button("What if…", payload("what_if"))
COMPARE = Button("Compare", payload("compare_processes"))
CHECKLIST = Button("Checklist", payload("ask_checklist"))
SUMMARY = Button("Summary", payload("ask_summary"))
ANOTHER = Button("Another process", payload("another_process"))
EXPLAIN = Button("Explain it", payload("explain_recommendation"))


def ask_process(advice: Advice) -> Reply:
    """Ask which process it is about."""
    buttons = tuple(
        Button(_capital(advice.processes[p].short), payload("should_outsource", process=p))
        for p in _POPULAR
        if p in advice.processes
    )
    return Reply("Which process is it about? Name it in your own words, or pick one.", buttons)


def ask(advice: Advice, case: Case, criterion: Criterion) -> Reply:
    """Ask a criterion's question about the case, with its place among the questions."""
    place = progress(advice, case)
    buttons = [
        Button(level.title, payload("inform", **{criterion.id: level.id}))
        for level in criterion.levels
    ]
    buttons += [
        Button("Not sure", payload("inform", **{criterion.id: UNSURE})),
        Button("Why do you ask?", payload("why_ask")),
    ]
    text = f"{place.number} of about {place.total}: {wording(criterion, case)}"
    return Reply(text, tuple(buttons))


def why_asked(criterion: Criterion) -> Reply:
    """Say why a question is asked and what its answers mean."""
    levels = "\n".join(f"• {level.title}: {level.reason}" for level in criterion.levels)
    return Reply(f"{criterion.why}\n{levels}")


def started(advice: Advice, case: Case, how: str | None, text: str, kept: Iterable[str]) -> str:
    """Say what is being worked out where that is not obvious: a typo, an unknown name, a switch."""
    lines: list[str] = []
    if case.process is None:
        lines.append(f"I don't know “{case.name}” yet, but I can still work it out.")
    elif how == "typo":
        lines.append(f"I take “{text}” as {case.process.short}.")
    carried = [_answer_of(advice, c, case.answers[c]) for c in kept]
    if carried:
        lines.append(f"Carried over from before: {'; '.join(carried)}.")
    return " ".join(lines)


def noted(advice: Advice, answers: Mapping[str, str]) -> str:
    """Acknowledge answers that were given aside."""
    return f"Noted: {'; '.join(_answer_of(advice, c, level) for c, level in answers.items())}."


def recommendation(advice: Advice, found: Recommendation, before: Case | None) -> Reply:
    """Show a recommendation; `before` is the case as it was recommended on last, if it was."""
    case, verdict = found.case, found.verdict
    text = advice.outcomes[found.outcome]
    changes = changed(advice, before, case) if before else None
    shown = [s.text for s in found.safeguards[:_SAFEGUARDS_SHOWN]]
    lead = [
        changes,
        f"{_capital(case.name)}: {text.title} ({_SURE[found.confidence]}).",
        f"{text.summary} {found.why}",
        _spectrum(verdict.position),
    ]
    grounds = [
        f"What it rests on: {_weights(advice, verdict) or 'nothing that you told me.'}",
        _assumed(advice, found),
    ]
    paragraphs = [
        *("\n".join(line for line in part if line) for part in (lead, grounds)),
        _bullets("Safeguards", shown, more=len(found.safeguards) - len(shown)),
        _bullets("Similar cases", [u.title for u in found.use_cases]),
        found.flip.text if found.flip else "No other answer to one or two questions changes this.",
    ]
    data = as_data(advice, found) | {"changed": changes}
    return Reply(
        "\n\n".join(p for p in paragraphs if p),
        (CHANGE, WHAT_IF, COMPARE, CHECKLIST, SUMMARY, ANOTHER),
        {"recommendation": data, "file": _file(advice, found)},
    )


def explanation(advice: Advice, found: Recommendation) -> Reply:
    """Explain a recommendation answer by answer, with the reason of each."""
    lines = [f"{found.why} {_spectrum(found.verdict.position)}"]
    basis = {w.criterion: w.basis for w in found.verdict.weighed}
    for reason in found.reasons:
        criterion = advice.criteria[reason.criterion]
        weight = (
            f"{reason.weight} of {reason.maximum}" if reason.maximum else "no weight of its own"
        )
        assumed = "" if basis[reason.criterion] is Basis.SAID else ", assumed"
        lines.append(f"• {criterion.name} ({weight}{assumed}): {reason.text}")
    if found.case.process is not None and found.case.process.note:
        lines.append(f"Note: {found.case.process.note}")
    if found.flip:
        lines.append(found.flip.text)
    return Reply("\n".join(lines), (CHANGE, WHAT_IF, SUMMARY))


def what_if(advice: Advice, now: Recommendation, then: Recommendation) -> Reply:
    """Show what other answers would lead to, without taking them over."""
    taken = {c: v for c, v in then.case.answers.items() if now.case.answers.get(c) != v}
    if not taken:
        return Reply("That is what you said already, so the advice stays as it is.", (WHAT_IF,))
    assumed = "; ".join(_answer_of(advice, c, level) for c, level in taken.items())
    outcome = advice.outcomes[then.outcome].title
    still = "would still be" if then.outcome is now.outcome else "would be"
    there, here = then.verdict.position, now.verdict.position
    place = f"{there} of 100 as now" if there == here else f"{there} instead of {here} of 100"
    text = (
        f"With {assumed}, the advice {still}: {outcome} ({place}). {then.why} "
        "Your answers stay as they are."
    )
    return Reply(text, (Button("Take it over", payload("inform", **taken)), WHAT_IF, SUMMARY))


def what_if_choices(advice: Advice, now: Recommendation) -> Reply:
    """Offer changes to try, those that change the outcome first."""
    levels = {w.criterion: w.level for w in now.verdict.weighed}
    buttons = []
    if now.flip:
        label = " and ".join(_labelled(advice, c, v) for c, v in now.flip.changes)
        buttons.append(Button(label, payload("what_if", **dict(now.flip.changes))))
    for criterion in advice.criteria.values():
        other = criterion.levels[-1 if levels[criterion.id] != criterion.levels[-1].id else 0]
        label = _labelled(advice, criterion.id, other.id)
        button = Button(label, payload("what_if", **{criterion.id: other.id}))
        if button.payload not in {b.payload for b in buttons}:
            buttons.append(button)
    return Reply(_WHAT_IF_WHAT, tuple(buttons))


def change_choices(advice: Advice, case: Case) -> Reply:
    """Offer the answers given so far for changing."""
    buttons = tuple(
        Button(
            _labelled(advice, c, level),
            payload("change_answer", criterion=c),
        )
        for c, level in case.answers.items()
    )
    if not buttons:
        return Reply("You have not answered anything yet, so there is nothing to change.")
    return Reply("Which answer do you want to change?", buttons)


def comparison(advice: Advice, found: Comparison) -> Reply:
    """Put two processes side by side."""
    left, right = _capital(found.left.name), found.right.name
    verdicts = [
        f"{_capital(case.name)}: {_spectrum(verdict.position)}, "
        f"advice: {advice.outcomes[verdict.outcome].title}"
        for case, verdict in (
            (found.left, found.left_verdict),
            (found.right, found.right_verdict),
        )
    ]
    differences = [f"• {row.criterion}: {row.left} | {row.right}" for row in found.differences]
    same = ", ".join(row.criterion.lower() for row in found.shared)
    lines = [
        f"{left} and {right}, side by side:",
        *verdicts,
        *(["They differ in:", *differences] if differences else ["They do not differ."]),
        f"The same for both: {same}." if same and differences else "",
        "Levels that you did not give are the usual ones.",
    ]
    buttons = tuple(
        Button(f"Work out {case.name}"[:75], payload("should_outsource", process=_key(case)))
        for case in (found.left, found.right)
    )
    return Reply("\n".join(line for line in lines if line), buttons)


def compare_choices(advice: Advice, case: Case | None) -> Reply:
    """Ask what to compare with: some processes to pick from where one is under way."""
    if case is None:
        return Reply("Name two processes to compare, such as “compare payroll and legal research”.")
    others = [p for p in _POPULAR if p in advice.processes and p != _key(case)]
    buttons = tuple(
        Button(_capital(advice.processes[p].short), payload("compare_processes", process=p))
        for p in others
    )
    return Reply(f"Compare {case.name} with what? Name a process, or pick one.", buttons)


def summary(advice: Advice, found: Recommendation) -> Reply:
    """Hand over the brief: as text, and as a file for channels that can offer one."""
    file = _file(advice, found)
    return Reply(file["text"], (CHANGE, ANOTHER), {"file": file})


def _file(advice: Advice, found: Recommendation) -> dict[str, str]:
    name = f"outsourcing-brief-{found.case.process.id if found.case.process else 'process'}.md"
    return {"name": name, "type": "text/markdown", "text": brief(advice, found)}


def checklist(found: Recommendation) -> Reply:
    """List every safeguard that the recommendation needs."""
    title = f"Checklist for {found.case.name}"
    return Reply(_bullets(title, [s.text for s in found.safeguards]), (SUMMARY, EXPLAIN))


def use_cases(found: Recommendation) -> Reply:
    """Tell the closest use cases."""
    cases = [f"{u.title} ({u.outcome.value.replace('_', ' ')}). {u.text}" for u in found.use_cases]
    if not cases:
        return Reply("I know no case that is close to this one.")
    return Reply(_bullets("Closest first", cases), (EXPLAIN, SUMMARY))


def _spectrum(position: int) -> str:
    filled = min(_BAR - 1, position * _BAR // 100)
    bar = "".join("●" if i == filled else "─" for i in range(_BAR))
    return f"BPO {bar} KPO ({position} of 100)"


def _weights(advice: Advice, verdict: Verdict) -> str:
    said = [w for w in verdict.weighed if w.basis is Basis.SAID]
    parts = [
        f"{_answer_of(advice, w.criterion, w.level)}{f' (+{w.points})' if w.points else ''}"
        for w in sorted(said, key=lambda w: -w.points)
    ]
    return "; ".join(parts) + "." if parts else ""


def _assumed(advice: Advice, found: Recommendation) -> str:
    parts = [_answer_of(advice, a.criterion, a.level) for a in found.assumed]
    return f"Assumed, as you did not say: {'; '.join(parts)}." if parts else ""


def _answer_of(advice: Advice, criterion: str, level: str) -> str:
    return f"{advice.criteria[criterion].name.lower()} “{_title(advice, criterion, level)}”"


def _labelled(advice: Advice, criterion: str, level: str) -> str:
    return f"{advice.criteria[criterion].name}: {_title(advice, criterion, level)}"


def _title(advice: Advice, criterion: str, level: str) -> str:
    return "Not sure" if level == UNSURE else advice.criteria[criterion].level(level).title


def _bullets(title: str, items: list[str], more: int = 0) -> str:
    if not items:
        return ""
    rest = f" ({more} more in the checklist)" if more > 0 else ""
    return "\n".join([f"{title}{rest}:", *(f"• {item}" for item in items)])


def _key(case: Case) -> str:
    return case.process.id if case.process else case.name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
