"""The home page: it shows the widget and its options, and what it says is true."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bot.advice.finder import ProcessFinder
from bot.advice.loader import advice
from bot.advice.model import Case
from bot.advice.recommend import recommend
from bot.channels.web.assets import WIDGET
from tests.support.chat import Chat, screenshots
from tests.support.server import Server
from tests.support.site import Site
from tests.widget.conftest import document
from tests.widget.test_access import violations


def test_it_claims_what_the_advice_says() -> None:
    source = (WIDGET / "demo" / "index.html").read_text(encoding="utf-8")
    lists = re.findall(r'<ul aria-label="\w+ process outsourcing">.*?</ul>', source, re.DOTALL)
    for part, outcome in zip(lists, ("BPO", "KPO"), strict=True):
        asked = re.findall(r'data-ask="Should we outsource (.*?)\?"', part)
        assert len(asked) == 3
        for name in asked:
            process = advice().processes[_known(name)]
            found = recommend(advice(), Case(process.short, process, {}))
            assert found.outcome.value == outcome, name


def _known(name: str) -> str:
    found = ProcessFinder(advice().processes.values()).named(name)
    assert found, f"the catalogue does not know “{name}”"
    return found


def test_its_sample_is_what_the_advice_gives_for_payroll() -> None:
    source = (WIDGET / "demo" / "index.html").read_text(encoding="utf-8")
    process = advice().processes["payroll"]
    found = recommend(advice(), Case(process.short, process, {}))
    different = recommend(advice(), Case(process.short, process, {"standardization": "low"}))

    sample = source.partition('class="sample"')[2].partition("</figure>")[0]
    assert f"<b>{found.outcome.value}</b>" in sample
    assert f"{found.verdict.position} of 100" in sample
    shown = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", sample))
    weights = {
        advice().criteria[reason.criterion].name: f"{reason.weight} of {reason.maximum}"
        for reason in found.reasons
    }
    assert shown.items() <= weights.items()
    assert advice().outcomes[different.outcome].title in sample


def test_it_shows_the_options_live(page: Page, advisor: Server) -> None:
    page.goto(f"{advisor.url}/")
    chat = Chat(page)
    page.get_by_label("Title").fill("Ask us")
    page.get_by_label("Language of the interface").select_option("de")
    page.get_by_label("Colours").select_option("dark")
    page.get_by_label("Accent").fill("#ffcc00")

    expect(chat.launcher).to_have_accessible_name("Chat öffnen: Ask us")
    code = page.locator("#tag")
    expect(code).to_contain_text('data-title="Ask us"')
    expect(code).to_contain_text('data-theme="dark"')
    expect(code).to_contain_text("--sourcing-advisor-accent: #ffcc00")
    # Black on yellow: the page picks what can be read.
    expect(code).to_contain_text("--sourcing-advisor-on-accent: #000000")
    assert chat.launcher.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_the_tag_that_it_shows_works_as_it_stands(page: Page, shop: Site, advisor: Server) -> None:
    page.goto(f"{advisor.url}/")
    page.get_by_label("Title").fill('Say "hi" & <go>')
    shown = page.locator("#tag").inner_text()

    page.goto(shop.show("/pasted", document(shown)))
    chat = Chat(page).open()

    expect(chat.panel).to_have_accessible_name('Say "hi" & <go>')
    chat.say("hello").hears("Hello!")


def test_it_asks_for_the_visitor(page: Page, advisor: Server) -> None:
    page.goto(f"{advisor.url}/")
    page.get_by_label("Which process?").fill("payroll")
    page.get_by_role("button", name="Work it out").click()

    chat = Chat(page)
    chat.hears("1 of about 4")
    expect(chat.input).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_has_no_violation(page: Page, advisor: Server, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme)
    page.add_init_script(
        "window.violations = [];"
        "addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective))"
    )
    page.goto(f"{advisor.url}/")
    expect(Chat(page).launcher).to_be_visible()

    page.screenshot(path=screenshots() / f"demo-{scheme}-{width}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("window.violations") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
