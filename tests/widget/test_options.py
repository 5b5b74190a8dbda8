"""What a page can set, call and hear: attributes, methods, events, texts, colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bot.channels.web.assets import WIDGET
from tests.support.chat import Chat, heard, listen
from tests.support.server import Server
from tests.support.site import Site
from tests.widget.conftest import document, tag

EVENTS = ("ready", "open", "close", "send", "message", "rate", "unread", "error")


def set_attribute(chat: Chat, name: str, value: str | None) -> None:
    """Sets an attribute of the element, or takes it away."""
    if value is None:
        chat.host.evaluate("(e, name) => e.removeAttribute(name)", name)
    else:
        chat.host.evaluate("(e, pair) => e.setAttribute(...pair)", [name, value])


def test_the_tag_carries_the_options(page: Page, shop: Site, advisor: Server) -> None:
    options = (
        'data-title="Ask us" data-greeting="Good morning." data-suggestions="What is BPO?|Hello" '
        'data-theme="dark" data-position="bottom-left" data-open data-onclick="alert(1)"'
    )
    page.goto(shop.show("/options", document(tag(advisor.url, options))))
    chat = Chat(page)

    expect(chat.panel).to_have_accessible_name("Ask us")
    expect(chat.host.locator(".message")).to_have_text("Good morning.")
    assert chat.host.locator(".choice").all_inner_texts() == ["What is BPO?", "Hello"]
    assert chat.host.get_attribute("onclick") is None
    chat.choose("What is BPO?").hears("Business process outsourcing")


def test_a_page_can_place_the_element_itself(page: Page, shop: Site, advisor: Server) -> None:
    own = f'<sourcing-advisor server-url="{advisor.url}/" title="Own"></sourcing-advisor>'
    page.goto(shop.show("/element", document(own + tag(advisor.url, 'data-title="Tag"'))))
    chat = Chat(page).open()

    assert chat.host.count() == 1
    expect(chat.panel).to_have_accessible_name("Own")
    chat.say("hello").hears("Hello!")


def test_attributes_are_live_and_lose_nothing(chat: Chat) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    chat.input.fill("half a sen")

    set_attribute(chat, "title", "Ask us")
    set_attribute(chat, "lang", "de")

    expect(chat.panel).to_have_accessible_name("Ask us")
    expect(chat.host.get_by_role("button", name="Chat schließen")).to_be_visible()
    assert chat.input.input_value() == "half a sen"
    chat.choose("Not sure").hears("2 of about")
    set_attribute(chat, "lang", None)
    set_attribute(chat, "title", None)
    expect(chat.panel).to_have_accessible_name("Sourcing Advisor")


def test_another_server_is_another_conversation(
    chat: Chat, page: Page, shop: Site, advisor: Server
) -> None:
    chat.open().say("hello").hears("Hello!").idle()

    set_attribute(chat, "server-url", advisor.url.replace("127.0.0.1", "localhost"))
    expect(chat.host.locator(".message.user")).to_have_count(0)
    chat.open().say("what is BPO?").hears("Business process outsourcing").idle()
    set_attribute(chat, "server-url", None)

    expect(chat.host.locator(".message.user")).to_have_text(["hello"])


@pytest.mark.parametrize(
    ("direction", "position", "side"),
    [
        ("ltr", None, "right"),
        ("rtl", None, "left"),
        ("ltr", "bottom-left", "left"),
        ("rtl", "bottom-right", "right"),
    ],
)
def test_its_corner(
    chat: Chat, page: Page, direction: str, position: str | None, side: str
) -> None:
    page.evaluate("dir => (document.documentElement.dir = dir)", direction)
    set_attribute(chat, "position", position)

    for part in (chat.launcher, chat.panel):
        box = part.bounding_box()
        chat.open()
        assert box is not None
        is_left = box["x"] + box["width"] / 2 < page.evaluate("innerWidth") / 2
        assert is_left == (side == "left")


@pytest.mark.parametrize("theme", ["light", "dark", None])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_its_theme(chat: Chat, page: Page, system: str, theme: str | None) -> None:
    page.emulate_media(color_scheme=system)
    set_attribute(chat, "theme", theme)

    background = chat.open().panel.evaluate("e => getComputedStyle(e).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 29)"}[theme or system]


def test_methods(chat: Chat) -> None:
    chat.evaluate("e => e.open()")
    expect(chat.input).to_be_focused()
    chat.evaluate("e => e.toggle()")
    expect(chat.panel).to_be_hidden()
    chat.evaluate("e => e.toggle()")
    expect(chat.panel).to_be_visible()
    chat.evaluate("e => e.close()")
    expect(chat.panel).to_be_hidden()
    assert chat.evaluate("e => e.send('hello')") is True
    chat.evaluate("e => e.open()")
    chat.hears("Hello!")
    chat.evaluate("e => e.reset()")
    expect(chat.host.locator(".message.user")).to_have_count(0)


def test_methods_wait_for_the_element_to_be_on_the_page(chat: Chat, page: Page) -> None:
    made = page.evaluate(
        """async () => {
          const element = document.createElement("sourcing-advisor");
          element.open(); element.close(); element.toggle(); element.reset();
          return [await element.send("hello"), element.hasAttribute("open")];
        }"""
    )

    assert made == [False, True]


def test_events_bubble_to_the_page(chat: Chat, page: Page) -> None:
    listen(page, *EVENTS)
    page.reload()
    chat.launcher.click()
    chat.say("what is KPO?").hears("Knowledge process").idle()
    with page.expect_response("**/rating"):
        chat.host.get_by_role("button", name="Bad answer").click()
    expect(chat.host.get_by_role("button", name="Bad answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("Escape")

    events = heard(page)
    assert [name for name, _ in events] == ["ready", "open", "send", "message", "rate", "close"]
    details = dict(map(tuple, events))
    assert re.fullmatch(r"[0-9a-f-]{36}", details["send"]["id"])
    assert details["send"]["text"] == "what is KPO?"
    assert details["message"]["text"].startswith("Knowledge process")
    assert details["rate"] == {"id": details["send"]["id"], "rating": "down"}


def test_what_comes_while_it_is_closed_is_counted(chat: Chat, page: Page) -> None:
    listen(page, "unread")
    page.reload()
    chat.evaluate("e => e.send('should we outsource payroll?')")

    expect(chat.launcher).to_have_accessible_name("Open chat: Sourcing Advisor, 1 unread")
    expect(chat.host.locator(".badge")).to_have_text("1")
    chat.open()
    assert heard(page) == [["unread", {"count": 1}], ["unread", {"count": 0}]]
    chat.evaluate("e => e.close()")
    expect(chat.launcher).to_have_accessible_name("Open chat: Sourcing Advisor")


@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("de", "Chat schließen"),
        ("de-AT", "Chat schließen"),
        ("DE", "Chat schließen"),
        ("en-GB", "Close chat"),
        ("tlh", "Close chat"),
        ("__proto__", "Close chat"),
        ("", "Close chat"),
    ],
)
def test_the_page_chooses_the_language(
    page: Page, shop: Site, advisor: Server, lang: str, name: str
) -> None:
    page.goto(shop.show("/language", document(tag(advisor.url), f'lang="{lang}"')))
    chat = Chat(page).open()

    expect(chat.host.get_by_role("button", name=name)).to_be_visible()


def test_a_page_can_add_a_language(page: Page, shop: Site, advisor: Server) -> None:
    page.goto(shop.show("/french", document(tag(advisor.url), 'lang="fr"')))
    chat = Chat(page).open()
    page.evaluate(
        """customElements.get("sourcing-advisor").addLanguage("fr", {
          close: "Fermer", greeting: "Bonjour !", choiceCount: "{0} choix" })"""
    )

    expect(chat.host.get_by_role("button", name="Fermer")).to_be_visible()
    expect(chat.host.locator(".message")).to_have_text("Bonjour !")
    # What it leaves out stays English.
    expect(chat.button("More")).to_be_visible()


def test_every_text_is_there_in_both_languages() -> None:
    source = (WIDGET / "src" / "texts.js").read_text(encoding="utf-8").partition("\n};")[0]
    english, german = (
        re.findall(r"^    (\w+):", part, re.MULTILINE) for part in source.split("  de: {")
    )
    # The name of the product is no word of a language.
    assert set(english) - set(german) == {"title"}
    assert set(german) <= set(english)


def test_colours_and_parts_can_be_styled(page: Page, shop: Site, advisor: Server) -> None:
    head = """<style>
      sourcing-advisor {
        --sourcing-advisor-accent: rgb(120, 0, 80); --sourcing-advisor-width: 320px }
      sourcing-advisor::part(header) { background: rgb(1, 2, 3) }
    </style>"""
    page.goto(shop.show("/styled", document(tag(advisor.url), head=head)))
    chat = Chat(page)

    background = "e => getComputedStyle(e).backgroundColor"
    assert chat.launcher.evaluate(background) == "rgb(120, 0, 80)"
    assert chat.open().panel.evaluate("e => e.getBoundingClientRect().width") == 320
    assert chat.host.locator(".header").evaluate(background) == "rgb(1, 2, 3)"


def test_leaving_the_page_and_coming_back_keeps_the_conversation(chat: Chat, page: Page) -> None:
    chat.open().say("hello").hears("Hello!").idle()

    page.evaluate(
        """() => {
          const element = document.querySelector("sourcing-advisor");
          element.remove();
          document.querySelector("main").append(element);
        }"""
    )

    chat.hears("Hello!")
    chat.say("what is BPO?").hears("Business process outsourcing")
