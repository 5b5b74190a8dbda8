"""The metrics that a real server tells, and to whom."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import pytest

from tests.support.failing import refusing
from tests.support.metrics import Scraped
from tests.support.server import Server, Visitor
from tests.support.until import until

TURNS = "sourcing_turns_total"


@pytest.fixture
def scraped(watched: Server) -> Scraped:
    return Scraped(watched)


def recommended(visitor: Visitor) -> None:
    """Has somebody say all that a recommendation takes, by pressing the first choices."""
    answer = visitor.say("should we outsource payroll?")
    while not any("recommendation" in line.get("custom", {}) for line in answer):
        titles = [b["title"] for line in answer for b in line.get("buttons", ())]
        answer = visitor.press(titles[0], answer)


def test_turns_count_by_what_came_of_them(
    watched: Server, visitor: Visitor, scraped: Scraped
) -> None:
    names = ("answered", "repeated", "refused", "failed")
    before = {name: scraped.value(TURNS, channel="web", outcome=name) for name in names}
    message_id = str(uuid.uuid4())

    visitor.say("hello", id=message_id)
    visitor.say("hello", id=message_id)
    visitor.post(payload="/restart")
    with refusing(watched.database):
        assert "error" in visitor.say("hello")[-1]

    now = {name: scraped.value(TURNS, channel="web", outcome=name) for name in names}
    assert {name: now[name] - before[name] for name in names} == dict.fromkeys(names, 1)
    assert scraped.value("sourcing_turns_under_way") == 0
    assert scraped.value("sourcing_store_errors_total", store="conversations", kind="refused") > 0


def test_understanding_and_advice_are_counted(visitor: Visitor, scraped: Scraped) -> None:
    asked = scraped.value("sourcing_intents_total", intent="should_outsource", by="text")
    pressed = scraped.value("sourcing_intents_total", intent="inform", by="press")
    advised = _recommendations(scraped)

    recommended(visitor)

    now = scraped.value("sourcing_intents_total", intent="should_outsource", by="text")
    assert now - asked == 1
    assert scraped.value("sourcing_intents_total", intent="inform", by="press") > pressed
    assert _recommendations(scraped) - advised == 1


def test_the_stages_of_all_turns_add_up_to_their_time(visitor: Visitor, scraped: Scraped) -> None:
    visitor.say("what is bpo?")

    stages = ("lock", "read", "understand", "act", "write", "rest")
    spent = [scraped.value("sourcing_turn_stage_seconds_sum", stage=stage) for stage in stages]
    whole = scraped.value("sourcing_turn_seconds_sum", channel="web")
    assert sum(spent) == pytest.approx(whole)
    assert all(spent)


def test_who_is_too_fast_is_counted(visitor: Visitor, scraped: Scraped) -> None:
    before = scraped.value("sourcing_rate_limited_total", limit="messages")

    until(lambda: visitor.post(payload="/restart").status_code == 429)

    assert scraped.value("sourcing_rate_limited_total", limit="messages") == before + 1


def test_what_is_served_is_told(scraped: Scraped) -> None:
    assert scraped.value("sourcing_ready") == 1
    assert ".tar.gz" in scraped.text().partition("sourcing_build_info{")[2].partition("}")[0]


def test_nothing_that_people_say_nor_who_they_are_is_told(
    watched: Server, visitor: Visitor, scraped: Scraped
) -> None:
    visitor.say("should we outsource our zebrafish counting?")
    visitor.say("my name is Zebediah")

    text = scraped.text().lower()
    assert "zeb" not in text
    assert "web-" not in text


def test_the_number_of_series_does_not_grow_with_people(
    watched: Server, visitor: Visitor, scraped: Scraped
) -> None:
    visitor.say("hello")
    before = len(scraped.text().splitlines())

    for _ in range(3):
        Visitor(watched.url).say("hello")

    assert len(scraped.text().splitlines()) == before


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/webhooks/web/metrics"])
def test_the_world_cannot_read_the_metrics(watched: Server, path: str) -> None:
    assert httpx.get(f"{watched.url}{path}").status_code == 404


def test_an_address_that_is_taken_is_told_before_anything_is_loaded(
    watched: Server, tmp_path: Path
) -> None:
    second = Server(tmp_path, watched.settings)

    with pytest.raises(pytest.fail.Exception, match="choose another METRICS_ADDRESS"):
        second.start()


def _recommendations(scraped: Scraped) -> float:
    outcomes = ("BPO", "KPO", "BETWEEN", "SPLIT", "KEEP", "NOT_YET")
    return sum(scraped.value("sourcing_recommendations_total", outcome=one) for one in outcomes)
