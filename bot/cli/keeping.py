"""`forget`, `export`, `retain` and `backup`: what is kept of people, and keeping it."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BotError
from bot.settings import Settings, environment

if TYPE_CHECKING:
    from bot.tracker_store import ConversationStore

_WHOSE = (
    "a conversation's id as in the database, a web visitor's token, "
    "or a person in Slack as WORKSPACE-PERSON"
)


def add_to(commands: Any) -> None:
    """Adds the commands to the command line."""
    forget = commands.add_parser("forget", help="delete a conversation, or a person's, for good")
    forget.add_argument("id", help=_WHOSE)
    forget.set_defaults(run=_forget)

    export = commands.add_parser("export", help="show all that is kept of a person, as JSON")
    export.add_argument("id", help=_WHOSE)
    export.add_argument("--to", type=Path, metavar="FILE", help="write it there, for you to read")
    export.set_defaults(run=_export)

    retain = commands.add_parser("retain", help="delete or anonymise old conversations now")
    retain.add_argument("--dry-run", action="store_true", help="only say how many there are")
    retain.set_defaults(run=_retain)

    backup = commands.add_parser("backup", help="copy a SQLite database while it is in use")
    backup.add_argument("folder", type=Path, help="a new folder to copy to")
    backup.set_defaults(run=_backup)


def _forget(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(environment())
    store, name = _open(settings), _name(settings, options.id)
    from bot import holdings
    from bot.conversations import Conversations

    async def forget() -> dict[str, int]:
        found = await store.run(lambda connection: holdings.conversations_of(connection, name))
        await store.run(lambda connection: holdings.delete_waiting(connection, name))
        return {one: await Conversations(store).forget(one) for one in found}

    deleted = asyncio.run(forget())
    if not deleted:
        raise _unknown(options.id)
    for conversation, events in deleted.items():
        print(f"Forgotten: {conversation} ({events} events)")
    return 0


def _export(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(environment())
    store, name = _open(settings), _name(settings, options.id)
    from bot import holdings
    from bot.channels.transcript import history

    def read(connection: Any) -> dict[str, Any]:
        ids = holdings.conversations_of(connection, name)
        kept = {one: holdings.everything(connection, one) for one in ids}
        return {"conversations": kept, "waiting": holdings.waiting(connection, name)}

    found = asyncio.run(store.run(read))
    if not (found["conversations"] or found["waiting"]):
        raise _unknown(options.id)
    conversations = [
        {"id": one, "transcript": history(row["data"] for row in rows["events"]), "kept": rows}
        for one, rows in found["conversations"].items()
    ]
    now = datetime.now(tz=timezone.utc).isoformat(timespec="seconds")
    whole = {"exported": now, "conversations": conversations, "waiting": found["waiting"]}
    _write(json.dumps(whole, ensure_ascii=False, indent=2), options.to)
    return 0


def _retain(options: argparse.Namespace) -> int:
    settings = Settings.from_environment(environment())
    if not settings.retention_days:
        raise BotError("RETENTION_DAYS is 0, so all is kept", "set it to a number of days")
    store = _open(settings)
    from bot.retention import Retention

    retention = Retention(store, settings.retention_days, settings.retention_action)
    count = asyncio.run(retention.due() if options.dry_run else retention.tidy())
    done = "would be" if options.dry_run else "are"
    print(
        f"Conversations without a message for {settings.retention_days} days or more that "
        f"{done} retired ({settings.retention_action}): {count}"
    )
    return 0


def _backup(options: argparse.Namespace) -> int:
    from bot.backup import backup

    settings = Settings.from_environment(environment())
    for file in backup(settings, options.folder):
        print(file)
    return 0


def _open(settings: Settings) -> ConversationStore:
    from bot.logs import prepare_rasa

    prepare_rasa("WARNING")
    from bot.tracker_store import ConversationStore

    return ConversationStore(host=settings.database_url)


def _name(settings: Settings, told: str) -> str:
    """Give the conversation that a token names, or else what was told."""
    if told.count(".") != 2:
        return told
    from bot.channels.web.tokens import TokenError, Tokens

    try:
        return Tokens(settings.signing_secret(), settings.web_token_ttl).of_any_age(told)
    except TokenError as error:
        raise BotError("this is no token of this server's", "check WEB_SECRET") from error


def _unknown(told: str) -> BotError:
    return BotError(f"nothing is kept of “{told}”", "check the id")


def _write(text: str, file: Path | None) -> None:
    if file is None:
        sys.stdout.write(f"{text}\n")
        return
    try:
        file.touch(mode=0o600)
        file.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise BotError(f"cannot write {file}: {error.strerror}", "choose another file") from error
    print(file)
