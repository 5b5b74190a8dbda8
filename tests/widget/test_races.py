"""Things that happen at once, or in an order that nobody planned."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.support.chat import Chat, give_up, listen_in
from tests.support.server import Server, Visitor
from tests.support.site import Site
from tests.widget.conftest import document, tag
from tests.widget.test_safety import answer_with

MESSAGES, SESSION, HISTORY = (
    f"**/webhooks/web/{name}" for name in ("messages", "session", "history")
)
TOKEN = "localStorage[Object.keys(localStorage)[0]] ?? null"


class Held:
    """Requests that wait until they are let go.

    Args:
        page: The page that sends them.
        pattern: Their address.
        method: Their method.
        times: How many of them wait.
    """

    def __init__(self, page: Page, pattern: str, method: str = "POST", times: int = 1) -> None:
        self.page = page
        self.routes: list[Route] = []
        self.times = times
        self.method = method
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if route.request.method != self.method or len(self.routes) >= self.times:
            route.fallback()
        else:
            self.routes.append(route)

    def wait(self) -> None:
        """Waits until the first of them is there."""
        until(self.page, lambda: bool(self.routes))

    def let_go(self) -> None:
        """Lets them pass."""
        self.times = 0
        for route in self.routes:
            route.continue_()


def shown(chat: Chat) -> list[str]:
    """What the visitor has said, as it stands in the log."""
    return chat.host.locator(".message.user").all_inner_texts()


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Waits until something holds."""
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it never came to that")


# --- first contact


def test_a_server_that_is_away_at_first_contact_is_not_taken_for_a_refusal(
    page: Page, shop: Site, advisor: Server
) -> None:
    page.goto(shop.show("/away", document(tag(advisor.url))))
    chat = Chat(page).open()
    advisor.stop()

    chat.say("hello")
    expect(chat.status).to_contain_text("does not answer")
    advisor.start()
    page.evaluate("dispatchEvent(new Event('online'))")

    chat.hears("Hello!")


def test_a_proxy_without_a_server_is_not_taken_for_a_refusal(chat: Chat, page: Page) -> None:
    def bad_gateway(route: Route) -> None:
        if route.request.resource_type == "script":
            route.continue_()
        else:
            route.fulfill(status=502, body="Bad gateway")

    page.clock.install()
    page.route("**/webhooks/web/**", bad_gateway)
    chat.open().say("hello")
    for _ in range(3):
        expect(chat.status).to_contain_text("does not answer")
        page.clock.fast_forward(5_000)
    page.unroute("**/webhooks/web/**")
    page.clock.fast_forward(20_000)

    chat.hears("Hello!")


def test_two_tabs_that_begin_at_once_share_a_conversation(chat: Chat, page: Page) -> None:
    other = Chat(page.context.new_page())
    other.page.goto(page.url)
    other.open()
    chat.open()
    held = Held(other.page, SESSION)
    other.say("what is BPO?")
    held.wait()
    chat.say("what is KPO?").hears("Knowledge process").idle()
    held.let_go()

    for tab in (chat, other):
        tab.hears("Business process outsourcing")
        tab.hears("Knowledge process")
    until(page, lambda: sorted(shown(chat)) == ["what is BPO?", "what is KPO?"])


# --- leaving a conversation while something is under way


def test_starting_over_while_the_first_message_is_under_way_holds(chat: Chat, page: Page) -> None:
    held = Held(page, SESSION)
    chat.open().say("hello")
    held.wait()

    chat.choose("More").choose("Start over")
    held.let_go()
    chat.say("what is BPO?").hears("Business process").idle()

    page.reload()
    chat.hears("Business process")
    assert shown(chat) == ["what is BPO?"]


def test_forgetting_while_the_first_message_is_under_way_holds(chat: Chat, page: Page) -> None:
    held = Held(page, SESSION)
    chat.open().say("hello")
    held.wait()

    chat.choose("More").choose("Forget me").choose("Delete it")
    expect(chat.notice).to_contain_text("Deleted.")
    with page.expect_response(SESSION):
        held.let_go()

    page.reload()
    expect(chat.button("Should we outsource payroll?")).to_be_visible()
    assert page.evaluate(TOKEN) is None


def test_forgetting_with_messages_in_a_row_leaves_none(
    chat: Chat, page: Page, advisor: Server
) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    token = page.evaluate(TOKEN)
    chat.choose("More").choose("Forget me")
    for text in ("what is BPO?", "what is KPO?", "hello", "help"):
        chat.say(text)
    chat.choose("Delete it")
    expect(chat.notice).to_contain_text("Deleted.")

    assert Visitor(advisor.url, token).history() == []
    expect(chat.host.locator(".message.user")).to_have_count(0)


def test_what_could_not_be_forgotten_comes_back(chat: Chat, page: Page) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    page.route(SESSION, lambda route: route.abort())

    chat.choose("More").choose("Forget me").choose("Delete it")

    expect(chat.notice).to_contain_text("That did not work.")
    chat.hears("Hello!")


def test_a_turn_under_way_when_the_page_is_left_is_shown_later(
    chat: Chat, page: Page, shop: Site, advisor: Server
) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    history: list[Route] = []
    page.route(HISTORY, lambda route: history.append(route), times=1)  # noqa: PLW0108
    chat.say("what is BPO?").hears("Business process").idle()

    page.reload()
    until(page, lambda: bool(history))
    # The history as it was before the turn had been kept.
    answer = history[0].fetch()
    early = [m for m in answer.json()["messages"] if "usiness" not in m["text"]][:2]
    history[0].fulfill(response=answer, json={"messages": early})

    chat.hears("Hello!")
    chat.hears("Business process")


# --- expired conversations


def test_no_message_is_lost_when_the_conversation_has_expired(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    held = Held(page, MESSAGES)
    for text in ("what is BPO?", "what is KPO?", "hello"):
        chat.say(text)
    held.wait()
    held.times = 0
    held.routes[0].fulfill(status=401, headers={"Access-Control-Allow-Origin": "*"}, json={})

    chat.hears("Hello!").idle()
    assert shown(chat) == ["what is BPO?", "what is KPO?", "hello"]
    page.reload()
    chat.hears("Hello!")
    assert shown(chat) == ["what is BPO?", "what is KPO?", "hello"]


def test_a_conversation_that_has_expired_is_told_on_return(chat: Chat, page: Page) -> None:
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(HISTORY, lambda route: route.fulfill(status=401, headers=headers, json={}), times=1)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(chat.notice).to_contain_text("The earlier conversation has ended.")
    expect(chat.button("Not sure")).to_have_count(0)
    chat.say("hello").hears("Hello!")
    expect(chat.notice).to_be_hidden()


# --- order


def test_what_is_said_while_the_history_comes_stands_after_it(chat: Chat, page: Page) -> None:
    chat.open().say("what is BPO?").hears("Business process").idle()
    held = Held(page, HISTORY, "GET")
    page.reload()
    chat.say("what is KPO?").hears("Knowledge process").idle()
    held.let_go()

    until(page, lambda: shown(chat) == ["what is BPO?", "what is KPO?"])


def test_a_history_that_breaks_off_is_asked_for_again(chat: Chat, page: Page) -> None:
    chat.open().say("hello").hears("Hello!").idle()
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(HISTORY, lambda r: r.fulfill(headers=headers, body='{"messages": [{'), times=1)

    page.reload()

    chat.hears("Hello!")
    expect(chat.notice).to_be_hidden()


def test_a_message_given_up_long_ago_is_not_sent_unasked(chat: Chat, page: Page) -> None:
    page.clock.install()
    chat.open()
    page.route(MESSAGES, lambda route: route.abort())
    chat.say("should we outsource payroll?")
    give_up(chat)
    page.unroute(MESSAGES)
    chat.say("what is BPO?").hears("Business process").idle()

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    chat.say("hello").hears("Hello!").idle()

    expect(chat.status).to_contain_text("Not answered")
    expect(chat.host.locator(".reply", has_text="1 of about")).to_have_count(0)


def test_editing_keeps_what_has_been_typed_meanwhile(chat: Chat, page: Page) -> None:
    chat.open()
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(MESSAGES, lambda route: route.fulfill(status=400, headers=headers, json={}))
    chat.say("first")
    expect(chat.status).to_be_visible()
    chat.input.fill("second")

    chat.choose("Edit")

    assert chat.input.input_value() == "first second"


# --- focus and announcements


def test_the_focus_stays_in_the_chat_when_what_has_it_goes(chat: Chat, page: Page) -> None:
    inside = "e => Boolean(e.shadowRoot.activeElement)"
    chat.open().say("should we outsource payroll?").hears("1 of about 4").idle()
    chat.button("Not sure").focus()
    chat.evaluate("e => { e.send('what is BPO?'); }")
    chat.hears("Business process").idle()
    assert chat.evaluate(inside)

    page.route(MESSAGES, lambda route: route.abort())
    chat.say("hello")
    chat.button("Try now").focus()
    page.unroute(MESSAGES)
    page.keyboard.press("Enter")
    chat.hears("Hello!").idle()
    assert chat.evaluate(inside)

    chat.input.focus()
    chat.evaluate("e => e.setAttribute('title', 'Ask us')")
    assert chat.evaluate(inside)


def test_the_same_trouble_is_read_out_once(chat: Chat, page: Page) -> None:
    page.clock.install()
    chat.open()
    listen_in(page)
    page.route(MESSAGES, lambda route: route.abort())
    chat.say("hello")
    for _ in range(3):
        expect(chat.status).to_contain_text("does not answer")
        page.clock.fast_forward(5_000)

    said = page.evaluate("window.announced")
    assert len([text for text in said if "does not answer" in text]) <= 2


def test_the_pages_own_keys_do_not_eat_what_is_typed(chat: Chat, page: Page) -> None:
    page.evaluate(
        "addEventListener('keydown', (e) => e.target.tagName === 'INPUT' || e.preventDefault())"
    )
    chat.open().input.press_sequentially("and/or")

    assert chat.input.input_value() == "and/or"


# --- hostile or odd surroundings


def test_a_full_store_does_not_end_the_conversation(
    page: Page, shop: Site, advisor: Server
) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.goto(shop.show("/full", document(tag(advisor.url))))

    chat = Chat(page).open().say("should we outsource payroll?").hears("1 of about 4")
    chat.choose("Not sure").hears("2 of about 4")


def test_an_element_named_like_a_property_of_the_document_takes_nothing_over(
    page: Page, shop: Site, advisor: Server, stranger: Site
) -> None:
    bait = f'<img name="currentScript" data-server-url="{stranger.origin}" data-title="Evil">'
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shop.show("/clobbered", document(bait + tag(advisor.url))))
    Chat(page).open().say("hello")

    expect(Chat(page).panel).to_have_accessible_name("Sourcing Advisor")
    assert not any(stranger.origin in url for url in asked)


def test_a_file_is_saved_and_never_opened(chat: Chat, page: Page) -> None:
    file = {"type": "text/html", "text": "<script>opener.hacked = 1</script>"}
    answer_with(page, {"text": "x", "custom": {"file": file}})
    chat.open().say("hello")

    with page.expect_download() as download:
        chat.choose("Download brief")

    assert download.value.path().read_text(encoding="utf-8") == file["text"]
    assert len(page.context.pages) == 1
    assert page.evaluate("window.hacked") is None


def test_an_address_that_is_none_is_passed_over(page: Page, shop: Site, advisor: Server) -> None:
    page.goto(shop.show("/odd", document(tag(advisor.url, 'data-server-url="http://["'))))

    Chat(page).open().say("hello").hears("Hello!")


def test_it_is_not_on_the_pages_printout(chat: Chat, page: Page) -> None:
    page.emulate_media(media="print")

    expect(chat.launcher).to_be_hidden()


def test_nothing_said_is_nothing_sent(chat: Chat) -> None:
    assert chat.evaluate("e => e.send('  ')") is False
    expect(chat.host.locator(".message.user")).to_have_count(0)


def test_in_another_shadow_root_full_screen_hides_the_page_too(
    page: Page, shop: Site, advisor: Server
) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    page.goto(shop.show("/nested", document("<div id='outer'></div>" + tag(advisor.url))))
    expect(Chat(page).launcher).to_be_visible()
    page.evaluate(
        """() => {
          const root = document.getElementById("outer").attachShadow({ mode: "open" });
          root.append(document.querySelector("sourcing-advisor"));
        }"""
    )
    Chat(page).open()

    assert page.locator("main").evaluate("main => main.inert")
