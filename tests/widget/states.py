"""The states that the widget is looked at in: by axe, and by people on screenshots."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.support.chat import Chat

WIDE = {"width": 1000, "height": 800}
PHONE = {"width": 390, "height": 780}


@dataclass(frozen=True)
class State:
    """One state.

    Args:
        name: What it is called in the documentation.
        reach: Brings a fresh widget there.
        browser: How the browser is set up.
        attributes: Attributes of the page's html element.
        options: Attributes of the script's tag.
    """

    name: str
    reach: Callable[[Chat], Any]
    browser: dict[str, Any] = field(default_factory=dict)
    attributes: str = 'lang="en"'
    options: str = ""

    @property
    def file(self) -> str:
        """The name of its screenshot."""
        return re.sub(r"[^a-z]+", "-", self.name.lower()).strip("-")

    def new_page(self, browser: Browser) -> Page:
        """Opens a tab in a browser that is set up for this state."""
        options = {"viewport": WIDE, "reduced_motion": "reduce", **self.browser}
        return browser.new_context(**options).new_page()


def _question(chat: Chat) -> None:
    chat.open().say("shoud we outsorce our payrol?").hears("1 of about 4").idle()


def _chosen(chat: Chat) -> None:
    _question(chat)
    chat.choose("Fixed steps, few exceptions").hears("2 of about 4").idle()


def _answer(chat: Chat) -> None:
    chat.open().say("what is KPO?").hears("Knowledge process outsourcing").idle()
    thumb = chat.host.get_by_role("button", name="Good answer")
    with chat.page.expect_response("**/rating"):
        thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")


def _end_of_card(chat: Chat) -> None:
    chat.recommendation()
    for summary in chat.card.locator("summary").all():
        summary.click()
    chat.log.evaluate("log => log.scrollTo(0, log.scrollHeight)")


def _changed(chat: Chat) -> None:
    chat.recommendation().say("actually it's highly confidential").hears("You changed").idle()


def _brief(chat: Chat) -> None:
    chat.recommendation().choose("Summary")
    chat.host.locator(".card summary", has_text="Read it here").click()
    chat.idle()


def _compared(chat: Chat) -> None:
    chat.recommendation().choose("Compare").choose("Legal research").hears("side by side").idle()


def _menu(chat: Chat) -> None:
    _question(chat)
    chat.choose("More")


def _asked(chat: Chat) -> None:
    _menu(chat)
    chat.choose("Forget me")


def _working(chat: Chat) -> None:
    chat.open()
    held: list[Route] = []
    chat.page.route("**/messages", lambda route: held.append(route))  # noqa: PLW0108
    chat.say("should we outsource payroll?")
    expect(chat.host.locator(".typing")).to_be_visible()


def _waiting(chat: Chat) -> None:
    _question(chat)
    chat.page.route("**/messages", lambda route: route.abort())
    chat.choose("Not sure")
    expect(chat.status).to_contain_text("Try now")


def _failed(chat: Chat) -> None:
    chat.open()
    chat.page.route("**/messages", lambda route: route.fulfill(status=403, json={}))
    chat.page.clock.install()
    chat.say("should we outsource payroll?")
    for _ in range(6):
        chat.page.clock.fast_forward(20_000)
    expect(chat.status).to_contain_text("Edit")


def _offline(chat: Chat) -> None:
    _question(chat)
    chat.page.context.set_offline(True)
    chat.say("what is BPO?")
    expect(chat.status).to_be_visible()


def _unread(chat: Chat) -> None:
    chat.evaluate("e => e.send('what is BPO?')")
    expect(chat.host.locator(".badge")).to_have_text("1")


DARK = {"color_scheme": "dark"}
ON_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True}

STATES = [
    State("Closed", lambda chat: expect(chat.launcher).to_be_visible()),
    State("Closed, unread", _unread),
    State("Open, nothing said", Chat.open),
    State("Question", _question),
    State("Question answered", _chosen),
    State("Answer, rated", _answer),
    State("Recommendation", Chat.recommendation),
    State("Recommendation, unfolded, to its end", _end_of_card),
    State("Recommendation, changed", _changed),
    State("Comparison", _compared),
    State("Brief", _brief),
    State("Menu", _menu),
    State("Forget me, asked", _asked),
    State("Waiting for an answer", _working),
    State("Server away", _waiting),
    State("Not answered", _failed),
    State("Offline", _offline),
    State("Dark, question", _chosen, DARK),
    State("Dark, recommendation", Chat.recommendation, DARK),
    State("Dark, recommendation to its end", _end_of_card, DARK),
    State("Forced colours, recommendation", Chat.recommendation, {"forced_colors": "active"}),
    State("Forced colours, answered", _chosen, {"forced_colors": "active"}),
    State("Phone, nothing said", Chat.open, ON_PHONE),
    State("Phone, recommendation", Chat.recommendation, ON_PHONE),
    State(
        "Narrow as at 400 % zoom", Chat.recommendation, {"viewport": {"width": 320, "height": 256}}
    ),
    State("Right to left", _chosen, attributes='lang="en" dir="rtl"'),
    State("Right to left, recommendation", Chat.recommendation, attributes='lang="en" dir="rtl"'),
    State("German", Chat.recommendation, options='data-lang="de"'),
    State(
        "Own colours and words", _chosen, options='data-title="Ask us" data-position="bottom-left"'
    ),
]
