"""What leads to what in a conversation, read from the domain, the rules and the stories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from bot.advice.model import Advice
from bot.conversation.topics import FAQ, FOLDERS, Topic, load
from bot.yaml_source import read

_STORIES = Path("data/stories")
_FALLBACK = "nlu_fallback"
_RESTART = "restart"
_RESTARTING = {
    "steps": [{"intent": _RESTART}, {"action": "action_restart"}, {"action": "utter_restart"}]
}


class Effect(str, Enum):
    """What a rule does to the questions."""

    BEGINS = "begins"
    RECOMMENDS = "recommends"
    STEERS = "steers"
    ASKS_BACK = "asks back"
    ACTS = "acts"
    REPLIES = "replies"


@dataclass(frozen=True)
class Said:
    """What people say: an intent, its title and an example."""

    intent: str
    title: str
    example: str


@dataclass(frozen=True)
class Done:
    """What the assistant does: an action or a reply, and what it is, in words."""

    action: str
    text: str


@dataclass(frozen=True)
class Way:
    """A rule or a story: what is said and what follows, in order."""

    name: str
    effect: Effect
    said: tuple[Said, ...]
    done: tuple[Done, ...]
    ends_questions: bool = False


@dataclass(frozen=True)
class Question:
    """Something that the form asks for."""

    slot: str
    name: str
    text: str
    always: bool


@dataclass(frozen=True)
class Flow:
    """The whole conversation."""

    form: str
    questions: tuple[Question, ...]
    rules: tuple[Way, ...]
    stories: tuple[Way, ...]
    threshold: str
    """How sure an intent must be to count as understood."""

    def of(self, effect: Effect) -> tuple[Way, ...]:
        """Gives the rules of this effect."""
        return tuple(way for way in self.rules if way.effect is effect)


def flow(project: Path, advice: Advice) -> Flow:
    """Reads the conversation of a project.

    Args:
        project: The project's folder.
        advice: Its advice, for the questions.

    """
    domain = read(project / "domain.yml", "domain.yml").data
    topics = load(project)
    form, slots = next(iter(domain["forms"].items()))
    meaning = _Meaning(form, topics, _described(domain))
    rules: list[Way] = []
    stories: list[Way] = []
    for file in sorted((project / _STORIES).glob("*.yml")):
        data = read(file, file.name).data
        rules += [meaning.way(rule["rule"], rule) for rule in data.get("rules", [])]
        stories += [meaning.way(story["story"], story) for story in data.get("stories", [])]
    if not any(said.intent == _RESTART for way in rules for said in way.said):
        rules.append(meaning.way("Start over", _RESTARTING))  # Rasa's own rule
    questions = tuple(_question(slot, advice) for slot in slots["required_slots"])
    return Flow(form, questions, tuple(rules), tuple(stories), _threshold(project))


def _question(slot: str, advice: Advice) -> Question:
    criterion = advice.criteria.get(slot)
    if criterion is None:
        return Question(slot, slot.capitalize(), "Which process is it about?", True)
    text = criterion.question.format(process="it")
    return Question(slot, criterion.name, text, criterion.always_asked)


def _threshold(project: Path) -> str:
    config = read(project / "config.yml", "config.yml").data
    found = [c["threshold"] for c in config["pipeline"] if "threshold" in c]
    return str(found[0]) if found else "unset"


@dataclass(frozen=True)
class _Meaning:
    """Puts the steps of rules and stories into words."""

    form: str
    topics: Mapping[str, Topic]
    described: Mapping[str, str]

    def way(self, name: str, entry: Mapping[str, Any]) -> Way:
        """Gives a rule or story as a way."""
        steps = entry["steps"]
        said = tuple(self._said(intent) for intent in _intents(steps))
        names = [step["action"] for step in steps if "action" in step]
        done = tuple(Done(n, self.described.get(n, "")) for n in names if n != self.form)
        loops = [step["active_loop"] for step in steps if "active_loop" in step]
        ends = bool(loops) and loops[-1] != self.form
        return Way(name, self._effect(said, done, names, loops), said, done, ends)

    def _effect(
        self, said: tuple[Said, ...], done: tuple[Done, ...], names: list[str], loops: list[str]
    ) -> Effect:
        if not said:
            return Effect.RECOMMENDS
        if any(s.intent == _FALLBACK for s in said):
            return Effect.ASKS_BACK
        if not done and self.form in names:
            return Effect.BEGINS
        if loops:
            return Effect.STEERS
        is_fixed = all(d.action.startswith("utter_") or d.action == "action_restart" for d in done)
        return Effect.REPLIES if is_fixed else Effect.ACTS

    def _said(self, intent: str) -> Said:
        if intent == FAQ.rstrip("/"):
            return Said(intent, "Any question with an answer", f"{FOLDERS[0]}/: each faq/… topic")
        if intent == _FALLBACK:
            return Said(intent, "Anything that is not understood", "")
        topic = self.topics.get(intent)
        if topic is None or not topic.examples:
            return Said(intent, intent.replace("_", " ").capitalize(), "")
        plain = [_plain(example) for example in topic.examples]
        telling = (e for e in plain if e.endswith("?") and "outsourc" in e.lower())
        return Said(intent, topic.title, next(telling, plain[0]))


def _intents(steps: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for step in steps:
        for one in step.get("or", [step]):
            if "intent" in one:
                yield str(one["intent"])


def _plain(example: str) -> str:
    """Gives an example without its annotations."""
    text, inside = "", example
    while "[" in inside:
        before, _, rest = inside.partition("[")
        marked, _, rest = rest.partition("]")
        text += before + marked
        inside = rest[rest.find("})"[rest.startswith("(")]) + 1 :] if rest[:1] in "({" else rest
    return text + inside


def _described(domain: Mapping[str, Any]) -> dict[str, str]:
    """Gives what each action does, in the words of its own code, and what each reply says."""
    import actions
    from actions.base import SafeAction

    for module in iter_modules(actions.__path__, "actions."):
        import_module(module.name)
    responses = domain.get("responses", {})
    found = {name: f"“{said[0].get('text', '')}”" for name, said in responses.items()}
    found["utter_faq"] = "Says the topic's answer."
    found["action_restart"] = "Forgets all that was said."
    pending: list[type] = [SafeAction]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if name := getattr(kind, "action_name", ""):
            found[name] = (kind.__doc__ or "").strip().partition("\n")[0]
    return found
