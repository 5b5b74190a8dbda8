"""A conversation as a reviewer reads it: turns, made from the tracker store's events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.review.masking import mask

Event = Mapping[str, Any]

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
_FORM = "sourcing_form"
_ASK_BACK = "action_ask_back"
_RECOMMEND = "action_recommend"
_NONE_OF_THESE = "/out_of_scope"
_LISTEN = "action_listen"
_REQUESTED = "requested_slot"
_TOPIC = "topic"
_EXTERNAL = "EXTERNAL: "
_SUGGESTED = 3


@dataclass(frozen=True)
class Turn:
    """One message and what came of it, with personal data masked."""

    message_id: str
    time: float
    text: str
    """What was typed, or the title of the button that was pressed."""
    pressed: bool
    intent: str
    """Its full name, such as `faq/define_bpo`."""
    nearest: tuple[str, ...]
    """The intents that came closest, the closest first."""
    replies: tuple[str, ...]
    meanings: tuple[str, ...]
    """What the reply offered as perhaps meant, by the buttons' titles."""
    actions: tuple[str, ...]
    question: str | None
    """What was being asked when the message came: a criterion, `process` or None."""
    asked_next: str | None
    """What is being asked after it."""
    learned: bool
    """Whether the message told something about the case."""
    topic: str | None
    """The process that it is about, after the message."""
    outcome: str | None
    """What was recommended in reply."""
    rating: str | None

    @property
    def is_fallback(self) -> bool:
        """Whether it was not understood."""
        return self.intent == FALLBACK

    @property
    def asked_again(self) -> bool:
        """Whether it was taken for an answer, told nothing, and the question came again."""
        return (
            not self.pressed
            and self.question is not None
            and self.question == self.asked_next
            and not self.learned
            and self.actions == (_FORM,)
        )


@dataclass(frozen=True)
class Conversation:
    """The turns of one conversation, oldest first."""

    ref: str
    """Names it to reviewers; tells nothing of the person, nor the id by which it is kept."""
    turns: tuple[Turn, ...]

    @property
    def started(self) -> float:
        """When the first message came."""
        return self.turns[0].time

    @property
    def last(self) -> float:
        """When the latest message came."""
        return self.turns[-1].time


def reference(*parts: str) -> str:
    """Gives a short name for something that is not to be named itself."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def read(sender: str, events: Iterable[Event], ratings: Mapping[str, str]) -> Conversation | None:
    """Reads a conversation.

    Args:
        sender: Its id.
        events: Its events, oldest first.
        ratings: What the person thinks of the answers, by message id.

    Returns:
        The conversation, or None where no person said anything.

    """
    reader = _Reader()
    for event in events:
        reader.take(event)
    turns = reader.finish(ratings)
    return Conversation(reference(sender), turns) if turns else None


@dataclass
class _Draft:
    """A turn while its events come in."""

    event: Event
    text: str
    question: str | None
    replies: list[str] = field(default_factory=list)
    meanings: tuple[str, ...] = ()
    actions: list[str] = field(default_factory=list)
    learned: bool = False
    outcome: str | None = None
    asked_next: str | None = None
    topic: str | None = None


class _Reader:
    """Goes through events and puts turns together."""

    def __init__(self) -> None:
        self._drafts: list[_Draft] = []
        self._titles: dict[str, str] = {}
        self._question: str | None = None
        self._topic: str | None = None

    def take(self, event: Event) -> None:
        """Takes the next event."""
        kind = event.get("event")
        if kind == "user":
            self._take_user(event)
        elif kind == "slot":
            self._take_slot(event)
        elif self._drafts and kind == "bot":
            self._take_bot(self._drafts[-1], event)
        elif self._drafts and kind == "action" and event.get("name") != _LISTEN:
            self._drafts[-1].actions.append(str(event.get("name")))
        self._note()

    def finish(self, ratings: Mapping[str, str]) -> tuple[Turn, ...]:
        """Gives the turns."""
        return tuple(_turn(draft, ratings) for draft in self._drafts)

    def _take_user(self, event: Event) -> None:
        text = event.get("text")
        # Reminders are kept as user messages too, but no person wrote them.
        if not isinstance(text, str) or not text or text.startswith(_EXTERNAL):
            return
        shown = self._titles.get(text, text) if _is_press(event) else text
        self._drafts.append(_Draft(event, mask(shown), self._question))

    def _take_slot(self, event: Event) -> None:
        name, value = event.get("name"), event.get("value")
        if name == _REQUESTED:
            self._question = value
        elif name == _TOPIC:
            self._topic = _topic(value)
        elif self._drafts and value is not None:
            self._drafts[-1].learned = True

    def _take_bot(self, draft: _Draft, event: Event) -> None:
        data = event.get("data") or {}
        buttons = (*(data.get("buttons") or ()), *(data.get("quick_replies") or ()))
        offers = {str(b.get("payload") or b["title"]): str(b["title"]) for b in buttons}
        self._titles |= offers
        # Only who is asked which meaning is meant can also say "None of these".
        if draft.actions[-1:] == [_ASK_BACK] and offers.pop(_NONE_OF_THESE, ""):
            draft.meanings = tuple(map(mask, offers.values()))
        if event.get("text"):
            draft.replies.append(mask(event["text"]))
        found = (data.get("custom") or {}).get("recommendation") or {}
        if draft.actions[-1:] == [_RECOMMEND] and found.get("outcome"):
            draft.outcome = str(found["outcome"])

    def _note(self) -> None:
        if self._drafts:
            self._drafts[-1].asked_next, self._drafts[-1].topic = self._question, self._topic


def _turn(draft: _Draft, ratings: Mapping[str, str]) -> Turn:
    event = draft.event
    message_id = str(event.get("message_id") or "")
    parsed = event.get("parse_data") or {}
    return Turn(
        message_id=message_id,
        time=float(event.get("timestamp") or 0),
        text=draft.text,
        pressed=_is_press(event),
        intent=_intent(parsed),
        nearest=_nearest(parsed),
        replies=tuple(draft.replies),
        meanings=draft.meanings,
        actions=tuple(draft.actions),
        question=draft.question,
        asked_next=draft.asked_next,
        learned=draft.learned,
        topic=draft.topic,
        outcome=draft.outcome,
        rating=ratings.get(message_id),
    )


def _is_press(event: Event) -> bool:
    return bool((event.get("metadata") or {}).get("pressed")) or str(event["text"]).startswith("/")


def _topic(value: Any) -> str | None:
    return mask(value) if isinstance(value, str) else None


def _intent(parsed: Mapping[str, Any]) -> str:
    intent = parsed.get("intent") or {}
    return str(intent.get("full_retrieval_intent_name") or intent.get("name") or "")


def _nearest(parsed: Mapping[str, Any]) -> tuple[str, ...]:
    ranked = {str(r["name"]): float(r["confidence"]) for r in parsed.get("intent_ranking") or ()}
    for family, selected in (parsed.get("response_selector") or {}).items():
        if family in ranked and isinstance(selected, Mapping):
            ranked |= {
                str(r["intent_response_key"]): float(r["confidence"])
                for r in selected.get("ranking") or ()
            }
            del ranked[family]
    ranked.pop(FALLBACK, None)
    return tuple(sorted(ranked, key=lambda name: (-ranked[name], name))[:_SUGGESTED])
