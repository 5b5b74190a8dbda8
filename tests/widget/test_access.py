"""WCAG 2.2 AA as far as it can be checked by machine; docs/accessibility.md tells the rest."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.project import PROJECT
from tests.support.chat import Chat, announced, listen_in, screenshots
from tests.support.server import Server
from tests.support.site import Site
from tests.widget.conftest import document, tag
from tests.widget.states import STATES, State

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALL_TARGETS = """host => [...host.shadowRoot.querySelectorAll("button, summary, textarea")]
  .map((target) => [target.innerText || target.ariaLabel, target.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


def violations(page: Page) -> list[str]:
    """What axe finds on the page."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.file)
def test_no_violation_in_any_state(
    state: State, browser: Browser, shop: Site, advisor: Server
) -> None:
    page = state.new_page(browser)
    page.set_default_timeout(10_000)
    content = tag(advisor.url, state.options)
    page.goto(shop.show(f"/{state.file}", document(content, state.attributes)))
    chat = Chat(page)
    state.reach(chat)

    page.screenshot(path=screenshots() / f"{state.file}.png")
    found = violations(page)
    small = chat.evaluate(SMALL_TARGETS)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.context.close()

    assert found == []
    assert small == []
    assert overflow <= 0


def test_the_statement_names_every_state_and_no_other() -> None:
    statement = (PROJECT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in statement.splitlines() if "| none |" in line]

    assert rows == [state.name for state in STATES]


def test_each_message_is_read_out_once_and_nothing_else_is(chat: Chat, page: Page) -> None:
    chat.open()
    listen_in(page)
    chat.say("should we outsource payroll?").hears("1 of about 4").idle()

    assert announced(page) == [
        "1 of about 4: Does the same calculation run each pay day, with few exceptions?",
        "5 choices",
    ]
    assert chat.log.get_attribute("aria-live") == "off"
    expect(chat.host.locator("[role=status] p")).to_have_count(0)


def test_a_conversation_that_is_restored_is_not_read_out(chat: Chat, page: Page) -> None:
    chat.recommendation()
    page.reload()
    page.evaluate("customElements.whenDefined('sourcing-advisor')")
    listen_in(page)
    expect(chat.card).to_be_visible()

    assert announced(page) == []


def test_only_the_gist_of_a_long_answer_is_read_out(chat: Chat, page: Page) -> None:
    chat.open()
    listen_in(page)
    chat.recommendation()

    heard = [text for text in announced(page) if text.startswith("Payroll: BPO (sure).")]
    assert len(heard) == 1
    assert len(heard[0]) < 510
    assert "─" not in heard[0]


def test_a_message_never_takes_the_focus(chat: Chat, page: Page) -> None:
    chat.open()
    link = page.get_by_role("link", name="A link")
    link.focus()

    chat.evaluate("e => e.send('should we outsource payroll?')")
    chat.hears("1 of about 4").idle()
    expect(link).to_be_focused()
    page.reload()
    chat.hears("1 of about 4")
    assert page.evaluate("document.activeElement === document.body")


def test_the_attribute_opens_without_taking_the_focus(chat: Chat, page: Page) -> None:
    link = page.get_by_role("link", name="A link")
    link.focus()
    chat.evaluate("e => e.setAttribute('open', '')")
    expect(chat.panel).to_be_visible()

    expect(link).to_be_focused()


def test_escape_closes_one_thing_at_a_time_and_gives_the_focus_back(chat: Chat, page: Page) -> None:
    chat.launcher.press("Enter")
    expect(chat.input).to_be_focused()
    more = chat.button("More")
    more.press("Enter")
    expect(chat.button("Start over")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(chat.button("Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()

    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_closing_gives_the_focus_back_to_what_opened_it(
    page: Page, shop: Site, advisor: Server
) -> None:
    own = "<button onclick=\"document.querySelector('sourcing-advisor').open()\">Ask us</button>"
    head = "<style>sourcing-advisor::part(launcher) { display: none }</style>"
    page.goto(shop.show("/own-launcher", document(own + tag(advisor.url), head=head)))
    chat, opener = Chat(page), page.get_by_role("button", name="Ask us")
    expect(chat.host).to_be_attached()

    opener.press("Enter")
    expect(chat.input).to_be_focused()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_people_move_freely_between_page_and_chat(chat: Chat, page: Page) -> None:
    chat.open()
    assert chat.panel.get_attribute("aria-modal") == "false"
    assert not page.locator("main").evaluate("main => main.inert")

    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "A link":
            return
    pytest.fail("the page cannot be reached from the chat")


def test_nothing_moves_where_that_is_asked_for(chat: Chat, page: Page) -> None:
    chat.open()

    running = "e => e.shadowRoot.getAnimations().filter(a => a.effect.getTiming().duration > 1)"
    assert chat.evaluate(f"{running}.length") == 0


def test_the_log_can_be_scrolled_by_keyboard(chat: Chat) -> None:
    chat.recommendation()
    chat.log.evaluate("log => log.scrollTo(0, 0)")
    chat.log.press("End")

    expect(chat.button("Another process")).to_be_in_viewport()
    assert chat.log.get_attribute("tabindex") == "0"


def test_what_the_bot_says_is_marked_as_english(page: Page, shop: Site, advisor: Server) -> None:
    content = tag(advisor.url, 'data-lang="de"')
    page.goto(shop.show("/german", document(content, 'lang="de"')))
    chat = Chat(page).open()
    chat.say("what is BPO?").hears("Business process outsourcing").idle()

    language = "e => e.closest('[lang]').lang"
    assert chat.host.locator(".reply .message").evaluate(language) == "en"
    assert chat.host.get_by_role("button", name="Gute Antwort").evaluate(language) == "de"
    assert chat.panel.evaluate(language) == "de"
