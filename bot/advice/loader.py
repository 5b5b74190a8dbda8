"""Reads `data/advice/` into an `Advice`. The only part of the advice that touches files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from bot.advice import checks
from bot.advice.finder import ProcessFinder
from bot.advice.model import (
    Advice,
    Criterion,
    Kpi,
    Level,
    Outcome,
    OutcomeText,
    Process,
    Retained,
    Rule,
    Safeguard,
    Source,
    TieBreak,
    UseCase,
    When,
)
from bot.errors import ContentError, InvalidContent
from bot.links import link_faults
from bot.project import PROJECT
from bot.yaml_source import Document, read, schema_faults

_FOLDER = Path("data/advice")
_NOT_CONDITIONS_ON_LEVELS = {
    "unknown", "unsure", "retained", "separable", "position", "outcomes",
}  # fmt: skip


class _Held:
    """The advice that is given now, with its finder; None before it was asked for."""

    advice: Advice | None = None
    finder: tuple[Advice, ProcessFinder] | None = None


_prepared: ContextVar[Advice | None] = ContextVar("prepared", default=None)


def advice() -> Advice:
    """Return the project's own advice, read once. Raises InvalidContent with every fault."""
    prepared = _prepared.get()
    if prepared is not None:
        return prepared
    if _Held.advice is None:
        _Held.advice = load(PROJECT)
    return _Held.advice


def finder() -> ProcessFinder:
    """Return the finder over the catalogue of the advice that is given now."""
    now = advice()
    if _Held.finder is None or _Held.finder[0] is not now:
        _Held.finder = (now, ProcessFinder(now.processes.values()))
    return _Held.finder[1]


@contextmanager
def preparing(other: Advice) -> Iterator[None]:
    """Have `advice` return other advice within this context; all others get what they got."""
    token = _prepared.set(other)
    try:
        yield
    finally:
        _prepared.reset(token)


def replace(new: Advice) -> None:
    """Give this advice from now on."""
    _Held.advice = new


def load(project: Path) -> Advice:
    """Read and check the advice of a project folder. Raises InvalidContent with every fault."""
    documents, faults = read_documents(project)
    if faults:
        raise InvalidContent(faults)
    loaded = build(documents)
    faults = list(checks.all_faults(loaded, documents))
    if faults:
        raise InvalidContent(faults)
    return loaded


Documents = Mapping[str, tuple[Document, ...]]
"""The documents by kind: criteria, decisions, safeguards, sources, processes, use_cases."""


def read_documents(project: Path) -> tuple[Documents, list[ContentError]]:
    """Read every advice file; return the documents and what is wrong with their form."""
    faults: list[ContentError] = []
    documents: dict[str, tuple[Document, ...]] = {}
    folder = project / _FOLDER
    for kind in ("criteria", "decisions", "safeguards", "sources"):
        documents[kind] = _read_kind(project, kind, [folder / f"{kind}.yml"], faults)
    for kind in ("processes", "use_cases"):
        documents[kind] = _read_kind(project, kind, sorted((folder / kind).glob("*.yml")), faults)
    return documents, faults


def _read_kind(
    project: Path, kind: str, files: Iterable[Path], faults: list[ContentError]
) -> tuple[Document, ...]:
    found: list[Document] = []
    for file in files:
        shown_as = file.relative_to(project).as_posix()
        if not file.exists():
            faults.append(ContentError(shown_as, 1, "this file is missing", "restore it"))
            continue
        try:
            document = read(file, shown_as)
        except ContentError as fault:
            faults.append(fault)
            continue
        wrong = list(schema_faults(document, project / "data" / "schema" / f"{kind}.json"))
        wrong += [] if wrong else link_faults(document)
        faults.extend(wrong)
        if not wrong:
            found.append(document)
    return tuple(found)


def build(documents: Documents) -> Advice:
    """Turn documents of the right form into an `Advice`; references are not yet checked."""
    criteria = documents["criteria"][0].data["criteria"]
    decisions = documents["decisions"][0].data
    return Advice(
        criteria={key: _criterion(key, value) for key, value in criteria.items()},
        rules=tuple(_rule(value) for value in decisions["decisions"]),
        outcomes={
            Outcome(key): OutcomeText(Outcome(key), value["title"], value["summary"])
            for key, value in decisions["outcomes"].items()
        },
        safeguards=tuple(
            Safeguard(v["id"], v["text"], _when(v["when"]), tuple(v["sources"]))
            for v in documents["safeguards"][0].data["safeguards"]
        ),
        processes={
            key: _process(key, document.data["function"], value)
            for document in documents["processes"]
            for key, value in document.data["processes"].items()
        },
        use_cases=tuple(
            _use_case(key, value)
            for document in documents["use_cases"]
            for key, value in document.data["use_cases"].items()
        ),
        sources={
            key: Source(key, value["title"], value.get("url"))
            for key, value in documents["sources"][0].data["sources"].items()
        },
    )


def _criterion(key: str, value: Mapping[str, Any]) -> Criterion:
    tie = value.get("tie_break")
    return Criterion(
        id=key,
        name=value["name"],
        question=value["question"],
        why=value["why"],
        levels=tuple(
            Level(
                k, v["title"], v["points"], v["reason"], tuple(str(s) for s in v.get("short", ()))
            )
            for k, v in value["levels"].items()
        ),
        assume=value["assume"],
        always_asked=value["always_asked"],
        sources=tuple(value["sources"]),
        tie_break=TieBreak(**tie) if tie else None,
    )


def _rule(value: Mapping[str, Any]) -> Rule:
    return Rule(
        id=value["id"],
        when=_when(value["when"]),
        outcome=Outcome(value["outcome"]),
        reason=value["reason"],
        sources=tuple(value["sources"]),
    )


def _when(value: Mapping[str, Any]) -> When:
    position = value.get("position", {})
    levels = {k: frozenset(v) for k, v in value.items() if k not in _NOT_CONDITIONS_ON_LEVELS}
    return When(
        levels=levels,
        unknown=frozenset(value.get("unknown", ())),
        unsure=frozenset(value.get("unsure", ())),
        retained=value.get("retained"),
        separable=value.get("separable"),
        at_least=position.get("at_least", 0),
        at_most=position.get("at_most", 100),
        outcomes=frozenset(Outcome(o) for o in value.get("outcomes", ())),
    )


def _process(key: str, function: str, value: Mapping[str, Any]) -> Process:
    retained = value.get("retained")
    return Process(
        id=key,
        name=value["name"],
        short=value["short"],
        said=tuple(value["said"]),
        function=function,
        industry=tuple(value["industry"]),
        published=Outcome(value["class"]),
        defaults=value["defaults"],
        sources=tuple(value["sources"]),
        note=value.get("note"),
        kpis=tuple(Kpi(**kpi) for kpi in value.get("kpis", ())),
        ask=value.get("ask", {}),
        retained=(
            Retained(retained["extent"], retained["because"], tuple(retained["sources"]))
            if retained
            else None
        ),
        separable=value.get("separable", False),
    )


def _use_case(key: str, value: Mapping[str, Any]) -> UseCase:
    return UseCase(
        id=key,
        title=value["title"],
        text=value["text"],
        outcome=Outcome(value["outcome"]),
        processes=tuple(value["processes"]),
        industry=value["industry"],
        tags=tuple(value["tags"]),
        levels=value["levels"],
        sources=tuple(value["sources"]),
    )
