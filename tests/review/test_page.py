"""The review page in a real Chromium, as a support team uses it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.project import PROJECT
from bot.review.edits import titles
from tests.review.conftest import REVIEW_SECRET, Reviewer
from tests.support.chat import screenshots
from tests.support.server import Server
from tests.widget.test_access import violations

SMALL = """[...document.querySelectorAll("button, summary, select, input:not([type=hidden])")]
  .map((e) => [e.innerText || e.id || e.type, e.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""


def group(page: Page, title: str) -> Locator:
    """The group of this title."""
    found = page.get_by_role("heading", level=3, name=re.compile(rf"^{re.escape(title)} ", re.I))
    return page.get_by_role("article").filter(has=found)


def assign(page: Page, title: str, intent: str) -> None:
    """Makes a group's messages examples of a topic."""
    group(page, title).get_by_label("An example of another topic").select_option(intent)
    group(page, title).get_by_role("button", name="Assign").click()
    expect(page.get_by_role("status")).to_contain_text("Proposed: ")


def test_what_went_wrong_is_shown_by_kind_and_counted(signed_in: Page, missed: list[str]) -> None:
    for kind in ("Not understood", "Asked back", "Rated down", "Abandoned"):
        heading = signed_in.get_by_role("heading", level=2, name=re.compile(f"^{kind} [1-9]"))
        expect(heading).to_be_visible()
    expect(group(signed_in, missed[0])).to_contain_text("2 times")
    expect(group(signed_in, "what is BPO?")).to_contain_text("1 time")
    expect(group(signed_in, "left at the question about standardization")).to_be_visible()


def test_the_figures_are_shown_and_told(signed_in: Page) -> None:
    figures = signed_in.locator(".tiles")
    expect(figures).to_contain_text(re.compile(r"Understood\d+ %"))
    expect(figures).to_contain_text(re.compile(r"\d+ % 1 of [2-9] that began"))
    expect(figures).to_contain_text("0 % 0 of 3 ratings")

    signed_in.get_by_text("What was advised: as a table").click()
    expect(signed_in.get_by_role("row", name="BPO 1")).to_be_visible()
    signed_in.get_by_text("What was asked about: as a table").click()
    expect(signed_in.get_by_role("row", name="Payroll processing 1")).to_be_visible()
    signed_in.get_by_text("Conversations by day: as a table").click()
    expect(signed_in.get_by_role("row").filter(has_text="of")).not_to_have_count(0)


def test_the_conversation_around_is_one_click_away(signed_in: Page, missed: list[str]) -> None:
    group(signed_in, missed[1]).get_by_text("The conversation around it").click()
    expect(group(signed_in, missed[1])).to_contain_text("I am not sure that I understood.")
    group(signed_in, missed[1]).get_by_role("link", name="The whole conversation").click()

    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Conversation ")
    expect(signed_in.locator("li:target")).to_contain_text(missed[1])


def test_a_suggestion_is_taken_with_one_click_and_can_be_taken_back(
    signed_in: Page, missed: list[str]
) -> None:
    suggested = group(signed_in, missed[1]).locator(".choice").first
    title = suggested.inner_text()
    suggested.click()
    expect(signed_in.get_by_role("status")).to_have_text(
        "Proposed: 1 wording. Look at the proposed changes before they are published."
    )
    expect(group(signed_in, missed[1])).to_have_count(0)

    signed_in.get_by_role("link", name="Proposed changes").click()
    expect(signed_in.get_by_role("listitem")).to_contain_text(missed[1])
    expect(signed_in.get_by_role("listitem")).to_contain_text(title)
    expect(signed_in.locator(".added").last).to_have_text(re.compile(rf"\+ +- {missed[1]}"))
    signed_in.get_by_role("button", name=f"Take back: {missed[1]}").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Proposed changes")
    signed_in.get_by_role("link", name="Conversations").click()
    expect(group(signed_in, missed[1])).to_be_visible()


def test_any_topic_can_be_chosen_and_nothing_in_the_content_changes(
    signed_in: Page, missed: list[str]
) -> None:
    before = {p.name: p.read_bytes() for p in (PROJECT / "data/nlu").iterdir()}
    assign(signed_in, missed[0], "faq/cost")

    signed_in.get_by_role("link", name="Proposed changes").click()
    expect(signed_in.locator("pre")).to_contain_text("+++ b/data/nlu/cost.yml")
    assert {p.name: p.read_bytes() for p in (PROJECT / "data/nlu").iterdir()} == before
    offered = signed_in.context.request.get(f"{signed_in.url}.patch")
    assert "attachment" in offered.headers["content-disposition"]
    assert f"- {missed[0]}" in offered.text()


def test_out_of_scope_and_needs_nothing_do_not_come_back(
    signed_in: Page, missed: list[str]
) -> None:
    group(signed_in, missed[0]).get_by_role("button", name="Out of scope").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Proposed: ")
    left = "left at the question about standardization"
    group(signed_in, left).get_by_role("button", name="Needs nothing").click()
    expect(signed_in.get_by_role("status")).to_have_text("Set aside: 1 wording.")

    signed_in.reload()
    expect(group(signed_in, missed[0])).to_have_count(0)
    expect(group(signed_in, left)).to_have_count(0)
    signed_in.get_by_role("link", name="Proposed changes").click()
    expect(signed_in.locator("pre")).to_contain_text("+++ b/data/nlu/out_of_scope.yml")


def test_a_message_can_be_reworded_first(signed_in: Page, missed: list[str]) -> None:
    group(signed_in, missed[1]).get_by_text("Reword it first").click()
    box = group(signed_in, missed[1]).get_by_label("As people may say it")
    box.fill("quite another wording by anna@example.com")
    assign(signed_in, missed[1], "faq/cost")

    signed_in.get_by_role("link", name="Proposed changes").click()
    expect(signed_in.locator(".added").last).to_contain_text("quite another wording by ⟨email⟩")


def test_personal_data_is_nowhere_on_any_page(signed_in: Page, reviewed: Server) -> None:
    reviewer = Reviewer(reviewed)
    reviewer.sign_in()
    overview = reviewer.get("/review").text
    refs = set(re.findall(r"/review/conversations/(\w+)", overview))
    everything = overview + "".join(reviewer.get(f"/review/conversations/{r}").text for r in refs)

    assert "I am ⟨name⟩, ⟨email⟩, ⟨phone⟩, card ⟨card⟩" in everything
    for private in ("Anna", "Schmidt", "example.com", "2345678", "1111 1111"):
        assert private not in everything


def test_what_people_said_is_never_markup(signed_in: Page, reviewed: Server) -> None:
    signed_in.add_init_script(
        "window.broken = [];"
        "addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective))"
    )
    dialogs: list[str] = []
    signed_in.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    signed_in.goto(f"{reviewed.url}/review?since=24h")

    expect(signed_in.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    assert signed_in.locator("script, img").count() == 0
    assert signed_in.evaluate("window.broken") == []
    assert dialogs == []


def test_odd_requests_are_answered_in_words(reviewed: Server) -> None:
    reviewer = Reviewer(reviewed)
    reviewer.sign_in()
    for path in (
        "/review?since=soon",
        "/review/conversations/abcdef",
        "/review?since=%3Cscript%3E",
    ):
        answer = reviewer.get(path)
        assert answer.status_code == 400
        assert "Not possible" in answer.text
        assert "<script" not in answer.text
    for form in ({"to": "faq/no_such_topic"}, {"to": "chosen", "chosen": ""}, {"to": "inform"}):
        mark = re.findall(r'name="mark" value="(\w+)"', reviewer.get("/review").text)[0]
        assert reviewer.post("/review/decide", mark=mark, **form).status_code == 400
    nothing = reviewer.post("/review/decide", mark="gone", to="faq/cost")
    assert nothing.headers["location"].endswith("count=0")
    assert "somebody was faster" in reviewer.get(nothing.headers["location"]).text


def test_every_topic_is_offered(signed_in: Page, missed: list[str]) -> None:
    options = group(signed_in, missed[0]).locator("option").evaluate_all("o => o.map(e => e.value)")
    assert options == ["", *titles(PROJECT)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_a_violation(
    signed_in: Page, reviewed: Server, missed: list[str], scheme: str, width: int
) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.emulate_media(color_scheme=scheme)
    assign(signed_in, missed[0], "faq/cost")
    look(signed_in, f"review-{scheme}-{width}", width)
    for summary in signed_in.locator("summary").all():
        summary.click()
    look(signed_in, f"review-open-{scheme}-{width}", width)
    signed_in.get_by_role("link", name="The whole conversation").first.click()
    look(signed_in, f"review-conversation-{scheme}-{width}", width)
    signed_in.get_by_role("link", name="Proposed changes").click()
    look(signed_in, f"review-changes-{scheme}-{width}", width)
    signed_in.get_by_role("button", name="Sign out").click()
    signed_in.get_by_label("Secret").fill("not the secret")
    signed_in.get_by_role("button", name="Sign in").click()
    expect(signed_in.get_by_role("alert")).to_have_text("That is not the secret.")
    look(signed_in, f"review-sign-in-{scheme}-{width}", width)


def look(page: Page, name: str, width: int) -> None:
    """Checks the page that is shown, and keeps a picture of it."""
    page.screenshot(path=screenshots() / f"{name}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_works_by_keyboard_alone(reviewed: Server, page: Page, missed: list[str]) -> None:
    page.goto(f"{reviewed.url}/review")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(REVIEW_SECRET)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    choice = group(page, missed[1]).locator(".choice").first
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Proposed: 1 wording.")
