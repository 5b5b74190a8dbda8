"""The recommendation: drawn as a card, worked on, taken away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bot.advice.loader import advice
from bot.advice.model import Case
from bot.advice.recommend import as_data, recommend
from tests.support.chat import Chat

PAYROLL = {"standardization": "high", "expertise": "medium", "sensitivity": "medium", "core": "no"}


def test_the_card_shows_all_that_the_recommendation_holds(chat: Chat) -> None:
    process = advice().processes["payroll"]
    expected = as_data(advice(), recommend(advice(), Case(process.short, process, PAYROLL)))

    chat.recommendation()

    for summary in chat.card.locator("summary").all():
        summary.click()
    shown = chat.card.inner_text()
    for key in ("process_name", "outcome_title", "summary", "why"):
        assert expected[key] in shown
    assert "sure" in shown
    for reason in expected["reasons"]:
        assert reason["name"] in shown
        assert reason["title"] in shown
    for safeguard in expected["safeguards"]:
        assert safeguard["text"] in shown
    for case in expected["use_cases"]:
        assert case["title"] in shown
        assert case["text"] in shown
    assert expected["flip"]["text"] in shown


def test_the_place_is_drawn_and_told(chat: Chat) -> None:
    chat.recommendation()

    drawing = chat.card.get_by_role("img")
    expect(drawing).to_have_accessible_name(
        "15 of 100 on the way from BPO, routine work, to KPO, expert work"
    )
    share = drawing.evaluate(
        """svg => {
          const [rail, place] = [".rail", ".place"].map((part) =>
            svg.querySelector(part).getBoundingClientRect());
          return (place.x + place.width / 2 - rail.x) / rail.width;
        }"""
    )
    assert share == pytest.approx(0.15, abs=0.01)


def test_bars_are_as_long_as_the_answers_weigh(chat: Chat) -> None:
    chat.recommendation()

    bars = chat.card.locator(".weights li").evaluate_all(
        """items => items.map((item) => {
          const bar = item.querySelector(".bar");
          const share = bar
            ? bar.firstChild.getBoundingClientRect().width / bar.getBoundingClientRect().width
            : null;
          return [item.querySelector(".points").textContent, share];
        })"""
    )
    assert len(bars) == 6
    for text, share in bars:
        points = re.fullmatch(r"(\d+) of (\d+)", text)
        if points is None:
            assert (text, share) == ("no weight of its own", None)
        else:
            assert share == pytest.approx(int(points[1]) / int(points[2]), abs=0.01)


def test_what_was_assumed_is_told_from_what_was_said(chat: Chat) -> None:
    chat.recommendation()

    assumed = chat.card.locator(".weights li", has_text="(assumed)")
    expect(assumed).to_have_count(2)
    expect(assumed.first).to_contain_text("Decision authority")


def test_an_answer_is_changed_and_the_change_is_told(chat: Chat) -> None:
    chat.recommendation().choose("Change an answer")
    chat.hears("Which answer do you want to change?")
    chat.choose("Data sensitivity: Personal or financial data").hears("Will the provider see")
    chat.choose("Health data, secrets or strategy")

    expect(chat.card).to_have_count(2)
    expect(chat.card.last.locator(".changed")).to_contain_text("You changed data sensitivity")


def test_a_what_if_changes_nothing(chat: Chat) -> None:
    chat.recommendation().choose("What if…").hears("What if what?")
    chat.choose("Standardization: Every case is different").hears("Your answers stay as they are.")

    expect(chat.button("Take it over")).to_be_visible()
    # The card's own actions stay on offer.
    chat.host.get_by_role("button", name="Checklist").first.click()
    chat.hears("Checklist for payroll")


def test_it_is_compared_with_another(chat: Chat) -> None:
    chat.recommendation().choose("Compare").hears("Compare payroll with what?")
    chat.choose("Legal research").hears("Payroll and legal research, side by side")

    # Bars of line-drawing characters are for the eye only.
    bars = chat.host.locator(".reply span[aria-hidden=true]", has_text="●")
    expect(bars).to_have_count(2)


def test_the_brief_is_downloaded_as_markdown(chat: Chat, page: Page) -> None:
    chat.recommendation()

    with page.expect_download() as download:
        chat.choose("Download brief")

    assert download.value.suggested_filename == "outsourcing-brief-payroll.md"
    brief = download.value.path().read_text(encoding="utf-8")
    assert brief.startswith("# Outsourcing brief: payroll\n\n**Advice: BPO**")
    assert "| Standardization | Fixed steps, few exceptions | 0 | you said so |" in brief


def test_the_brief_is_printed_alone(chat: Chat, page: Page) -> None:
    chat.recommendation().choose("Print")

    # Without a screen nothing is printed, so what would be is looked at in its frame.
    paper = page.frames[1]
    assert paper.title() == "outsourcing-brief-payroll"
    assert paper.evaluate("document.adoptedStyleSheets.length") == 1
    text = paper.inner_text("body")
    assert text.startswith("Outsourcing brief: payroll")
    assert "Fixed steps, few exceptions" in text
    assert not {"**", "|", "#"} & set(text.split())
    paper.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("iframe")).to_have_count(0)


def test_the_summary_can_be_read_in_place(chat: Chat) -> None:
    chat.recommendation().choose("Summary")
    box = chat.host.locator(".card", has_text="outsourcing-brief-payroll.md")
    box.get_by_text("Read it here").click()

    expect(box.get_by_role("heading", name="Outsourcing brief: payroll")).to_be_visible()
    expect(box.get_by_role("columnheader", name="Question")).to_be_visible()
    expect(box.get_by_role("cell", name="Fixed steps, few exceptions")).to_be_visible()


def test_a_process_with_markup_in_its_name_stays_text(chat: Chat) -> None:
    chat.open().say("should we outsource our *aura* [cleansing]?")
    for number in (1, 2, 3, 4):
        chat.hears(f"{number} of about 4").choose("Not sure")
    expect(chat.card).to_contain_text("*aura* [cleansing]")

    chat.choose("Summary")
    box = chat.host.locator(".card", has_text="outsourcing-brief-process.md")
    box.get_by_text("Read it here").click()
    heading = "Outsourcing brief: *aura* [cleansing]"
    expect(box.get_by_role("heading", name=heading)).to_be_visible()
