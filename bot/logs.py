"""The log: what is logged, and how a line looks.

Each line of a turn carries the turn's reference, a hash of its conversation and the id of the
request. Nothing that people said is in it, unless `LOG_LEVEL` is DEBUG.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

from bot.engine.later import TENSORFLOW_USER, load_later
from bot.errors import without_words

Line = MutableMapping[str, Any]

FIELDS = ("reference", "conversation", "request", "channel", "outcome", "milliseconds")
"""What a line may carry beside its words, in the order in which it is shown."""
# Their INFO is for those who develop them, and tells what people say.
_OWN_LOGGERS = ("bot", "actions")
_SHOWN = ("event", "level", "logger", "timestamp", "_record", "_from_structlog")
_HASH_LENGTH = 12


def prepare_rasa(log_level: str, log_format: str = "text", secret: str = "") -> None:
    """Quietens Rasa and what it stands on; to be called before Rasa is imported.

    Args:
        log_level: How much of our own is logged. Only DEBUG also shows what Rasa logs, which
            includes what people say.
        log_format: "text" for people, or "json" for programs: an object a line.
        secret: Key of the hashes by which conversations are named.

    """
    for name, value in (
        ("RASA_TELEMETRY_ENABLED", "false"),
        ("TF_CPP_MIN_LOG_LEVEL", "3"),
        ("SQLALCHEMY_SILENCE_UBER_WARNING", "1"),
    ):
        os.environ.setdefault(name, value)
    load_later(TENSORFLOW_USER)
    level = logging.getLevelName(log_level)
    others = level if level == logging.DEBUG else max(level, logging.WARNING)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(log_format, secret, is_discreet=level != logging.DEBUG))
    logging.basicConfig(level=others, handlers=[handler])
    for name in _OWN_LOGGERS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    if level != logging.DEBUG:
        logging.getLogger("py.warnings").setLevel(logging.ERROR)
    # Unless told otherwise structlog prints everything, and with it what people say.
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(others),
        cache_logger_on_first_use=True,
    )


def formatter(log_format: str, secret: str, *, is_discreet: bool = True) -> logging.Formatter:
    """Gives what makes a line of each record, be it logged by the standard library or structlog.

    Args:
        log_format: "text" or "json".
        secret: Key of the hashes by which conversations are named.
        is_discreet: Whether words that may be a person's are left out.

    """
    discreet = [_leave_out_words] if is_discreet else [structlog.processors.format_exc_info]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(allow=FIELDS),
        ],
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *discreet,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _name_conversation(secret),
            _as_text if log_format == "text" else _as_json,
        ],
    )


def _leave_out_words(_: Any, __: str, line: Line) -> Line:
    """Shows where an error was and not its words; of what others log, the first line."""
    record = line["_record"]
    error = _error_of(line.pop("exc_info", None))
    event = "An error" if record.msg is error and error else str(line["event"])
    if not record.name.startswith(_OWN_LOGGERS):
        event = event.partition("\n")[0]
        line = {name: line[name] for name in line if name in (*_SHOWN, *FIELDS)}
    line["event"] = f"{event}: {without_words(error)}" if error else event
    return line


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    found: Any = exc_info if isinstance(exc_info, tuple) else sys.exc_info() if exc_info else None
    return found[1] if found else None


def _name_conversation(secret: str) -> Callable[[Any, str, Line], Line]:
    """Gives what puts a hash in the place of a conversation's id, also where others tell the id."""

    def processor(_: Any, __: str, line: Line) -> Line:
        conversation = line.get("conversation")
        if conversation:
            line["conversation"] = name = hashed(conversation, secret)
            line["event"] = str(line["event"]).replace(conversation, name)
        return line

    return processor


def hashed(conversation: str, secret: str) -> str:
    """Gives the name of a conversation in the log: it tells nothing of the person.

    Args:
        conversation: The conversation's id.
        secret: Without it nobody can tell whether a name belongs to an id.

    """
    digest = hmac.new(b"log:" + secret.encode(), conversation.encode(), hashlib.sha256)
    return digest.hexdigest()[:_HASH_LENGTH]


def _as_text(_: Any, __: str, line: Line) -> str:
    fields = "".join(f" {name}={line[name]}" for name in FIELDS if line.get(name) is not None)
    others = "".join(
        f" {name}={value!r}"
        for name, value in line.items()
        if name not in (*FIELDS, "timestamp", "level", "logger", "event")
    )
    level = str(line["level"]).upper()
    return f"{line['timestamp']} {level} {line['logger']}: {line['event']}{fields}{others}"


def _as_json(logger: Any, name: str, line: Line) -> str:
    ordered = {
        "time": line.pop("timestamp"),
        "level": line.pop("level"),
        "logger": line.pop("logger"),
        "message": line.pop("event"),
        **line,
    }
    rendered = structlog.processors.JSONRenderer(ensure_ascii=False)(logger, name, ordered)
    return rendered if isinstance(rendered, str) else rendered.decode()
