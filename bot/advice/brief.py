"""A recommendation as a document to keep, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from bot.advice.model import Advice, Basis, Source
from bot.advice.recommend import Recommendation

_BASIS = {
    Basis.SAID: "you said so",
    Basis.CATALOGUE: "assumed: usual for this process",
    Basis.MIDPOINT: "assumed: nothing is known",
}


def brief(advice: Advice, recommendation: Recommendation) -> str:
    """Return the brief: advice, what it rests on, what would change it, safeguards, sources."""
    sections = [
        _heading(advice, recommendation),
        _answers(advice, recommendation),
        _flip(recommendation),
        _safeguards(recommendation),
        _kpis(recommendation),
        _use_cases(recommendation),
        _sources(advice, recommendation),
    ]
    return "\n\n".join(s for s in sections if s) + "\n"


def _heading(advice: Advice, recommendation: Recommendation) -> str:
    text = advice.outcomes[recommendation.outcome]
    lines = [
        f"# Outsourcing brief: {_plain(recommendation.case.name)}",
        f"**Advice: {text.title}** (confidence: {recommendation.confidence.value})",
        f"{text.summary} {recommendation.why}",
        f"Place on the spectrum: {recommendation.verdict.position} of 100 "
        "(0 is routine BPO, 100 is expert KPO).",
    ]
    process = recommendation.case.process
    if process is not None and process.note:
        lines.append(f"Note: {process.note}")
    return "\n\n".join(lines)


def _answers(advice: Advice, recommendation: Recommendation) -> str:
    lines = [
        "## What it rests on",
        "",
        "| Question | Answer | Weight | Basis |",
        "|---|---|---|---|",
    ]
    for weighed in recommendation.verdict.weighed:
        criterion = advice.criteria[weighed.criterion]
        title = criterion.level(weighed.level).title
        lines.append(f"| {criterion.name} | {title} | {weighed.points} | {_BASIS[weighed.basis]} |")
    return "\n".join(lines)


def _flip(recommendation: Recommendation) -> str:
    text = "No change of one or two answers would lead to another advice."
    if recommendation.flip is not None:
        text = recommendation.flip.text
    return f"## What would change it\n\n{text}"


def _safeguards(recommendation: Recommendation) -> str:
    return _listed("Safeguards", (s.text for s in recommendation.safeguards), "- [ ] ")


def _kpis(recommendation: Recommendation) -> str:
    process = recommendation.case.process
    kpis = process.kpis if process else ()
    return _listed("Measures to start from", (f"{k.name}: {k.figure}" for k in kpis), "- ")


def _use_cases(recommendation: Recommendation) -> str:
    cases = (f"{u.title}. {u.text}" for u in recommendation.use_cases)
    return _listed("Similar cases", cases, "- ")


def _sources(advice: Advice, recommendation: Recommendation) -> str:
    keys = [*recommendation.verdict.rule.sources]
    if recommendation.case.process is not None:
        keys += recommendation.case.process.sources
    keys += [key for s in recommendation.safeguards for key in s.sources]
    named = (_named(advice.sources[key]) for key in dict.fromkeys(keys))
    return _listed("Sources", named, "- ")


def _named(source: Source) -> str:
    return f"{source.title}: {source.url}" if source.url else source.title


def _listed(title: str, items: Iterable[str], bullet: str) -> str:
    lines = [f"{bullet}{item}" for item in items]
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _plain(text: str) -> str:
    """Keep what a person typed from being read as Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!" else c for c in text)
