"""`serve --watch`: the running server takes changed content up, or leaves it where unsound."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.support.project import Project, copy_that_runs
from tests.support.server import Server, Visitor, text
from tests.support.until import until

DOMAIN = "domain.yml"
THANKS = "You are welcome."
CRITERIA = "data/advice/criteria.yml"
TAKEN_UP = "The changed content is taken up."
NOT_TAKEN_UP = "The content is not taken up"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy that the server runs in, so that its content can be changed."""
    return copy_that_runs(tmp_path_factory.mktemp("watched"))


@pytest.fixture(scope="module")
def server(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, watching."""
    server = Server(tmp_path_factory.mktemp("server"), project=project.root, arguments=("--watch",))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visitor(server: Server) -> Visitor:
    """Somebody in a fresh conversation."""
    return Visitor(server.url)


def told(server: Server, words: str, change: Callable[[], None]) -> str:
    """Changes the content, waits until the log says these words, and gives what it said."""
    before = len(server.log)
    change()
    until(lambda: words in server.log[before:], 180, lambda: server.log[-2000:])
    return server.log[before:]


def test_a_change_is_taken_up_while_a_conversation_goes_on(
    project: Project, server: Server, visitor: Visitor
) -> None:
    visitor.say("should we outsource payroll?")
    answer = visitor.say("mostly rules, a few exceptions")
    assert "2 of about" in text(answer)

    told(server, TAKEN_UP, lambda: project.replace(DOMAIN, THANKS, "My pleasure."))

    answer = visitor.say("thanks")
    assert "My pleasure." in text(answer)
    assert "2 of about" in text(answer)


def test_advice_is_taken_up_too(project: Project, server: Server, visitor: Visitor) -> None:
    told(
        server,
        TAKEN_UP,
        lambda: project.replace(
            CRITERIA, "title: Experience in the field", "title: Some years of it"
        ),
    )

    visitor.say("should we outsource payroll?")
    answer = visitor.say("it follows a checklist")
    assert "[Some years of it]" in "".join(f"[{b['title']}]" for b in answer[-2]["buttons"])


def test_what_is_not_sound_is_told_and_the_earlier_content_kept(
    project: Project, server: Server, visitor: Visitor
) -> None:
    sound = project.read(CRITERIA)
    log = told(
        server, NOT_TAKEN_UP, lambda: project.replace(CRITERIA, "assume: partly", "assume: party")
    )

    line = project.line(CRITERIA, "assume: party")
    assert f"{CRITERIA}:{line}: “party” is no level of standardization" in log
    assert "1 of about 4" in text(visitor.say("should we outsource payroll?"))

    told(server, TAKEN_UP, lambda: project.write(CRITERIA, sound))
    assert "2 of about" in text(visitor.say("it follows a checklist"))


def test_no_message_is_lost_while_content_is_swapped(project: Project, server: Server) -> None:
    ended = threading.Event()
    replies: list[str] = []

    def chat() -> None:
        while not ended.is_set():
            replies.append(text(Visitor(server.url).say("hello")))

    people = [threading.Thread(target=chat) for _ in range(2)]
    for person in people:
        person.start()
    told(server, TAKEN_UP, lambda: project.replace(DOMAIN, "text: Hello! I", "text: Good day! I"))
    after = len(replies)
    ended.set()
    for person in people:
        person.join(timeout=60)

    assert {reply.split("!")[0] for reply in replies} == {"Hello", "Good day"}
    assert after > 2
    assert replies[-1].startswith("Good day!")
