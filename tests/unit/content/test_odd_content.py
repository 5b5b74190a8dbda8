"""However odd the content is, the checker names faults and never fails itself."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import content_checks
from bot.advice import loader
from bot.advice.model import Advice, Case
from bot.advice.questions import wording
from bot.advice.recommend import as_data, recommend
from bot.errors import ContentError, InvalidContent
from bot.yaml_source import Document, Place, read
from tests.support.project import Project

REPRODUCIBLE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ADVICE = (
    "data/advice/criteria.yml",
    "data/advice/decisions.yml",
    "data/advice/safeguards.yml",
    "data/advice/sources.yml",
    "data/advice/processes/strategy.yml",
    "data/advice/processes/ip.yml",
    "data/advice/use_cases/article.yml",
)
CONVERSATION = (
    "domain.yml",
    "config.yml",
    "data/nlu/spectrum.yml",
    "data/nlu/what_if.yml",
    "data/stories/advice.yml",
    "data/stories/conversation.yml",
)
WORDS = "high no unsure core article KPO faq greet /greet /{ utter_ {because} {x} {".split()
ENTRIES = ["- a\n- b", "- [a](b)", '- [a]{"entity": []}', "x" * 700]
SCALARS = (
    st.booleans() | st.integers(-1, 101) | st.text(max_size=8) | st.sampled_from([*WORDS, *ENTRIES])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["intent", "when", "low", "text"]) | st.text(), inner)
    ),
    max_leaves=5,
)


class Documents(dict[str, Document]):
    """Documents by file, which Hypothesis need not write out where a test fails."""

    def __repr__(self) -> str:
        return "documents"


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The way to every value inside a value, and to itself."""
    yield place
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for key, child in inner:
        yield from places(child, (*place, key))


def at(value: Any, place: Place) -> Any:
    """The value at a place."""
    for key in place:
        value = value[key]
    return value


def alike(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same kind."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return st.integers(0, 100)
    if isinstance(value, str):
        return st.sampled_from([*WORDS, *ENTRIES])
    if isinstance(value, list):
        return st.permutations(value).flatmap(lambda v: st.just(v[: max(1, len(v) // 2)]))
    return st.just(dict(list(value.items())[:-1]))


@st.composite
def mutated(draw: st.DrawFn, documents: Documents, files: tuple[str, ...]) -> Document:
    """A document of which some values are replaced, deleted or taken from elsewhere in it."""
    original = documents[draw(st.sampled_from(files))]
    data = copy.deepcopy(original.data)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(places(data))))
        kind = draw(st.sampled_from(["alike", "alike", "replace", "delete", "move", "rename"]))
        if not place:
            data = draw(VALUES) if kind == "replace" else data
            continue
        around, key = at(data, place[:-1]), place[-1]
        if kind == "replace":
            around[key] = draw(VALUES)
        elif kind == "alike":  # of the right form, so that it is looked at more closely
            around[key] = draw(alike(around[key]))
        elif kind == "move":
            around[key] = copy.deepcopy(at(data, draw(st.sampled_from(list(places(data))))))
        elif kind == "rename" and isinstance(around, dict):
            name = draw(st.text(max_size=6) | st.sampled_from(list(around)))
            around[name] = around.pop(key)
        else:
            del around[key]
    return Document(original.file, data, original.lines)


@pytest.fixture(scope="module")
def small(sound: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Few files, so that many odd ones can be tried; its advice is sound."""
    small = sound.copy_to(tmp_path_factory.mktemp("small"))
    for file in small.root.rglob("*.yml"):
        name = file.relative_to(small.root).as_posix()
        if name not in (*ADVICE, *CONVERSATION):
            small.delete(name)
    small.write("data/advice/use_cases/article.yml", USE_CASE)
    assert loader.load(small.root)
    return small


USE_CASE = """\
use_cases:
  inventor:
    title: An inventor
    text: An inventor asks whether the idea is new.
    outcome: KPO
    processes: [patent_search]
    industry: any
    tags: [patents]
    levels: {standardization: low, expertise: high, sensitivity: high}
    sources: [article]
"""


@pytest.fixture(scope="module")
def documents(small: Project) -> Documents:
    """All documents by file."""
    return Documents({file: read(small.root / file, file) for file in (*ADVICE, *CONVERSATION)})


@contextmanager
def instead(documents: Documents, odd: Document) -> Iterator[None]:
    """Have one odd document read instead of its original."""
    now = {**documents, odd.file: odd}

    def read_odd(_: Path, shown_as: str) -> Document:
        return now[shown_as]

    with patch.object(loader, "read", read_odd), patch.object(content_checks, "read", read_odd):
        yield


def assert_advises(advice: Advice) -> None:
    """Advice can be given, on known processes and others."""
    for process in (None, *advice.processes.values()):
        case = Case("socks", process)
        assert as_data(advice, recommend(advice, case))
        assert [wording(criterion, case) for criterion in advice.criteria.values()]


LEVELS = {"goal": {"cost", "insight"}, "core": {"no"}}


def assert_humane(found: Iterable[ContentError]) -> None:
    """Each fault has a line, and words with a hint, of a length that can be read."""
    for fault in found:
        assert isinstance(fault, ContentError)
        assert fault.line >= 1
        assert fault.what
        assert fault.hint
        assert len(str(fault)) < 1000


@given(data=st.data())
@settings(REPRODUCIBLE, max_examples=60)
def test_odd_advice_is_refused_or_can_be_given(
    small: Project, documents: Documents, data: st.DataObject
) -> None:
    with instead(documents, data.draw(mutated(documents, ADVICE))):
        try:
            advice = loader.load(small.root)
        except InvalidContent as error:
            assert_humane(error.faults)
        else:
            assert_advises(advice)


@given(data=st.data())
@settings(REPRODUCIBLE, max_examples=60)
def test_odd_conversation_files_only_give_faults(
    small: Project, documents: Documents, data: st.DataObject
) -> None:
    with instead(documents, data.draw(mutated(documents, CONVERSATION))):
        assert_humane(content_checks.conversation_faults(small.root, LEVELS))


@given(data=st.data())
@settings(REPRODUCIBLE, max_examples=100)
def test_text_that_was_garbled_is_read_or_refused(
    sound: Project, tmp_path: Path, data: st.DataObject
) -> None:
    content = (sound.root / "data/advice/processes/ip.yml").read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    noise = st.binary(max_size=6) | st.sampled_from(
        [b"\t", b"\n", b'"', b"'", b"[", b"}", b"&a *a", b"? ", b"---\n", b"!!int x", b"|", b"%"]
    )
    file = tmp_path / "garbled.yml"
    file.write_bytes(content[:start] + data.draw(noise) + content[end:])
    with suppress(ContentError):
        assert isinstance(read(file, "garbled.yml"), Document)
