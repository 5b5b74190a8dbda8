"""The web channel: the routes that the widget and the bare chat page talk to."""

from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
