"""What can go wrong between a visitor and the server: told, typed text kept, retried, recovered."""

from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.chat import Chat, give_up, heard, listen
from tests.support.relay import Relay
from tests.support.server import Server, Visitor
from tests.support.site import Site
from tests.widget.conftest import document, tag

MESSAGES = "**/webhooks/web/messages"
STATUSES = {429: "That was a lot at once.", 500: "does not answer", 503: "does not answer"}


def answer_once(page: Page, status: int, headers: dict[str, str] | None = None) -> None:
    """Lets the next message fail with this status."""
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}

    def fail(route: Route) -> None:
        route.fulfill(status=status, headers={**allowed, **(headers or {})}, json={"error": {}})

    page.route(MESSAGES, fail, times=1)


@pytest.fixture
def distant(page: Page, shop: Site, relay: Relay) -> Chat:
    """The widget with a network that can fail in front of its server."""
    page.goto(shop.show("/distant", document(tag(relay.url))))
    return Chat(page).open()


def sent_ids(page: Page) -> list[str]:
    """Records the id of each message that the page sends from now on."""
    ids: list[str] = []
    page.on(
        "request",
        lambda r: (
            ids.append(r.post_data_json["id"])
            if r.method == "POST" and r.url.endswith("/messages")
            else None
        ),
    )
    return ids


@pytest.mark.parametrize("status", STATUSES)
def test_a_refused_message_is_told_and_sent_again(chat: Chat, page: Page, status: int) -> None:
    page.clock.install()
    chat.open().say("hello").hears("Hello!").idle()
    ids = sent_ids(page)
    answer_once(page, status, {"Retry-After": "7"})

    chat.say("what is BPO?")
    expect(chat.status).to_contain_text(STATUSES[status])
    page.clock.fast_forward(6_500)
    assert len(ids) == 1, "it has to wait as long as the server asks"
    page.clock.fast_forward(1_000)

    chat.hears("Business process outsourcing")
    expect(chat.status).to_have_count(0)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_it_gives_up_in_the_end_and_keeps_what_was_typed(chat: Chat, page: Page) -> None:
    page.clock.install()
    chat.open()
    page.route(MESSAGES, lambda route: route.abort())

    chat.say("what is BPO?")
    give_up(chat)
    expect(chat.status).to_contain_text("Not answered")

    chat.choose("Edit")
    assert chat.input.input_value() == "what is BPO?"
    expect(chat.host.locator(".message.user")).to_have_count(0)
    page.unroute(MESSAGES)
    chat.input.press("Enter")
    chat.hears("Business process outsourcing")


def test_offline_is_told_and_online_sends_it(chat: Chat, page: Page) -> None:
    chat.open().say("hello").hears("Hello!").idle()

    page.context.set_offline(True)
    expect(chat.notice).to_contain_text("You are offline.")
    chat.say("what is BPO?")
    expect(chat.status).to_contain_text("You are offline.")
    page.context.set_offline(False)

    chat.hears("Business process outsourcing")
    expect(chat.notice).to_be_hidden()
    expect(chat.status).to_have_count(0)


def test_a_slow_answer_is_told(chat: Chat, page: Page) -> None:
    page.clock.install()
    chat.open()
    held: list[Route] = []
    page.route(MESSAGES, lambda route: held.append(route), times=1)  # noqa: PLW0108 (Playwright asks the function for its parameters)

    chat.say("what is BPO?")
    expect(chat.host.locator(".typing")).to_be_visible()
    page.clock.fast_forward(9_000)
    expect(chat.status).to_contain_text("longer than usual")
    held[0].continue_()

    chat.hears("Business process outsourcing")
    expect(chat.status).to_have_count(0)


def test_a_stream_that_hangs_is_ended_and_asked_again(
    distant: Chat, page: Page, relay: Relay
) -> None:
    page.clock.install()
    distant.say("hello").hears("Hello!").idle()
    ids = sent_ids(page)

    with relay.hanging():
        distant.say("what is BPO?")
        expect(distant.host.locator(".typing")).to_be_visible()
        page.clock.fast_forward(31_000)
        expect(distant.status).to_contain_text("does not answer")
    distant.choose("Try now")

    distant.hears("Business process outsourcing")
    assert len(ids) >= 2
    assert len(set(ids)) == 1
    assert distant.host.locator(".reply", has_text="Business process").count() == 1


def test_an_answer_that_breaks_off_is_asked_for_again_and_shown_once(
    distant: Chat, page: Page, relay: Relay
) -> None:
    distant.say("hello").hears("Hello!").idle()

    with relay.cutting():
        distant.say("should we outsource payroll?")
        expect(distant.status).to_contain_text("does not answer")
    distant.hears("1 of about 4").idle()

    page.reload()
    expect(distant.host.locator(".message.user")).to_have_count(2)
    assert distant.host.locator(".reply", has_text="1 of about 4").count() == 1


def test_being_seen_again_sends_it_at_once(chat: Chat, page: Page) -> None:
    page.clock.install()
    chat.open().say("hello").hears("Hello!").idle()
    page.route(MESSAGES, lambda route: route.abort())
    chat.say("what is BPO?")
    expect(chat.status).to_contain_text("does not answer")
    page.unroute(MESSAGES)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    chat.hears("Business process outsourcing")


def test_an_expired_conversation_goes_on_as_a_new_one(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    answer_once(page, 401)

    chat.say("what is BPO?").hears("Business process outsourcing")

    expect(chat.notice).to_contain_text("The earlier conversation has ended.")
    expect(chat.host.locator(".message.user")).to_have_text(["what is BPO?"])


def test_a_choice_of_an_expired_conversation_is_told(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    answer_once(page, 401)

    chat.choose("Not sure")

    expect(chat.notice).to_contain_text("The earlier conversation has ended.")
    expect(chat.status).to_contain_text("This cannot be taken.")
    chat.say("hello").hears("Hello!")


def test_a_token_that_is_no_longer_good_begins_afresh(chat: Chat, page: Page) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    page.evaluate("for (const key of Object.keys(localStorage)) localStorage[key] = 'x.y.z'")

    page.reload()

    chat.open()
    expect(chat.button("Should we outsource payroll?")).to_be_visible()
    chat.say("hello").hears("Hello!")


def test_a_choice_that_is_not_on_offer_any_more_is_told(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    answer_once(page, 400)

    chat.choose("Not sure")

    expect(chat.status).to_have_text("This cannot be taken. Please say it another way.")


def test_a_turn_that_fails_is_apologised_for_and_can_be_tried_again(
    chat: Chat, page: Page, advisor: Server
) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    lines = '{"text": "Sorry (reference 1a2b).", "buttons": []}\n{"done": true, "error": {}}\n'
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/x-ndjson"}
    page.route(MESSAGES, lambda route: route.fulfill(headers=headers, body=lines), times=1)

    chat.say("what is BPO?").hears("Sorry (reference 1a2b).")
    expect(chat.status).to_contain_text("That did not work.")
    chat.choose("Try again").hears("Business process outsourcing")

    expect(chat.host.locator(".reply", has_text="Sorry")).to_have_count(0)


def test_a_conversation_goes_on_after_the_server_was_killed(
    chat: Chat, page: Page, advisor: Server
) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    advisor.stop(signal.SIGKILL)

    chat.choose("Fixed steps, few exceptions")
    expect(chat.status).to_contain_text("does not answer")
    advisor.start()
    page.evaluate("dispatchEvent(new Event('online'))")

    chat.hears("2 of about 4").idle()
    token = page.evaluate("Object.values(localStorage)[0]")
    said = Visitor(advisor.url, token).said()
    assert said == ["should we outsource payroll?", "Fixed steps, few exceptions"]


def test_a_page_that_loads_while_the_server_is_down_recovers(
    chat: Chat, page: Page, shop: Site, advisor: Server
) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    away = re.compile("/history$|/widget.js$")
    page.route(
        away,
        lambda route: (
            route.continue_() if route.request.resource_type == "script" else route.abort()
        ),
    )

    page.reload()
    expect(chat.notice).to_contain_text("does not answer")
    page.unroute(away)
    page.evaluate("dispatchEvent(new Event('online'))")

    chat.hears("Hello!")
    expect(chat.notice).to_be_hidden()


def test_a_site_that_is_not_allowed_is_told_so(page: Page, stranger: Site, advisor: Server) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(stranger.show("/", document(tag(advisor.url))))
    chat = Chat(page).open()

    chat.say("hello")

    expect(chat.status).to_contain_text("The assistant may not be used on this site.")
    assert f"Sourcing Advisor refuses {stranger.origin}: add it to WEB_ORIGINS." in told
    chat.choose("Edit")
    assert chat.input.input_value() == "hello"


def test_one_lost_request_is_not_taken_for_a_refusal(chat: Chat, page: Page) -> None:
    page.route("**/webhooks/web/session", lambda route: route.abort(), times=1)

    chat.open().say("hello")
    expect(chat.status).to_contain_text("does not answer")

    chat.hears("Hello!")


def test_messages_said_in_a_row_are_answered_in_a_row(
    chat: Chat, page: Page, advisor: Server
) -> None:
    chat.open()
    for text in ("what is BPO?", "what is KPO?", "hello"):
        chat.say(text)

    chat.hears("Hello!").idle()
    shown = [turn.split("\n")[0] for turn in chat.host.locator(".turn").all_inner_texts()]
    assert shown == ["what is BPO?", "what is KPO?", "hello"]
    token = page.evaluate("Object.values(localStorage)[0]")
    assert Visitor(advisor.url, token).said() == shown


def test_events_tell_the_page_what_goes_wrong(chat: Chat, page: Page) -> None:
    listen(page, "error")
    page.reload()
    chat.open().say("hello").hears("Hello!").idle()
    answer_once(page, 400)

    chat.say("what is BPO?")

    expect(chat.status).to_be_visible()
    assert heard(page) == [["error", {"code": "rejected"}]]
