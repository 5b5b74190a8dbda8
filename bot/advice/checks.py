"""What can be wrong with advice whose files have the right form: references, gaps, dead rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, product
from string import Formatter

from bot.advice.model import (
    UNSURE,
    Advice,
    Case,
    Outcome,
    Process,
    Retained,
    UseCase,
    When,
)
from bot.advice.text import words
from bot.advice.verdict import decide
from bot.errors import ContentError
from bot.yaml_source import Document, Place

Documents = Mapping[str, tuple[Document, ...]]


def all_faults(advice: Advice, documents: Documents) -> Iterator[ContentError]:
    """Yield every fault in the content, each with its file and line."""
    yield from _nothing_there(documents)
    yield from _duplicate_ids(documents)
    in_criteria = [*_criteria(advice, documents["criteria"][0]), *_levels(advice, documents)]
    yield from in_criteria
    if not in_criteria:  # nothing can be decided by criteria or rules that are wrong
        in_rules = list(_rules(advice, documents["decisions"][0]))
        yield from in_rules or _published_classes(advice, documents["processes"])
    yield from _sources(advice, documents)
    yield from _synonyms(documents["processes"])
    yield from _use_cases(advice, documents["use_cases"])
    yield from _placeholders(documents)


def _nothing_there(documents: Documents) -> Iterator[ContentError]:
    for kind in ("processes", "use_cases"):
        if not documents[kind]:
            folder = f"data/advice/{kind}/"
            yield ContentError(folder, 1, "there is no file here", "restore at least one")


def _entries(documents: Iterable[Document], key: str) -> Iterator[tuple[Document, str]]:
    for document in documents:
        for entry in document.data[key]:
            yield document, entry


def _duplicate_ids(documents: Documents) -> Iterator[ContentError]:
    for kind in ("processes", "use_cases"):
        seen: dict[str, Document] = {}
        for document, entry in _entries(documents[kind], kind):
            if entry in seen:
                first = seen[entry]
                where = f"{first.file}:{first.line((kind, entry))}"
                yield document.fault(
                    (kind, entry), f"“{entry}” already stands in {where}", "rename or merge it"
                )
            seen.setdefault(entry, document)
    for kind in ("decisions", "safeguards"):
        ids: set[str] = set()
        document = documents[kind][0]
        for index, entry in enumerate(document.data[kind]):
            if entry["id"] in ids:
                yield document.fault((kind, index), f"“{entry['id']}” is given twice", "rename it")
            ids.add(entry["id"])


def _criteria(advice: Advice, document: Document) -> Iterator[ContentError]:
    for criterion in advice.criteria.values():
        place = ("criteria", criterion.id)
        names = [level.id for level in criterion.levels]
        if criterion.assume not in names:
            yield document.fault(
                (*place, "assume"),
                f"“{criterion.assume}” is no level of {criterion.id}",
                f"use one of: {', '.join(names)}",
            )
        points = [level.points for level in criterion.levels]
        if points != sorted(points):
            yield document.fault(
                (*place, "levels"),
                f"the points of {criterion.id} fall from one level to the next",
                "order the levels from the BPO side to the KPO side",
            )
        tie = criterion.tie_break
        if tie is not None and tie.level not in names:
            yield document.fault(
                (*place, "tie_break", "level"),
                f"“{tie.level}” is no level of {criterion.id}",
                f"use one of: {', '.join(names)}",
            )
        if tie is not None and tie.at_least > tie.at_most:
            yield document.fault(
                (*place, "tie_break"),
                f"no place is both at least {tie.at_least} and at most {tie.at_most}",
                "swap the two",
            )
        yield from _short_answers(document, criterion.id)
    total = sum(c.maximum for c in advice.criteria.values())
    if total != 100:
        yield document.fault(
            ("criteria",), f"the highest points add up to {total}", "make them add up to 100"
        )


def _levels(advice: Advice, documents: Documents) -> Iterator[ContentError]:
    """Criteria and levels that are used but not there, each where it is used first."""
    seen: set[tuple[str, str | None]] = set()
    for document, place, criterion, level in _used(documents):
        known = advice.criteria.get(criterion)
        if known is None:
            if (criterion, None) not in seen:
                what = f"there is no criterion “{criterion}” in data/advice/criteria.yml"
                yield document.fault(place, what, _near(criterion, advice.criteria))
            seen.add((criterion, None))
        elif level is not None and level not in (names := [v.id for v in known.levels]):
            if (criterion, level) not in seen:
                what = f"“{level}” is no level of {criterion}"
                yield document.fault(place, what, f"use one of: {', '.join(names)}")
            seen.add((criterion, level))
    for criterion in advice.criteria:
        if any(criterion not in process.defaults for process in advice.processes.values()):
            yield documents["criteria"][0].fault(
                ("criteria", criterion),
                f"no process has a default for “{criterion}”",
                "add it to data/schema/ and to every process",
            )


def _used(documents: Documents) -> Iterator[tuple[Document, Place, str, str | None]]:
    """Yield the place, criterion and level of everything that names a criterion."""
    for kind in ("decisions", "safeguards"):
        document = documents[kind][0]
        for index, entry in enumerate(document.data[kind]):
            for key, value in entry["when"].items():
                place: Place = (kind, index, "when", key)
                if key in ("unknown", "unsure"):
                    yield from ((document, (*place, i), c, None) for i, c in enumerate(value))
                elif key not in _OTHER_CONDITIONS:
                    yield document, place, key, None
                    yield from ((document, (*place, i), key, v) for i, v in enumerate(value))
    for kind, key in (("processes", "defaults"), ("use_cases", "levels")):
        for document, entry in _entries(documents[kind], kind):
            for criterion, level in document.data[kind][entry][key].items():
                yield document, (kind, entry, key, criterion), criterion, level


_OTHER_CONDITIONS = {"retained", "separable", "position", "outcomes"}


def _placeholders(documents: Documents) -> Iterator[ContentError]:
    """Texts that are filled in when they are said would break on any other brace."""
    for document, criterion in _entries(documents["criteria"], "criteria"):
        place: Place = ("criteria", criterion, "question")
        text = document.data["criteria"][criterion]["question"]
        yield from _braces(document, place, text, "process")
    document = documents["decisions"][0]
    for index, entry in enumerate(document.data["decisions"]):
        place = ("decisions", index, "reason")
        yield from _braces(document, place, entry["reason"], "because")
    for document, process in _entries(documents["processes"], "processes"):
        for criterion, text in document.data["processes"][process].get("ask", {}).items():
            if "{" in text:
                where = ("processes", process, "ask", criterion)
                yield document.fault(
                    where, "nothing is filled in here", "write the process out, without braces"
                )


def _braces(document: Document, place: Place, text: str, known: str) -> Iterator[ContentError]:
    try:
        fields = {
            f"{name}{conversion or ''}{spec}"
            for _, name, spec, conversion in Formatter().parse(text)
            if name is not None
        }
    except ValueError:
        fields = {text}
    if not fields <= {known}:
        yield document.fault(
            place, "only {" + known + "} is filled in here", "delete all other braces"
        )


def _short_answers(document: Document, criterion: str) -> Iterator[ContentError]:
    owner: dict[str, str] = {}
    for level, value in document.data["criteria"][criterion]["levels"].items():
        for index, short in enumerate(value.get("short", ())):
            text = " ".join(words(str(short)))
            if owner.setdefault(text, level) != level:
                yield document.fault(
                    ("criteria", criterion, "levels", level, "short", index),
                    f"“{short}” already means “{owner[text]}”",
                    "keep it in one level only",
                )


def _rules(advice: Advice, document: Document) -> Iterator[ContentError]:
    """A rule that never fires in any combination of answers and kinds of process is dead."""
    for outcome in (Outcome.BPO, Outcome.KPO):
        if not any(rule.outcome is outcome for rule in advice.rules):
            yield document.fault(
                ("decisions",),
                f"no rule leads to {outcome.value}",
                "add one: it is an end of the scale",
            )
    fired: set[str] = set()
    always = advice.rules[-1].when == When()
    cases = list(every_case(advice))
    for case in chain(cases[::_SAMPLE], cases):
        if always and len(fired) == len(advice.rules):
            return  # nothing is left to find out
        try:
            fired.add(decide(advice, case).rule.id)
        except LookupError:
            yield document.fault(
                ("decisions",),
                f"no rule covers {', '.join(f'{c} {v}' for c, v in case.answers.items())}",
                "add a last rule with `when: {}`",
            )
            return
    for index, rule in enumerate(advice.rules):
        if rule.id not in fired:
            yield document.fault(
                ("decisions", index),
                f"the rule “{rule.id}” can never decide anything",
                "the rules above it take all its cases: move it up, change it or delete it",
            )


_SAMPLE = 17
"""Of so many cases one is tried first: a few hundred mostly show that every rule is alive."""


def every_case(advice: Advice) -> Iterator[Case]:
    """Yield every combination of settled answers with every kind of process, and no process."""
    kinds: list[Process | None] = [None]
    for retained, separable in product((None, "part", "whole"), (False, True)):
        kinds.append(_kind(advice, retained, separable))
    levels = [[level.id for level in c.levels] for c in advice.criteria.values()]
    for combination in product(*levels):
        answers = dict(zip(advice.criteria, combination, strict=True))
        for kind in kinds:
            yield Case("any", kind, answers)
    for unknown in product((False, True), repeat=len(advice.criteria)):
        answers = {
            c.id: UNSURE if skip else c.assume
            for c, skip in zip(advice.criteria.values(), unknown, strict=True)
        }
        yield Case("any", None, answers)


def _kind(advice: Advice, retained: str | None, separable: bool) -> Process:
    return Process(
        id="any",
        name="any",
        short="any",
        said=(),
        function="any",
        industry=(),
        published=Outcome.BETWEEN,
        defaults={c.id: c.assume for c in advice.criteria.values()},
        sources=(),
        retained=Retained(retained, "any", ()) if retained else None,
        separable=separable,
    )


def _sources(advice: Advice, documents: Documents) -> Iterator[ContentError]:
    for kind in ("criteria", "decisions", "safeguards", "processes", "use_cases"):
        for document in documents[kind]:
            for place, key in _source_keys(document.data, ()):
                if key not in advice.sources:
                    yield document.fault(
                        place, f"the source “{key}” is unknown", _near(key, advice.sources)
                    )


def _source_keys(
    data: object, place: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "sources":
                yield from (((*place, key, i), str(v)) for i, v in enumerate(value))
            elif key == "source":
                yield (*place, key), str(value)
            else:
                yield from _source_keys(value, (*place, key))
    if isinstance(data, list):
        for index, value in enumerate(data):
            yield from _source_keys(value, (*place, index))


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean “{close[0]}”?" if close else "add it, or use one that exists"


def _synonyms(documents: tuple[Document, ...]) -> Iterator[ContentError]:
    owner: dict[tuple[str, ...], str] = {}
    for document, entry in _entries(documents, "processes"):
        process = document.data["processes"][entry]
        said = [(("said", index), name) for index, name in enumerate(process["said"])]
        for place, name in [(("name",), process["name"]), (("short",), process["short"]), *said]:
            where = ("processes", entry, *place)
            if not words(name):
                yield document.fault(where, f"“{name}” has no word in it", "write it in words")
                continue
            first = owner.setdefault(words(name), entry)
            if first != entry:
                yield document.fault(
                    where,
                    f"“{name}” already means the process “{first}”",
                    "keep it where it fits best",
                )


def _published_classes(advice: Advice, documents: tuple[Document, ...]) -> Iterator[ContentError]:
    for document, entry in _entries(documents, "processes"):
        process = advice.processes[entry]
        outcome = decide(advice, Case(process.name, process)).outcome
        if outcome is not process.published:
            yield document.fault(
                ("processes", entry, "class"),
                f"the defaults of “{entry}” lead to {outcome.value}, "
                f"not to {process.published.value}",
                "change the defaults or the class so that they agree",
            )


def _use_cases(advice: Advice, documents: tuple[Document, ...]) -> Iterator[ContentError]:
    cases: dict[str, UseCase] = {u.id: u for u in advice.use_cases}
    for document, entry in _entries(documents, "use_cases"):
        for index, process in enumerate(cases[entry].processes):
            if process not in advice.processes:
                yield document.fault(
                    ("use_cases", entry, "processes", index),
                    f"there is no process “{process}”",
                    _near(process, advice.processes),
                )
