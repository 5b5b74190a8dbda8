"""The commands, their arguments and their exit codes.

Exit codes: 0 done, 1 it could not be done (the reason is on standard error), 2 wrong usage.
Imports of what is slow to load stand in the commands, so that the quick ones stay quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.cli import keeping, reviewing
from bot.cli.new_flags import NEW_FLAGS, NEW_LEVELS
from bot.errors import BotError, InvalidContent
from bot.project import PROJECT
from bot.settings import SETTINGS

_LAST_PORT = 65_535
SAVED = PROJECT / ".rasa" / "saved.json"
"""Where `diff` keeps what it saves."""
CRITERIA = ("standardization", "expertise", "sensitivity", "authority", "core", "goal")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except InvalidContent as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        return 1
    except BotError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, BrokenPipeError):
        # Whoever reads our output may stop early; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Sourcing Advisor: should we outsource it, to BPO or KPO?",
        epilog="Settings come from the environment or .env: "
        + ", ".join(setting.name for setting in SETTINGS)
        + ". What each does stands in docs/settings.md.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serving(commands)
    _add_talking(commands)
    _add_content(commands)
    _add_graph(commands)
    reviewing.add_to(commands)
    keeping.add_to(commands)
    return parser


Commands = argparse._SubParsersAction  # no public name for what add_subparsers returns


def _add_serving(commands: Commands[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser("serve", help="serve the web channel and Slack, actions included")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=_port, default=5005, help="port to listen on (5005)")
    serve.add_argument("--model", type=Path, help="model to serve (the newest in models/)")
    serve.add_argument(
        "--watch", action="store_true", help="take up content that changes, once it is trained"
    )
    serve.set_defaults(run=_serve)

    train = commands.add_parser("train", help="train a model")
    train.add_argument(
        "--if-changed", action="store_true", help="only where its sources changed since the last"
    )
    train.set_defaults(run=_train)

    slack = commands.add_parser("slack", help="set Slack up")
    parts = slack.add_subparsers(dest="part", required=True, metavar="PART")
    manifest = parts.add_parser("manifest", help="print the manifest of the Slack app")
    manifest.add_argument(
        "--url", help="address by which Slack reaches this server; Socket Mode when left out"
    )
    manifest.set_defaults(run=_slack_manifest)
    preview = parts.add_parser("preview", help="say things and print the last answer as Block Kit")
    preview.add_argument("message", nargs="*", help="messages; standard input when none is given")
    preview.set_defaults(run=_slack_preview)


def _add_talking(commands: Commands[argparse.ArgumentParser]) -> None:
    chat = commands.add_parser("chat", help="chat in the terminal")
    chat.set_defaults(run=_chat)

    ask = commands.add_parser("ask", help="say one thing, or one a line, in one conversation")
    ask.add_argument("message", nargs="*", help="messages; standard input when none is given")
    ask.add_argument("--json", action="store_true", help="one JSON object a message")
    ask.set_defaults(run=_ask)

    try_ = commands.add_parser("try", help="show how sentences are understood")
    try_.add_argument("sentence", nargs="*", help="sentences; standard input when none is given")
    try_.add_argument("--json", action="store_true", help="one JSON object a sentence")
    try_.add_argument("--why", action="store_true", help="also what decided")
    try_.add_argument("--model", type=Path, help="model to use (the newest in models/)")
    try_.set_defaults(run=_try)


def _add_content(commands: Commands[argparse.ArgumentParser]) -> None:
    advise = commands.add_parser("advise", help="recommend on a process from the given answers")
    advise.add_argument("--process", required=True, help="what is to be outsourced, in any words")
    for criterion in CRITERIA:
        advise.add_argument(f"--{criterion}", metavar="LEVEL", help="a level, or unsure")
    form = advise.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--brief", action="store_true", help="as a brief in Markdown")
    advise.set_defaults(run=_advise)

    _add_new(commands)
    _add_diff(commands)

    validate = commands.add_parser("validate", help="check all content, in seconds")
    forms = validate.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="one JSON object a fault")
    forms.add_argument("--github", action="store_true", help="as GitHub shows them on lines")
    validate.add_argument("--strict", action="store_true", help="count notes as faults")
    validate.set_defaults(run=_validate)


def _add_new(commands: Commands[argparse.ArgumentParser]) -> None:
    new = commands.add_parser(
        "new",
        help="write new content in the right place, validate and try it",
        description="Asks for what the flags leave out, when run in a terminal.",
    )
    kinds = new.add_subparsers(dest="kind", required=True, metavar="faq|process|use-case|story")
    for kind, flags in NEW_FLAGS.items():
        parser = kinds.add_parser(kind)
        for flag, help_ in flags.items():
            action = "append" if flag.endswith("*") else "store"
            parser.add_argument(f"--{flag.rstrip('*')}", help=help_, action=action)
        for criterion in CRITERIA[: NEW_LEVELS[kind]]:
            parser.add_argument(f"--{criterion}", metavar="LEVEL", help="the usual level")
        parser.add_argument("--train", action="store_true", help="train at once")
        parser.set_defaults(run=_new)


def _add_diff(commands: Commands[argparse.ArgumentParser]) -> None:
    diff = commands.add_parser(
        "diff",
        help="show what is answered differently than before",
        description="Compares over all test sentences, advice and dialogues, with what was saved "
        "last, or with the last commit where nothing was.",
    )
    what = diff.add_mutually_exclusive_group()
    what.add_argument("--against", metavar="STATE", help="a commit, branch, tag or saved file")
    what.add_argument(
        "--save",
        metavar="FILE",
        nargs="?",
        const=SAVED,
        type=Path,
        help="save what is answered now",
    )
    form = diff.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--markdown", action="store_true", help="as a table in Markdown")
    diff.add_argument(
        "--quick", action="store_true", help="leave out dialogues, which need training"
    )
    diff.add_argument("--strict", action="store_true", help="fail when anything is worse")
    diff.add_argument(
        "--tests", metavar="FOLDER", type=Path, default=PROJECT, help=argparse.SUPPRESS
    )
    diff.set_defaults(run=_diff)


def _diff(options: argparse.Namespace) -> int:
    from bot.cli import comparing

    if options.save:
        return comparing.save(options.save, options.tests, options.quick)
    form = "json" if options.json else "markdown" if options.markdown else "text"
    return comparing.diff(options.against, form, options.strict, options.quick)


def _new(options: argparse.Namespace) -> int:
    from bot.cli.adding import new

    given = {name.replace("_", "-"): value for name, value in vars(options).items()}
    return new(options.kind, given, options.train)


def _add_graph(commands: Commands[argparse.ArgumentParser]) -> None:
    graph = commands.add_parser("graph", help="draw the conversation and the decision")
    graph.add_argument(
        "--folder", type=Path, default=Path("docs/flow"), help="where to (docs/flow)"
    )
    graph.add_argument("--check", action="store_true", help="only say whether they are up to date")
    graph.set_defaults(run=_graph)


def _serve(options: argparse.Namespace) -> int:
    from bot.server import serve
    from bot.settings import Settings, environment

    settings = Settings.from_environment(environment())
    serve(settings, options.host, options.port, options.model, is_watching=options.watch)
    return 0


def _train(options: argparse.Namespace) -> int:
    from bot.cli import training

    return training.train_if_changed() if options.if_changed else training.train()


def _slack_manifest(options: argparse.Namespace) -> int:
    from bot.cli.slack import print_manifest

    return print_manifest(options.url)


def _slack_preview(options: argparse.Namespace) -> int:
    from bot.cli.slack import preview

    return preview(options.message or _lines())


def _chat(_: argparse.Namespace) -> int:
    from bot.cli.talking import chat

    return chat()


def _ask(options: argparse.Namespace) -> int:
    from bot.cli.talking import ask, ask_as_json

    say = ask_as_json if options.json else ask
    return say(options.message or _lines())


def _try(options: argparse.Namespace) -> int:
    from bot.cli.understanding import show, show_as_json

    show_all = show_as_json if options.json else show
    return show_all(options.sentence or _lines(), options.model, options.why)


def _advise(options: argparse.Namespace) -> int:
    from bot.cli import advising

    answers = {c: v for c in CRITERIA if (v := getattr(options, c)) is not None}
    form = advising.as_json if options.json else advising.as_text
    if options.brief:
        form = advising.as_brief
    return form(options.process, answers)


def _validate(options: argparse.Namespace) -> int:
    from bot.cli.validating import report

    form = "json" if options.json else "github" if options.github else "text"
    return report(form, options.strict)


def _graph(options: argparse.Namespace) -> int:
    from bot.cli import graphing

    return (graphing.check if options.check else graphing.draw)(options.folder)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"“{text}” is no port; use 0 to {_LAST_PORT}")
    return int(text)


def _lines() -> list[str]:
    return [line.rstrip("\n") for line in sys.stdin if line.strip()]
