"""Web sites for a browser to visit: static pages on origins of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


@dataclass
class Site:
    """Pages on one origin.

    Args:
        origin: The site's address.
    """

    origin: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def show(self, path: str, html: str, headers: dict[str, str] | None = None) -> str:
        """Puts a page there and gives its address."""
        self.pages[path] = (html, headers or {})
        return f"{self.origin}{path}"


@contextmanager
def site() -> Iterator[Site]:
    """A site that is served while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            html, headers = shown.pages.get(path, ("Nothing here.", {}))
            body = html.encode()
            self.send_response(200 if path in shown.pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown = Site(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()
