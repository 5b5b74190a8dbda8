"""The command: for one's own eyes, or in the channel for all to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import places
from bot.channels.slack.blocks import Message, context, merge_into, messages, section, told
from bot.channels.slack.desk import LONGEST_TEXT, TOO_LONG, typed
from bot.channels.slack.listeners.work import Work, quietly
from bot.channels.slack.manifest import COMMAND
from bot.channels.slack.outgoing import Post, Respond
from bot.channels.slack.places import Place
from bot.channels.slack.sign import sign
from bot.channels.slack.text import escape, plain

PUBLIC = "public"
"""The word after the command by which the answer is for all to see."""

_NOT_IN = (
    "I cannot post in this channel. Invite me to it first, or leave out “public” and I answer "
    "for your eyes only."
)
_WAIT = "One moment …"
_HOW = f"Only you see this. To answer in words, type `{COMMAND}` and your answer."
# What is no process even where no question is open.
_WORDS = {
    "change an answer",
    "checklist",
    "compare",
    "hello",
    "help",
    "hi",
    "start over",
    "stop",
    "summary",
    "thank you",
    "thanks",
    "use cases",
    "what if",
}


def register(app: AsyncApp, work: Work) -> None:
    """Registers what listens to the command."""

    async def on_command(
        ack: AsyncAck, command: dict[str, Any], context: Any, client: AsyncWebClient
    ) -> None:
        await ack()
        work.start(context, _answer(work, client, command, context))

    app.command(COMMAND)(on_command)


async def _answer(work: Work, client: AsyncWebClient, command: dict[str, Any], bolt: Any) -> None:
    text = plain(str(command.get("text") or ""), bolt.bot_user_id or "")
    place = places.command(bolt.team_id, command["channel_id"], command["user_id"])
    asked = _Asked(work, client, place, text, command["response_url"], command["trigger_id"])
    await asked.answer()


@dataclass(frozen=True)
class _Asked:
    """A use of the command."""

    work: Work
    client: AsyncWebClient
    place: Place
    text: str
    url: str
    trigger: str

    async def answer(self) -> None:
        """Answers it, wherever that is asked for."""
        first, _, rest = self.text.partition(" ")
        if len(self.text) > LONGEST_TEXT:
            await self._respond(told(TOO_LONG))
        elif self.place.is_direct and await self._is_ours():
            place = places.direct(self.place.team, self.place.channel, self.place.user)
            await self._answer_in(place, self.text)
        elif first.lower() == PUBLIC and not self.place.is_direct:
            await self._answer_all(rest.strip())
        else:
            await self._answer_own()

    async def _is_ours(self) -> bool:
        """Tells whether a direct message is with us: the command can also be typed to others."""
        opened = await quietly(self.client.conversations_open(users=[self.place.user]))
        return bool(opened) and opened["channel"]["id"] == self.place.channel

    async def _answer_own(self) -> None:
        async def show() -> None:
            await self._respond(told(_WAIT))

        async with sign(show, _nothing):
            said = typed(self.trigger, await self._said(self.place, self.text))
            outcome = await self.work.desk.turn(self.place, said)
        made = messages(outcome.replies, self.place, self.trigger)
        merge_into(made, Message(_HOW, (context(_HOW),)))
        for message in made:
            await self._respond(message)

    async def _answer_all(self, text: str) -> None:
        """Starts a thread in the channel, in which the conversation goes on."""
        asked = f"<@{self.place.user}> asks: {escape(await self._as_question(text))}"
        root = Message(asked, (section(asked),))
        posted = await self.work.desk.delivery.submit(
            Post(self.client, self.place.channel, None, root)
        )
        if posted is None:
            await self._respond(told(_NOT_IN))
            return
        place = self.place
        await self._answer_in(
            places.in_thread(place.team, place.channel, place.user, str(posted["ts"])), text
        )

    async def _answer_in(self, place: Place, text: str) -> None:
        said = typed(self.trigger, await self._said(place, text))
        outcome = await self.work.desk.turn(place, said)
        await self.work.desk.answer(self.client, place, outcome)

    async def _said(self, place: Place, text: str) -> str:
        """Gives what was said: an answer where a question is open, else what to outsource."""
        names_a_process = await self.work.desk.names_a_process(text)
        if not names_a_process and await self.work.desk.is_asking(place):
            return text
        return await self._as_question(text)

    async def _as_question(self, text: str) -> str:
        is_whole = "?" in text and not await self.work.desk.names_a_process(text)
        is_word = text.lower().rstrip("!.") in _WORDS
        return text if is_whole or is_word else f"outsource {text}".strip()

    async def _respond(self, message: Message) -> None:
        await self.work.desk.delivery.submit(Respond(self.url, self.place.channel, message))


async def _nothing() -> None:
    """The answer itself shows that the waiting is over."""
