"""`review`: what went wrong in conversations, and what to learn from it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.errors import BotError
from bot.project import PROJECT
from bot.settings import Settings, environment

if TYPE_CHECKING:
    from bot.review.conversations import Turn
    from bot.review.findings import Group
    from bot.review.store import ReviewStore
    from bot.review.work import Review

_REF = "a reference from the list: of a group, or of one wording of it"
_MOST_WORDINGS = 6


def add_to(commands: Any) -> None:
    """Adds the command and its parts to the command line."""
    review = commands.add_parser("review", help="see what went wrong in conversations, and learn")
    _add_options(review, default=True)
    review.set_defaults(run=_list)
    parts = review.add_subparsers(metavar="PART", title="parts; without one, all that is open")

    def part(name: str, help_: str, run: Callable[[argparse.Namespace], int]) -> Any:
        parser = parts.add_parser(name, help=help_)
        _add_options(parser, default=False)
        parser.set_defaults(run=run)
        return parser

    part("week", "the figures of the time", _week)
    show = part("show", "one conversation", _show)
    show.add_argument("ref", help="the conversation's reference")
    assign = part("assign", "propose messages as examples of an intent or FAQ topic", _assign)
    assign.add_argument("ref", help=_REF)
    assign.add_argument("intent", help="as in faq/define_bpo; `review topics` lists them")
    out = part("out-of-scope", "propose messages as none of our business", _assign)
    out.add_argument("ref", help=_REF)
    out.set_defaults(intent="out_of_scope")
    for parser in (assign, out):
        parser.add_argument("--as", dest="reworded", metavar="TEXT", help="propose it reworded")
    dismiss = part("dismiss", "set messages aside: they need nothing", _dismiss)
    dismiss.add_argument("ref", help=_REF)
    part("topics", "what messages can be assigned to", _topics)
    part("changes", "the proposed edits so far, as a unified diff", _changes)
    undo = part("undo", "take a decision back; `review changes` shows the references", _undo)
    undo.add_argument("ref", help="the decision's reference")
    apply = part("apply", "show the proposed edits, then write and validate them", _apply)
    apply.add_argument("--yes", action="store_true", help="do not ask")


def _add_options(parser: Any, *, default: bool) -> None:
    # What is given before the part's name must not be overwritten by the part's default.
    absent = argparse.SUPPRESS
    parser.add_argument(
        "--since",
        default="7d" if default else absent,
        metavar="TIME",
        help="how far back: 7d, 12h, 2w, or a date (7d)",
    )
    parser.add_argument(
        "--json", action="store_true", default=False if default else absent, help="as JSON"
    )


def _open() -> ReviewStore:
    settings = Settings.from_environment(environment())
    from bot.logs import prepare_rasa

    prepare_rasa("WARNING")
    from bot.review.store import ReviewStore
    from bot.tracker_store import ConversationStore

    return ReviewStore(ConversationStore(host=settings.database_url))


def _begin(options: argparse.Namespace) -> tuple[ReviewStore, Review]:
    from bot.nlu.embeddings import embed
    from bot.review.work import begin

    store = _open()
    return store, begin(store, options.since, embed)


def _list(options: argparse.Namespace) -> int:
    from bot.review import data
    from bot.review.findings import TITLES

    _, review = _begin(options)
    if options.json:
        for group in review.groups:
            _print_json(data.of_group(group))
        return 0
    names = _titles()
    for kind, count in review.counts().items():
        groups = [group for group in review.groups if group.kind is kind]
        print(f"{TITLES[kind]}: {count}{f' in {len(groups)} groups' if count else ''}")
        for group in groups:
            _print_group(group, names)
    if not review.groups:
        print(f"Nothing to review in the {len(review.conversations)} conversations of that time.")
    return 0


def _print_group(group: Group, names: dict[str, str]) -> None:
    print(f"  {group.ref}  {len(group.items)} ×  {group.title}")
    wordings = group.wordings
    if group.kind.value == "abandoned" or len(wordings) > 1:
        for item, count in wordings[:_MOST_WORDINGS]:
            print(f"    {item.mark[:6]}  {count} ×  {item.turn.text}")
        if more := len(wordings) - _MOST_WORDINGS:
            print(f"            and {more} more") if more > 0 else None
    if perhaps := [f"{i} ({names[i]})" for i in group.suggested if i in names]:
        print(f"    perhaps {', '.join(perhaps)}")
    seen = list(dict.fromkeys(item.conversation.ref[:6] for item in group.items))[:3]
    print(f"    in conversation {', '.join(seen)}")


def _week(options: argparse.Namespace) -> int:
    from bot.review.data import of_figures
    from bot.review.labels import outcomes, processes

    _, review = _begin(options)
    found = review.figures()
    if options.json:
        _print_json(of_figures(found))
        return 0
    print(f"Conversations  {found.conversations} with {found.messages} typed messages")
    print(f"Understood     {found.understood}")
    print(f"Finished       {found.finished}")
    print(f"Satisfied      {found.satisfied}")
    advised, asked = outcomes(found.outcomes), processes(found.processes)
    for title, counts in (("Advised", advised), ("Asked about", asked)):
        print(f"{title:14} {', '.join(f'{n} {c}' for n, c in counts) or 'nothing yet'}")
    for day in found.days:
        print(f"  {day.date}  {day.conversations:>5}  understood {day.understood}")
    return 0


def _show(options: argparse.Namespace) -> int:
    from bot.review.data import of_conversation

    _, review = _begin(options)
    found = review.conversation(options.ref)
    if options.json:
        _print_json(of_conversation(found))
        return 0
    for turn in found.turns:
        _print_turn(turn)
    return 0


def _print_turn(turn: Turn) -> None:
    from bot.review.data import time_of

    rating = {"up": " (rated up)", "down": " (rated down)"}.get(turn.rating or "", "")
    print(f"{time_of(turn.time)}  {turn.intent}{rating}")
    print(f"  > {'[' + turn.text + ']' if turn.pressed else turn.text}")
    for reply in turn.replies:
        print("    " + reply.replace("\n", "\n    "))
    if turn.meanings:
        print(f"    [{'] ['.join(turn.meanings)}]")


def _assign(options: argparse.Namespace) -> int:
    from bot.review.work import assign

    store, review = _begin(options)
    items = review.items(options.ref)
    for decision in assign(store, items, options.intent, PROJECT, options.reworded):
        print(f"Proposed for {options.intent}: {decision.text}")
    print("`python -m bot review apply` shows the edit and writes it.", file=sys.stderr)
    return 0


def _dismiss(options: argparse.Namespace) -> int:
    from bot.review.work import set_aside

    store, review = _begin(options)
    decided = set_aside(store, review.items(options.ref))
    print(f"Set aside: {', '.join(decision.text for decision in decided)}")
    return 0


def _topics(options: argparse.Namespace) -> int:
    names = _titles()
    if options.json:
        _print_json(names)
        return 0
    for intent, title in names.items():
        print(f"{intent:35} {title}")
    return 0


def _changes(options: argparse.Namespace) -> int:
    from bot.review.work import proposal

    store = _open()
    open_ = [d for d in store.decisions() if d.intent and not d.is_applied]
    found = proposal(store, PROJECT)
    if options.json:
        rows = [{"ref": d.mark, "text": d.text, "intent": d.intent} for d in open_]
        _print_json({"proposed": rows, "left_out": dict(found.left_out), "diff": found.diff()})
        return 0
    for decision in open_:
        reason = found.left_out.get(decision.mark)
        print(f"# {decision.mark[:6]}  {decision.intent}: {decision.text}", file=sys.stderr)
        if reason:
            print(f"#         left out: {reason}", file=sys.stderr)
    print(found.diff(), end="")
    return 0


def _undo(options: argparse.Namespace) -> int:
    store = _open()
    marks = [d for d in store.decisions() if d.mark.startswith(options.ref)]
    if len(marks) != 1:
        what = "fits more than one decision" if marks else "is no decision"
        raise BotError(f"“{options.ref}” {what}", "`review changes` shows the references")
    store.take_back([marks[0].mark])
    print(f"Taken back: {marks[0].text}")
    return 0


def _apply(options: argparse.Namespace) -> int:
    from bot.cli.validating import faults
    from bot.review.work import proposal

    store = _open()
    found = proposal(store, PROJECT)
    for reason in found.left_out.values():
        print(f"Left out: {reason}", file=sys.stderr)
    if not found.edits:
        store.set_applied(found.marks)
        print("There is nothing to write.")
        return 0
    print(found.diff(), end="")
    if not options.yes and not _confirmed():
        print("Nothing was written.")
        return 0
    found.write(PROJECT, faults)
    store.set_applied(found.marks)
    print(f"Written: {', '.join(edit.file for edit in found.edits)}. The content is sound.")
    print("Next: `make train`, then try the sentences with `python -m bot try`.")
    return 0


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise BotError("this writes files", "say --yes where nobody can be asked")
    return input("Write this? [y/N] ").strip().lower() in ("y", "yes")


def _titles() -> dict[str, str]:
    from bot.review.edits import titles

    return titles(PROJECT)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False), flush=True)
