"""The desk: what somebody said goes to a turn, and the replies to where they were asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.inbound import clean
from bot.channels.slack import blocks, choices
from bot.channels.slack.blocks import Message, addressed, messages
from bot.channels.slack.delivery import Delivery
from bot.channels.slack.events import answer_id
from bot.channels.slack.hearing import Heard
from bot.channels.slack.open_questions import OpenQuestion, OpenQuestions
from bot.channels.slack.outgoing import Post, Update, Upload
from bot.channels.slack.places import Place
from bot.channels.slack.store import Store
from bot.channels.transcript import Reply
from bot.channels.turns import NotOffered, Said, Turns
from bot.conversations import Conversations
from bot.locks import one_at_a_time

_log = logging.getLogger(__name__)

LONGEST_TEXT = 2_000
"""How many characters a message may have."""

TOO_LONG = f"That is a lot of text. Write at most {LONGEST_TEXT:,} characters."
_NOTHING_SAID = "hello"


@dataclass(frozen=True)
class Outcome:
    """What a turn came to.

    Args:
        said: What was answered.
        replies: The replies; an apology where the turn failed.
        has_failed: Whether it failed.
        is_refused: Whether it did not run, as the choice is not on offer.

    """

    said: Said
    replies: list[Reply]
    has_failed: bool = False
    is_refused: bool = False


class Desk:
    """Runs turns, and sends what they say.

    Args:
        turns: The turns of the channel.
        delivery: Sends.
        store: Keeps where a person's last recommendation is.
        agent: Gives Rasa's agent.

    """

    def __init__(
        self, turns: Turns, delivery: Delivery, store: Store, agent: Callable[[], Any]
    ) -> None:
        self._turns = turns
        self.delivery = delivery
        self.store = store
        self._agent = agent
        self._open = OpenQuestions()

    async def place_of(self, heard: Heard) -> Place | None:
        """Gives where something belongs that was said; None when it was said to others."""
        for place in heard.known:
            if await self._has_begun(place):
                return place
        return heard.otherwise

    async def turn(self, place: Place, said: Said) -> Outcome:
        """Runs a turn to its end.

        Args:
            place: Where something was said.
            said: What.

        Returns:
            What came of it; it does not raise.

        """
        lines = self._turns.start(self._agent(), place.conversation, said)
        replies: list[Reply] = []
        while True:
            line = await lines.get()
            if isinstance(line, NotOffered):
                return Outcome(said, [], is_refused=True)
            if line.get("done"):
                break
            replies.append(line)
        if any(_recommendation(reply.get("custom")) for reply in replies):
            await self._remember(place)
        return Outcome(said, replies, has_failed="error" in line)

    async def answer(self, client: AsyncWebClient, place: Place, outcome: Outcome) -> None:
        """Sends the replies of a turn to where they were asked for, and waits until they are."""
        made = messages(outcome.replies, place, outcome.said.id)
        await self._retire(client, place, made)
        posts = [self.post(client, place, message) for message in made]
        ends = [self.delivery.submit(post) for post in posts]
        for reply in outcome.replies:
            if file := blocks.file_of(reply):
                ends.append(self.delivery.submit(_upload(client, place, file)))
        answers = [await end for end in ends]
        for post, answer in zip(posts, answers, strict=False):
            if answer and choices.asks(post.message.blocks, place):
                self._open.keep(place, str(answer["ts"]), answer["message"].get("blocks") or ())

    def pressed(self, place: Place, ts: str, changed: Message) -> None:
        """Notes how a message looks after something was pressed in it."""
        is_open = choices.asks(changed.blocks, place)
        self._open.change(place, ts, changed.blocks if is_open else None)

    async def _retire(self, client: AsyncWebClient, place: Place, made: Sequence[Message]) -> None:
        """Takes the choices from the question before, when there is more to choose from below."""
        if not any(message.has_choices for message in made):
            return
        question = self._open.take(place)
        if question and question.blocks and not await self._is_answered(place, question):
            retired = choices.retired(question.blocks, place)
            self.delivery.submit(Update(client, place.channel, question.ts, retired))

    async def _is_answered(self, place: Place, question: OpenQuestion) -> bool:
        """Tells whether a question was answered by a press, which another replica may have had."""
        where = f"{place.channel}:{question.ts}"
        ids = [answer_id(f"{where}:{b.get('block_id')}", place.user) for b in question.blocks]
        try:
            return await self.store.has_taken(ids)
        except Exception as error:
            _log.warning("Slack: a question stays as it is: %s", type(error).__name__)
            return True

    async def tell(self, client: AsyncWebClient, place: Place, text: str) -> None:
        """Sends plain words of the channel's own, and waits until they are sent."""
        await self.delivery.submit(self.post(client, place, blocks.told(text)))

    def post(self, client: AsyncWebClient, place: Place, message: Message) -> Post:
        """Gives a message as it is posted in a place."""
        if not place.is_direct:
            message = addressed(message, place.user)
        return Post(client, place.channel, place.thread, message)

    async def is_asking(self, place: Place) -> bool:
        """Tells whether the last thing said in a conversation is a question."""
        events = await self._conversations().recent(place.conversation)
        last = next((e for e in reversed(events) if e.get("event") == "bot"), {})
        buttons = (last.get("data") or {}).get("buttons") or ()
        return any(choices.kind_of(str(b.get("payload"))) is choices.Kind.ANSWER for b in buttons)

    async def names_a_process(self, text: str) -> bool:
        """Tells whether a text is the name of a process that Rasa's model knows, and no more."""
        parsed = await self._agent().parse_message(text)
        return any(
            e["entity"] == "process"
            and e.get("how") != "context"
            and (e["start"], e["end"]) == (0, len(text))
            for e in parsed.get("entities") or ()
            if "start" in e
        )

    async def is_open(self, place: Place, turn: str) -> bool:
        """Tells whether a question is the one that is asked now, perhaps asked again since.

        Args:
            place: Where the conversation is.
            turn: What tells the question from others: `Group.turn`.

        """
        try:
            asked, latest = _asked(await self._conversations().recent(place.conversation), turn)
            if asked is None:  # long ago
                asked, latest = _asked(await self._conversations().said(place.conversation), turn)
        except Exception:
            return True  # the turn fails too, and says so
        return asked is None or asked == latest

    async def payload(self, place: Place, value: str) -> str:
        """Gives the payload that a button's value stands for.

        Returns:
            The payload; the value itself where there is none, which is then not on offer.

        """
        if not value.startswith(blocks.DIGEST):
            return value
        conversations = self._conversations()
        for look in (conversations.recent, conversations.said):
            for event in await look(place.conversation):
                for button in (event.get("data") or {}).get("buttons") or ():
                    if blocks.button_value(str(button.get("payload", ""))) == value:
                        return str(button["payload"])
        return value

    async def latest(self, person: str) -> dict[str, Any] | None:
        """Gives what was last recommended to a person; None when nothing was, or is kept."""
        conversation = await self.store.latest(person)
        if conversation is None:
            return None
        events = await self._conversations().offers(conversation, "recommendation")
        found = (_recommendation((e.get("data") or {}).get("custom")) for e in reversed(events))
        return next((data for data in found if data), None)

    def _conversations(self) -> Conversations:
        return Conversations(self._agent().tracker_store)

    async def _has_begun(self, place: Place) -> bool:
        # Under the lock, so that a first turn which is still under way counts.
        async with one_at_a_time(self._agent().lock_store, place.conversation):
            return await self._conversations().exists(place.conversation)

    async def _remember(self, place: Place) -> None:
        try:
            await self.store.set_latest(place.person, place.conversation)
        except Exception as error:
            _log.warning("Slack: a recommendation is not remembered: %s", type(error).__name__)


def typed(message_id: str, text: str) -> Said:
    """Gives something that was typed; a mention without a word is a greeting."""
    return Said(message_id, clean(text) or _NOTHING_SAID, None)


def _asked(events: Iterable[dict[str, Any]], turn: str) -> tuple[str | None, str | None]:
    """Gives the question that stands at `turn`, and the latest of all."""
    asked = latest = None
    said, number = "", 0
    for event in events:
        if event.get("event") == "user":
            said, number = str(event.get("message_id")), 0
            continue
        buttons = (event.get("data") or {}).get("buttons") or ()
        if any(choices.kind_of(str(b.get("payload"))) is choices.Kind.ANSWER for b in buttons):
            # Without its number: "1 of about 4: …" may be counted anew.
            latest = str(event.get("text")).rpartition(": ")[2]
            if blocks.turn_of(said, number) == turn:
                asked = latest
        number += 1
    return asked, latest


def _recommendation(custom: Any) -> dict[str, Any] | None:
    data = custom.get("recommendation") if isinstance(custom, dict) else None
    return data if isinstance(data, dict) else None


def _upload(client: AsyncWebClient, place: Place, file: dict[str, str]) -> Upload:
    text = file["text"]
    otherwise = Post(client, place.channel, place.thread, blocks.marked_down(text))
    name = str(file.get("name") or "brief.md")
    return Upload(client, place.channel, place.thread, name, text, otherwise)
