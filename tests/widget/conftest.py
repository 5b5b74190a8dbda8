"""A real Chromium, the real server, and two sites: one that may embed the widget and one not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.chat import Chat
from tests.support.relay import Relay
from tests.support.server import Server
from tests.support.site import Site, site

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE = 10_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, where there is one; in CI there has to be."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to install Chromium.")
        pytest.skip("There is no Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shop() -> Iterator[Site]:
    """A site that may embed the widget."""
    with site() as found:
        yield found


@pytest.fixture(scope="session")
def stranger() -> Iterator[Site]:
    """A site that may not."""
    with site() as found:
        yield found


@pytest.fixture(scope="session")
def running_advisor(tmp_path_factory: pytest.TempPathFactory, shop: Site) -> Iterator[Server]:
    """The server that all these tests share."""
    settings = {"WEB_ORIGINS": shop.origin, "WEB_RATE_LIMIT": "0", "WEB_SESSION_LIMIT": "0"}
    server = Server(tmp_path_factory.mktemp("advisor"), settings)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def advisor(running_advisor: Server) -> Server:
    """The server, running."""
    if running_advisor.process is None or running_advisor.process.poll() is not None:
        running_advisor.start()
    return running_advisor


@pytest.fixture
def relay(advisor: Server) -> Iterator[Relay]:
    """A network in front of the server that can be made to fail."""
    relay = Relay(lambda: advisor.port)
    yield relay
    relay.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor's browser, with nothing kept in it."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(_PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab. No script on it may fail."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def tag(server: str, attributes: str = "") -> str:
    """Gives the tag that embeds the widget."""
    return f'<script src="{server}/webhooks/web/widget.js" {attributes} defer></script>'


def document(content: str, attributes: str = 'lang="en"', head: str = "") -> str:
    """Gives a page of a site."""
    return (
        f"<!doctype html><html {attributes}><head><meta charset='utf-8'><title>A shop</title>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'>{head}</head>"
        f"<body><main><h1>A shop</h1><p><a href='#x'>A link</a></p></main>{content}</body></html>"
    )


@pytest.fixture
def chat(page: Page, shop: Site, advisor: Server) -> Chat:
    """The widget on a page of the shop's."""
    page.goto(shop.show("/", document(tag(advisor.url))))
    return Chat(page)
