"""The Slack channel: over HTTP or by Socket Mode, for one workspace or several."""

from bot.channels.slack.channel import SlackChannel

__all__ = ["SlackChannel"]
