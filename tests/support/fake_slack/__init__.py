"""A Slack on this machine, as faithful as the channel needs: its API, its events and its people.

It keeps channels, threads and messages, checks tokens, scopes, membership and Block Kit, lets a
channel take one post a second, and sends events as Slack does: signed, again when they are not
acknowledged within three seconds, in pairs for a mention, and an echo of what the bot posts.
"""

from tests.support.fake_slack.api import SCOPELESS, SCOPES_OF
from tests.support.fake_slack.people import FakeSlack, titles
from tests.support.fake_slack.state import (
    APP_TOKEN,
    BOT_ID,
    BOT_TOKEN,
    BOT_USER,
    SIGNING_SECRET,
    TEAM,
    Body,
    Channel,
    Fault,
    Message,
    Workspace,
)

__all__ = [
    "APP_TOKEN",
    "BOT_ID",
    "BOT_TOKEN",
    "BOT_USER",
    "SCOPELESS",
    "SCOPES_OF",
    "SIGNING_SECRET",
    "TEAM",
    "Body",
    "Channel",
    "FakeSlack",
    "Fault",
    "Message",
    "Workspace",
    "titles",
]
