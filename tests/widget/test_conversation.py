"""Whole conversations in the browser: by mouse, by keyboard, on a phone, over reloads and tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chat import LAST_ANSWER, QUESTIONS, Chat
from tests.support.server import Server
from tests.support.site import Site
from tests.widget.conftest import document, tag

PHONE = {"width": 390, "height": 780}


def test_a_recommendation_by_mouse(chat: Chat) -> None:
    chat.recommendation()

    expect(chat.card).to_contain_text("BPO")
    expect(chat.card).to_contain_text("sure")
    expect(chat.button("Change an answer")).to_be_visible()


def press_until_focused(page: Page, key: str, name: str) -> None:
    """Presses a key until what has this name has the focus."""
    for _ in range(60):
        focused = page.evaluate(
            """() => {
              const { activeElement } = document.querySelector("sourcing-advisor").shadowRoot;
              return activeElement ? activeElement.ariaLabel ?? activeElement.innerText.trim() : "";
            }"""
        )
        if focused == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"“{name}” cannot be reached with {key}")


def test_a_recommendation_by_keyboard_alone(chat: Chat, page: Page) -> None:
    press_until_focused(page, "Tab", "Open chat: Sourcing Advisor")
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    page.keyboard.type("should we outsource payroll?")
    page.keyboard.press("Enter")
    chat.hears("1 of about 4")
    for answer, question in QUESTIONS.items():
        press_until_focused(page, "Shift+Tab", answer)
        page.keyboard.press("Enter")
        chat.hears(question)
        press_until_focused(page, "Tab", "Your message")
    press_until_focused(page, "Shift+Tab", LAST_ANSWER)
    page.keyboard.press("Space")
    expect(chat.card).to_be_visible()
    page.keyboard.press("Escape")

    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_a_recommendation_on_a_phone(browser: Browser, shop: Site, advisor: Server) -> None:
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(shop.show("/phone", document(tag(advisor.url))))
    chat = Chat(page)
    chat.launcher.tap()

    box = chat.panel.bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    assert chat.panel.get_attribute("aria-modal") == "true"
    assert page.locator("main").evaluate("main => main.inert")
    assert chat.input.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    # The keyboard of the phone stays away until it is asked for.
    expect(chat.input).not_to_be_focused()
    chat.recommendation()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    chat.host.get_by_role("button", name="Close chat").tap()
    assert not page.locator("main").evaluate("main => main.inert")
    context.close()


def test_the_chosen_answer_stays_to_be_read_and_keeps_the_focus(chat: Chat) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4")
    chat.button("Partly, with exceptions").press("Enter")
    chat.hears("2 of about")

    chosen = chat.button("Partly, with exceptions")
    expect(chosen).to_be_focused()
    expect(chosen).to_be_disabled()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(chat.host.get_by_role("button", name="Every case is different")).to_have_count(0)


def test_messages_appear_one_by_one(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4")

    chat.say("what is KPO?")

    chat.hears("Knowledge process outsourcing")
    chat.hears("1 of about 4")
    assert chat.host.locator(".turn").last.locator(".reply").count() == 2


def test_the_conversation_survives_reload_and_other_pages(
    chat: Chat, page: Page, shop: Site, advisor: Server
) -> None:
    chat.recommendation()
    said = chat.texts()

    page.reload()
    expect(chat.panel).to_be_visible()
    expect(chat.card).to_be_visible()
    assert chat.texts() == said

    page.goto(shop.show("/elsewhere", document(tag(advisor.url))))
    expect(chat.card).to_be_visible()
    chat.choose("Checklist").hears("Checklist for payroll")


def test_a_second_tab_shows_the_same_and_follows(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4")
    other = Chat(page.context.new_page())
    other.page.goto(page.url)
    other.open().hears("1 of about 4")

    other.choose("Not sure").hears("2 of about 4")
    chat.hears("2 of about 4")
    chat.choose("Not sure").hears("3 of about 4")
    other.hears("3 of about 4")

    assert chat.texts()[-1] == other.texts()[-1]


def test_starting_over_begins_afresh_in_every_tab(chat: Chat, page: Page) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    other = Chat(page.context.new_page())
    other.page.goto(page.url)
    other.open().hears("Hello!")

    chat.choose("More").choose("Start over")

    expect(chat.host.locator(".message.user")).to_have_count(0)
    expect(other.host.locator(".message.user")).to_have_count(0)
    expect(chat.input).to_be_focused()
    expect(chat.button("Should we outsource payroll?")).to_be_visible()


def test_forgetting_deletes_it_on_the_server(chat: Chat, page: Page, advisor: Server) -> None:
    word = "zebracrossing"
    chat.open().say(f"should we outsource {word}?").hears("1 of about").idle()
    assert any(word.encode() in file.read_bytes() for file in advisor.folder.glob("*.db*"))

    chat.choose("More").choose("Forget me").choose("Keep it")
    expect(chat.host.locator(".message.user")).to_have_count(1)
    chat.choose("More").choose("Forget me").choose("Delete it")

    expect(chat.notice).to_have_text("Deleted. Nothing of it is left.")
    expect(chat.host.locator(".message.user")).to_have_count(0)
    assert not any(word.encode() in file.read_bytes() for file in advisor.folder.glob("*.db*"))
    page.reload()
    expect(chat.host.locator(".message.user")).to_have_count(0)


def test_a_rating_is_kept_with_the_conversation(chat: Chat, page: Page) -> None:
    chat.open().say("what is KPO?").hears("Knowledge process outsourcing").idle()
    thumb = chat.host.get_by_role("button", name="Good answer")

    with page.expect_response("**/rating"):
        thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/rating"):
        thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "false")


def test_a_question_is_not_rated(chat: Chat) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()

    expect(chat.host.get_by_role("button", name="Good answer")).to_have_count(0)


@pytest.mark.parametrize("key", ["Shift+Enter", "Enter"])
def test_shift_and_enter_begins_a_line(chat: Chat, key: str) -> None:
    chat.open()
    chat.input.fill("hello")
    chat.input.press(key)

    is_sent = key == "Enter"
    assert chat.input.input_value() == ("" if is_sent else "hello\n")


def test_enter_that_ends_a_composed_word_sends_nothing(chat: Chat, page: Page) -> None:
    chat.open()
    chat.input.fill("かな")
    chat.input.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})

    assert chat.input.input_value() == "かな"
    expect(chat.host.locator(".message.user")).to_have_count(0)
