"""The browser of the widget's tests, for the pages of this project's own."""

from __future__ import annotations

from tests.widget.conftest import browser, context, page

__all__ = ["browser", "context", "page"]
