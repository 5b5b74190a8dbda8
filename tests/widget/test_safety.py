"""The widget trusts neither what the server says nor the page that it stands on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.chat import Chat
from tests.support.server import Server
from tests.support.site import Site
from tests.widget.conftest import document, tag

MESSAGES = "**/webhooks/web/messages"
HTML = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>'
LINKS = (
    "javascript:window.hacked=1 JaVaScRiPt:alert(1) data:text/html,<script>1</script> "
    "vbscript:x file:///etc/passwd [a](javascript:window.hacked=1) java\tscript:alert(1) "
    "https://example.com/a?b=c. http://example.com mailto:someone@example.com"
)
HOSTILE_STYLES = """
  * { all: unset !important; display: block !important; color: red !important;
      font-size: 60px !important; letter-spacing: 1em !important; position: static !important;
      pointer-events: none !important; }
  sourcing-advisor { display: none !important; opacity: 0 !important; zoom: 3 !important;
      visibility: hidden !important; transform: rotate(9deg) !important; }
  button, textarea, .launcher, .panel { display: none !important; }
"""


def answer_with(page: Page, *messages: dict[str, Any]) -> None:
    """Lets the server say this to every message."""
    body = "".join(json.dumps(m) + "\n" for m in (*messages, {"done": True}))
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/x-ndjson"}
    page.route(MESSAGES, lambda route: route.fulfill(headers=headers, body=body))


def assert_inert(chat: Chat) -> None:
    """Nothing of the answer became more than text and safe links."""
    assert chat.page.evaluate("window.hacked") is None
    assert chat.host.locator("img, script, iframe, object, embed, form form, style").count() == 0
    hrefs = chat.host.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert all(href.startswith(("https://", "http://", "mailto:")) for href in hrefs)


def test_text_is_only_ever_text(chat: Chat, page: Page) -> None:
    answer_with(page, {"text": HTML, "buttons": [{"title": HTML, "payload": HTML}]})

    chat.open().say(HTML).hears("onerror").idle()

    assert_inert(chat)
    assert chat.host.locator(".reply .message").inner_text() == HTML
    assert chat.host.locator(".message.user").inner_text() == HTML
    assert chat.button(HTML).inner_text() == HTML
    chat.button(HTML).click()
    assert_inert(chat)


def test_only_safe_links_are_links(chat: Chat, page: Page) -> None:
    answer_with(page, {"text": LINKS, "buttons": []})

    chat.open().say("hello").hears("vbscript").idle()

    assert_inert(chat)
    links = chat.host.locator(".reply a")
    assert links.evaluate_all("links => links.map(link => link.getAttribute('href'))") == [
        "https://example.com/a?b=c",
        "http://example.com",
        "mailto:someone@example.com",
    ]
    assert set(links.evaluate_all("links => links.map(link => link.rel)")) == {
        "noopener noreferrer"
    }


RECOMMENDATION: dict[str, Any] = {
    "process_name": HTML,
    "outcome_title": HTML,
    "confidence": HTML,
    "summary": LINKS,
    "why": HTML,
    "changed": HTML,
    "position": HTML,
    "reasons": [{"name": HTML, "title": HTML, "weight": HTML, "maximum": HTML, "assumed": HTML}],
    "safeguards": [{"text": LINKS}],
    "use_cases": [{"title": HTML, "text": LINKS}],
    "flip": {"text": HTML},
}


def test_a_hostile_recommendation_is_inert(chat: Chat, page: Page) -> None:
    file = {"name": f"../{HTML}", "type": "text/html", "text": f"# {HTML}\n\n{LINKS}\n\n- {HTML}"}
    custom = {"recommendation": RECOMMENDATION, "file": file}
    answer_with(page, {"text": "x", "custom": custom}, {"text": "x", "custom": {"file": file}})

    chat.open().say("hello")

    expect(chat.host.locator(".card")).to_have_count(2)
    for summary in chat.host.locator("summary").all():
        summary.click()
    assert_inert(chat)


@pytest.mark.parametrize(
    "broken",
    [
        {"reasons": [None]},
        {"safeguards": "none"},
        {"use_cases": [1, 2]},
        {"flip": 7},
        {"position": -5},
        {"position": 1e99},
        {"outcome_title": None},
    ],
)
def test_a_recommendation_that_cannot_be_drawn_is_told(
    chat: Chat, page: Page, broken: dict[str, Any]
) -> None:
    custom = {"recommendation": {**RECOMMENDATION, **broken}}
    answer_with(page, {"text": "The text is complete.", "custom": custom, "buttons": []})

    chat.open().say("hello").idle()

    shown = chat.host.locator(".reply .message, .reply .card")
    expect(shown).to_have_count(1)
    expect(chat.status).to_have_count(0)
    assert_inert(chat)


@pytest.mark.parametrize("line", ["", "no json", "[]", "null", '{"text": 5}', '{"buttons": 7}'])
def test_an_answer_that_is_no_answer_breaks_nothing(chat: Chat, page: Page, line: str) -> None:
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(MESSAGES, lambda route: route.fulfill(headers=headers, body=line + "\n"), times=1)
    chat.open().say("what is BPO?")
    expect(chat.status).to_be_visible()

    chat.choose("Try now").hears("Business process outsourcing")


def test_it_works_under_a_strict_policy_and_trusted_types(
    page: Page, shop: Site, advisor: Server
) -> None:
    policy = (
        f"default-src 'none'; script-src {advisor.url}; connect-src {advisor.url}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page.add_init_script(
        "window.violations = [];"
        "addEventListener('securitypolicyviolation',"
        " ({ violatedDirective, blockedURI }) => violations.push([violatedDirective, blockedURI]))"
    )
    headers = {"Content-Security-Policy": policy}
    page.goto(shop.show("/strict", document(tag(advisor.url)), headers))
    chat = Chat(page).recommendation()

    with page.expect_download():
        chat.choose("Download brief")
    chat.choose("Print").choose("Summary")
    expect(chat.host.locator(".card details").last).to_be_visible()
    chat.host.get_by_role("button", name="Good answer").last.click()
    chat.choose("More").choose("Forget me").choose("Delete it")
    expect(chat.notice).to_contain_text("Deleted.")

    # The browser's own request for an icon, which the page does not have.
    found = [v for v in page.evaluate("window.violations") if not v[1].endswith("/favicon.ico")]
    assert found == []


def test_hostile_styles_change_nothing(page: Page, shop: Site, advisor: Server) -> None:
    head = f"<style>{HOSTILE_STYLES}</style>"
    page.goto(shop.show("/styles", document(tag(advisor.url), head=head)))
    chat = Chat(page)

    box = chat.launcher.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (60, 60)
    chat.open().say("hello").hears("Hello!")
    style = chat.input.evaluate(
        "e => { const s = getComputedStyle(e); return [s.fontSize, s.letterSpacing, s.color]; }"
    )
    assert style == ["16px", "normal", "rgb(26, 32, 39)"]


def test_it_leaves_the_page_as_it_was(page: Page, shop: Site, advisor: Server) -> None:
    page.goto(shop.show("/untouched", document("")))
    names = "Object.getOwnPropertyNames(window).sort()"
    before = page.evaluate(names)
    page.goto(shop.show("/touched", document(tag(advisor.url))))
    Chat(page).open().say("hello").hears("Hello!")

    assert page.evaluate(names) == before
    assert page.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 0
    assert page.evaluate("document.querySelectorAll('sourcing-advisor').length") == 1


def test_a_hostile_base_changes_nothing(page: Page, shop: Site, advisor: Server) -> None:
    head = '<base href="https://evil.example/" target="evil">'
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shop.show("/base", document(tag(advisor.url), head=head)))

    chat = Chat(page).recommendation()
    with page.expect_download():
        chat.choose("Download brief")

    assert not any("evil" in url for url in asked)


def test_nothing_is_kept_but_the_token_and_whether_it_is_open(chat: Chat, page: Page) -> None:
    chat.recommendation()

    kept = page.evaluate("[Object.keys(localStorage), Object.entries(sessionStorage)]")
    key = kept[0][0]
    assert kept == [[key], [[key, "open"]]]
    assert page.evaluate("localStorage[Object.keys(localStorage)[0]]").count(".") == 2
    assert page.context.cookies() == []
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []


def test_it_asks_nobody_but_its_server_and_keeps_tokens_out_of_addresses(
    chat: Chat, page: Page, shop: Site, advisor: Server
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()

    chat.recommendation()

    token = page.evaluate("Object.values(localStorage)[0]")
    assert all(url.startswith((f"{shop.origin}/", f"{advisor.url}/webhooks/web/")) for url in asked)
    assert not any(token in url for url in asked)
    assert asked.count(f"{advisor.url}/webhooks/web/widget.js") == 1


def test_a_browser_that_keeps_nothing_gets_a_conversation_all_the_same(
    page: Page, shop: Site, advisor: Server
) -> None:
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('blocked'); } })"
    )
    page.goto(shop.show("/blocked", document(tag(advisor.url))))

    chat = Chat(page).open().say("should we outsource payroll?").hears("1 of about 4")
    chat.choose("Not sure").hears("2 of about 4")


def test_the_tag_twice_makes_one_widget(page: Page, shop: Site, advisor: Server) -> None:
    page.goto(shop.show("/twice", document(tag(advisor.url) * 2)))
    Chat(page).open()

    assert page.locator("sourcing-advisor").count() == 1
