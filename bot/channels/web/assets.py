"""What the web channel serves as files: the widget's script, and the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import zopfli.gzip
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, redirect

from bot.project import PROJECT

WIDGET = PROJECT / "widget"
PREFIX = "/webhooks/web"

_YEAR = 365 * 24 * 60 * 60
_MINUTES = 5 * 60
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
# The script is public, and nothing in it depends on who asks.
_FOR_ANYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass(frozen=True)
class Script:
    """The widget as it is served.

    Args:
        body: Its text, as bytes.
        packed: The same, compressed with gzip.
        version: A part of its hash, by which its address changes with its content.
        integrity: Its hash as a page writes it (Subresource Integrity).

    """

    body: bytes
    packed: bytes
    version: str
    integrity: str

    @property
    def path(self) -> str:
        """Its address below the server's, the content of which never changes."""
        return f"{PREFIX}/widget/{self.version}/widget.js"

    def tag(self, server: str) -> str:
        """Gives the tag by which a site embeds exactly this script.

        Args:
            server: The server's address, without a slash at the end.

        """
        return (
            f'<script src="{escape(server + self.path)}" integrity="{self.integrity}" '
            'crossorigin="anonymous" defer></script>'
        )


@lru_cache(maxsize=1)
def script() -> Script:
    """Gives the widget's script, read and compressed once in a process."""
    body = (WIDGET / "dist" / "widget.js").read_bytes()
    digest = base64.b64encode(hashlib.sha384(body).digest()).decode("ascii")
    return Script(
        body,
        zopfli.gzip.compress(body),
        hashlib.sha256(body).hexdigest()[:12],
        f"sha384-{digest}",
    )


async def serve_script(request: Request, version: str | None = None) -> HTTPResponse:
    """GET /widget.js and /widget/<version>/widget.js: the script, for any site to load.

    An address of another version leads to the current one: a page that names the hash as well
    then refuses it, and any other goes on working.
    """
    found = script()
    if version not in (None, found.version):
        headers = {"Cache-Control": "no-store", **_FOR_ANYBODY}
        return redirect(f"{PREFIX}/widget.js", headers=headers)
    is_packed = bool(_TAKES_GZIP.search(request.headers.get("accept-encoding", "")))
    lifetime = f"max-age={_YEAR}, immutable" if version else f"max-age={_MINUTES}"
    tag = f'"{found.version}{"-gzip" if is_packed else ""}"'
    headers = {
        "Cache-Control": f"public, {lifetime}",
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        **_FOR_ANYBODY,
    }
    if tag in request.headers.get("if-none-match", ""):
        return empty(status=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    content = found.packed if is_packed else found.body
    return HTTPResponse(content, headers=headers, content_type="text/javascript; charset=utf-8")


async def serve_page(_: Request) -> HTTPResponse:
    """GET /: a page that shows the widget, and runs nothing but its own scripts."""
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Content-Security-Policy": _POLICY.replace("{nonce}", nonce),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return html(_page().replace("{nonce}", nonce), headers=headers)


@lru_cache(maxsize=1)
def _page() -> str:
    """Gives the page with its styles and script in it; what it is filled with is all our own."""
    demo = WIDGET / "demo"
    page = _read(demo / "index.html")
    page = page.replace("{styles}", _read(demo / "page.css")).replace(
        "{script}", _read(demo / "page.js")
    )
    return page.replace("{widget}", script().path).replace("{integrity}", script().integrity)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
