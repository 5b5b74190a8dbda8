"""The review page: what `bot.review` finds, in a browser, for those who are signed in."""

from bot.review_page.routes import routes

__all__ = ["routes"]
