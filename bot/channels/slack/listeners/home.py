"""The App Home, ways to start from it, and the suggestions above an empty conversation."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import places
from bot.channels.slack.desk import typed
from bot.channels.slack.home import START, home
from bot.channels.slack.listeners.work import Work, quietly
from bot.channels.slack.prompts import PROMPTS, TITLE


def register(app: AsyncApp, work: Work) -> None:
    """Registers what listens to the App Home."""

    async def on_opened(event: dict[str, Any], context: Any, client: AsyncWebClient) -> None:
        if event.get("tab") == "messages":
            work.start(context, _suggest(client, str(event.get("channel"))))
        else:
            work.start(context, _show(work, client, context.team_id, str(event.get("user"))))

    async def on_start(
        ack: AsyncAck, body: dict[str, Any], context: Any, client: AsyncWebClient
    ) -> None:
        await ack()
        work.start(context, _start(work, client, body, context.team_id))

    app.event("app_home_opened")(on_opened)
    app.action(re.compile(rf"^{START}\."))(on_start)


async def _suggest(client: AsyncWebClient, channel: str) -> None:
    prompts = [{"title": prompt.title, "message": prompt.message} for prompt in PROMPTS]
    await quietly(
        client.assistant_threads_setSuggestedPrompts(
            channel_id=channel, title=TITLE, prompts=prompts
        )
    )


async def _show(work: Work, client: AsyncWebClient, team: str, user: str) -> None:
    view = home(await work.desk.latest(places.person(team, user)))
    await quietly(client.views_publish(user_id=user, view=view))


async def _start(work: Work, client: AsyncWebClient, body: dict[str, Any], team: str) -> None:
    user, action = str(body["user"]["id"]), body["actions"][0]
    opened = await quietly(client.conversations_open(users=[user]))
    if not opened:
        return
    place = places.direct(team, str(opened["channel"]["id"]), user)
    # What a button of the App Home carries is said as if it were typed.
    said = typed(f"{START}-{user}-{action['action_ts']}", str(action["value"]))
    await work.desk.answer(client, place, await work.desk.turn(place, said))
