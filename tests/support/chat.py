"""The widget in a browser, as somebody who chats uses it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

QUESTIONS = {
    "Fixed steps, few exceptions": "2 of about 4",
    "Experience in the field": "3 of about 4",
    "Personal or financial data": "4 of about 4",
}
LAST_ANSWER = "No, it just has to be done"


class Chat:
    """One widget on one page.

    Args:
        page: The page that it is on.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.host = page.locator("sourcing-advisor")
        self.launcher = self.host.locator(".launcher")
        self.panel = self.host.get_by_role("dialog")
        self.log = self.host.get_by_role("log")
        self.input = self.host.get_by_role("textbox")
        self.card = self.host.locator("article.card")
        self.notice = self.host.locator(".notice")
        self.status = self.host.locator(".status:visible")

    def open(self) -> Chat:
        """Opens the panel where it is not."""
        if self.launcher.is_visible():
            self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, text: str) -> Chat:
        """Types something and sends it."""
        self.input.fill(text)
        self.input.press("Enter")
        return self

    def button(self, title: str) -> Locator:
        """The latest button with this title."""
        return self.host.get_by_role("button", name=title, exact=True).last

    def choose(self, title: str) -> Chat:
        """Presses the latest button with this title."""
        self.button(title).click()
        return self

    def hears(self, text: str | re.Pattern[str]) -> Chat:
        """Waits until the assistant has said this."""
        expect(self.host.locator(".reply", has_text=text).last).to_be_visible()
        return self

    def idle(self) -> Chat:
        """Waits until nothing is under way."""
        expect(self.host.locator(".typing")).to_be_hidden()
        return self

    def recommendation(self) -> Chat:
        """Goes all the way to a recommendation on payroll, by buttons."""
        self.open().say("should we outsource payroll?").hears("1 of about 4")
        for answer, question in QUESTIONS.items():
            self.choose(answer).hears(question)
        self.choose(LAST_ANSWER)
        expect(self.card).to_be_visible()
        return self.idle()

    def texts(self) -> list[str]:
        """All that was said, by both."""
        return self.host.locator(".message, .used .choice, article.card h3").all_inner_texts()

    def evaluate(self, script: str) -> Any:
        """Runs a function of the element in the page."""
        return self.host.evaluate(script)


def give_up(chat: Chat) -> None:
    """Lets the page's clock run until the message on its way has been given up."""
    given_up = chat.host.locator(".failed")
    for _ in range(12):
        expect(chat.status.last).to_be_visible()
        if given_up.count():
            return
        chat.page.clock.fast_forward(16_000)
    raise AssertionError("it is still trying")


_LISTEN = """
window.heard = [];
for (const name of NAMES)
  addEventListener(`sourcing-advisor:${name}`, ({ detail }) => window.heard.push([name, detail]));
"""
_LISTEN_IN = """() => {
  const { shadowRoot } = document.querySelector("sourcing-advisor");
  window.announced = [];
  const read = (changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) window.announced.push(node.textContent);
  };
  const region = shadowRoot.querySelector("[role=status]");
  new MutationObserver(read).observe(region, { childList: true });
}"""


def listen(page: Page, *names: str) -> None:
    """Records the widget's events on this page and on those that follow; see `heard`."""
    page.add_init_script(_LISTEN.replace("NAMES", json.dumps(names)))


def heard(page: Page) -> list[list[Any]]:
    """The events so far, each as name and detail."""
    found: list[list[Any]] = page.evaluate("window.heard")
    return found


def listen_in(page: Page) -> None:
    """Records what is put into the live region, as a screen reader would read it out."""
    page.evaluate(_LISTEN_IN)


def announced(page: Page) -> list[str]:
    """What was read out so far."""
    found: list[str] = page.evaluate("window.announced")
    return found


def screenshots() -> Path:
    """The folder that screenshots are written to."""
    folder = Path(__file__).resolve().parents[2] / ".screenshots"
    folder.mkdir(exist_ok=True)
    return folder
