"""Measures a turn: this service beside the same content on Rasa's starter set-up.

Run it with `python -m benchmarks.turns`; it writes docs/benchmarks/turns.md. Both are talked to
alternately, a conversation each, so that whatever else the machine does slows both alike.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from benchmarks.servers import KEPT, BenchmarkError, Server, starter, starter_model, this_service
from bot.project import PROJECT

MESSAGES = (
    "should we outsource payroll?",
    "mostly rules, a few exceptions",
    "what is BPO?",
    "a trained clerk",
    "names and addresses",
    "they do as we say",
    "no",
    "actually it's highly confidential",
)
DOCUMENT = PROJECT / "docs" / "benchmarks" / "turns.md"

_FEWEST = 12
_AGED = (
    "The starter set-up was trained on an earlier state of the content than this service; "
    "`python -m benchmarks.turns --retrain` trains it anew.\n\n"
)
_START_SECONDS = 300
_POLL_SECONDS = 0.02
# The servers close an idle connection after five seconds; it must not happen under a message.
_KEEP_ALIVE_SECONDS = 3


@dataclass(frozen=True)
class Turn:
    """One message and its answer.

    Args:
        seconds: From sending the message to the last byte of the answer.
        replies: The texts of the answer.
        is_answered: Whether something was replied, and nothing went wrong.

    """

    seconds: float
    replies: tuple[str, ...]
    is_answered: bool


Conversation = tuple[Turn, ...]


@dataclass
class Measured:
    """What was measured on one side.

    Args:
        ready: Seconds from each start to /health/ready; empty where there is none.
        answered: Seconds from each start to the end of the first answered turn.
        conversations: The turns, by conversation.
        resident: Bytes of memory after the last turn, by process.

    """

    ready: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    resident: dict[str, int] = field(default_factory=dict)

    def seconds(self) -> list[float]:
        """Gives the seconds of all turns."""
        return [turn.seconds for turns in self.conversations for turn in turns]

    def median(self, place: int) -> float:
        """Gives the median of the turns that stand at this place in their conversations."""
        return statistics.median(turns[place].seconds for turns in self.conversations)


@dataclass(frozen=True)
class Result:
    """What was measured, and under what circumstances.

    Args:
        this: This service.
        starter: The starter set-up.
        loads: How many processes wanted to run before the measurement and at its end, on average
            in a minute.
        is_current: Whether the starter set-up's model was made from the content as it is now.

    """

    this: Measured
    starter: Measured
    loads: tuple[float, float]
    is_current: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a table and writes the document; gives the exit code."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)  # so that what has been started is ended
    try:
        result = measure(options)
    except (BenchmarkError, httpx.HTTPError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(table(result))
    if options.conversations < _FEWEST:
        print(f"{DOCUMENT.name} is left as it is: {_FEWEST} conversations at least are needed.")
        return 0
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(document(result), encoding="utf-8")
    print(f"Written: {DOCUMENT.relative_to(PROJECT)}")
    return 0


def measure(options: argparse.Namespace) -> Result:
    """Starts both sides and talks to them alternately.

    Args:
        options: What was asked for on the command line.

    """
    load = os.getloadavg()[0]
    if options.retrain or not any(KEPT.glob("starter-*.tar.gz")):
        _progress("training the starter set-up, which takes minutes")
        load = math.nan  # its own work by now
    model, is_current = starter_model(options.retrain, options.train_minutes * 60)
    if not is_current:
        _progress("the content has changed since the starter set-up was trained: see --retrain")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="run-", dir=KEPT)))
        client = stack.enter_context(_client())
        sides = [
            (this_service(folder), Measured()),
            (starter(folder, model), Measured()),
        ]
        for server, _ in sides:
            stack.callback(server.stop)
        try:
            for number in range(options.starts):
                for server, measured in sides:
                    server.stop()
                    _measure_start(server, client, measured)
                    if number < options.starts - 1:
                        server.stop()
            _measure_turns(sides, client, options.warmup, options.conversations)
        except (BenchmarkError, httpx.HTTPError) as error:
            logs = "\n".join(server.log() for server, _ in sides)
            raise BenchmarkError(f"{logs}\n{type(error).__name__}: {error}") from error
    (_, this), (_, other) = sides
    return Result(this, other, (load, os.getloadavg()[0]), is_current)


def _measure_start(server: Server, client: httpx.Client, measured: Measured) -> None:
    started = server.start()
    if server.has_health:
        _until(server, started, lambda: client.get(f"{server.url}/health/ready").is_success)
        measured.ready.append(time.perf_counter() - started)
    _until(server, started, lambda: _say(server, client, _session(server, client)).is_answered)
    measured.answered.append(time.perf_counter() - started)
    _progress(f"{server.name}: first turn {measured.answered[-1]:.1f} s after its start")


def _until(server: Server, started: float, is_so: Callable[[], bool]) -> None:
    while True:
        try:
            if is_so():
                return
        except httpx.HTTPError:
            pass  # it does not listen yet, or is not ready
        server.check()
        if time.perf_counter() - started > _START_SECONDS:
            raise BenchmarkError(f"{server.name} gave no answer in {_START_SECONDS} s")
        time.sleep(_POLL_SECONDS)


def _measure_turns(
    sides: Sequence[tuple[Server, Measured]], client: httpx.Client, warmup: int, count: int
) -> None:
    for number in range(-warmup, count):
        for server, measured in sides:
            turns = _converse(server, client)
            if number >= 0:
                measured.conversations.append(turns)
        if number < 0:
            _progress(f"warm-up {number + warmup + 1} of {warmup}")
        elif (number + 1) % 5 == 0 or number + 1 == count:
            medians = [statistics.median(measured.seconds()) for _, measured in sides]
            _progress(
                f"conversation {number + 1} of {count}: median "
                + " beside ".join(f"{1000 * median:.1f} ms" for median in medians)
            )
    for server, measured in sides:
        measured.resident = {child.name: child.resident() for child in server.children}


def _converse(server: Server, client: httpx.Client) -> Conversation:
    token = _session(server, client)
    turns = tuple(_say(server, client, token, message) for message in MESSAGES)
    for message, turn in zip(MESSAGES, turns, strict=True):
        if not turn.is_answered:
            raise BenchmarkError(f"{server.name} did not answer “{message}”: {turn.replies}")
    return turns


def _client() -> httpx.Client:
    limits = httpx.Limits(keepalive_expiry=_KEEP_ALIVE_SECONDS)
    return httpx.Client(timeout=60, limits=limits, trust_env=False)


def _session(server: Server, client: httpx.Client) -> str:
    answer = client.post(f"{server.url}/webhooks/web/session").raise_for_status()
    return str(answer.json()["token"])


def _say(server: Server, client: httpx.Client, token: str, message: str = MESSAGES[0]) -> Turn:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"id": str(uuid.uuid4()), "text": message}
    started = time.perf_counter()
    answer = client.post(f"{server.url}/webhooks/web/messages", json=body, headers=headers)
    seconds = time.perf_counter() - started
    lines = [json.loads(line) for line in answer.raise_for_status().text.splitlines()]
    end: dict[str, Any] = lines[-1] if lines else {}
    replies = tuple(line["text"] for line in lines if "text" in line)
    is_answered = bool(replies) and bool(end.get("done")) and "error" not in end
    return Turn(seconds, replies, is_answered)


def p99(values: Sequence[float]) -> float:
    """Gives the least of the values that 99 in 100 do not exceed."""
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


def table(result: Result) -> str:
    """Gives the figures as a table in Markdown, ratios first."""
    this, other = result.this, result.starter
    rows = [
        _row("Turn, median", _median(this), _median(other), _milliseconds),
        _row("Turn, p99", p99(this.seconds()), p99(other.seconds()), _milliseconds),
    ]
    start = statistics.median(this.answered), statistics.median(other.answered)
    rows.append(_row("Start to the first answered turn", *start, _seconds))
    if this.ready:
        ready = _seconds(statistics.median(this.ready))
        rows.append(f"| Start to `/health/ready` | | {ready} | has none |")
    memory = sum(this.resident.values()), sum(other.resident.values())
    rows.append(_row("Resident memory", *memory, _megabytes))
    return _table(("", "Ratio", "This service", "Starter set-up"), rows)


def turns_table(result: Result) -> str:
    """Gives the medians of each turn as a table in Markdown."""
    rows = []
    for place, message in enumerate(MESSAGES):
        medians = result.this.median(place), result.starter.median(place)
        same = "yes" if _is_same(result, place) else "no"
        rows.append(f"{_row(f'“{message}”', *medians, _milliseconds)} {same} |")
    return _table(("Median by turn", "Ratio", "This service", "Starter set-up", "Same reply"), rows)


def document(result: Result) -> str:
    """Gives the whole document in Markdown."""
    count = len(result.this.conversations)
    low, high = _middle_half(result)
    same = sum(_is_same(result, place) for place in range(len(MESSAGES)))
    processes = ", ".join(
        f"`{name}` {_megabytes(size)}" for name, size in result.starter.resident.items()
    )
    return f"""\
# Benchmark: a turn

How long a turn takes through the web channel: this service beside the same content on Rasa's \
starter set-up, in one run on one machine. A ratio says how many times as much the starter set-up \
takes.

{table(result)}

{"" if result.is_current else _AGED}Pair by pair of conversations, the ratio of the medians lies \
between {low:.1f} and {high:.1f} in the middle half.

    make benchmark-turns

{_circumstances(result)}

## What was measured

- **Turn**: from sending `POST /webhooks/web/messages` to the last byte of the answer, by one user \
over one kept-alive connection to each. {count} conversations of {len(MESSAGES)} turns each \
({count * len(MESSAGES)} turns), every one fresh, after a warm-up. The two are talked to \
alternately, a conversation each, so that noise hits both alike. The client's own time is included.
- **Start**: from starting the processes to the end of the first turn that is answered; the median \
of {_starts(result)} each, taken alternately. The file cache is warm but for the first.
- **Memory**: resident, after the last turn. Starter set-up: {processes}; what the two share is \
counted twice.

## What is compared

| | This service | Starter set-up |
|---|---|---|
| Served by | `python -m bot serve` | `rasa run` and `rasa run actions` |
| Understanding and policies | `config.yml` | `benchmarks/starter.yml`, Rasa's defaults |
| Actions | in process | over HTTP |
| Conversations | SQLite, as `bot/conversations.py` sets it up | SQLite, as Rasa sets it up |
| Content, actions, web channel | this project's | the same |

{_reservations(same)}

{turns_table(result)}

Started by `python -m benchmarks.turns`: `--retrain` trains the starter set-up anew, \
`--conversations`, `--warmup` and `--starts` say how much is measured.
"""


def _circumstances(result: Result) -> str:
    before, after = result.loads
    load = (
        f"{'' if math.isnan(before) else f'{before:.1f} before the run, '}{after:.1f} at its end, "
        "about 1 of which is its own; what else runs shows most in the p99"
    )
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Rasa {version('rasa')}. Load: {load}."
    )


def _reservations(same: int) -> str:
    lines = [
        f"In the last conversation {same} of {len(MESSAGES)} turns got the very same reply. The "
        "actions go by readings that only this project's own component makes: where the starter "
        "set-up has none, it asks again, and from there on the two are at different questions. "
        "The turns that got the same reply compare best."
    ]
    if not _has_stories():
        lines.append(
            "The content has rules and no stories, so `TEDPolicy` and `UnexpecTEDIntentPolicy` "
            "are loaded, but have learned nothing and predict nothing: what they cost with "
            "stories is not measured."
        )
    return "\n\n".join(lines)


def _has_stories() -> bool:
    files = (PROJECT / "data" / "stories").glob("*.yml")
    return any("\nstories:" in file.read_text(encoding="utf-8") for file in files)


def _is_same(result: Result, place: int) -> bool:
    this, other = result.this.conversations[-1][place], result.starter.conversations[-1][place]
    return this.replies == other.replies


def _middle_half(result: Result) -> tuple[float, float]:
    pairs = zip(result.this.conversations, result.starter.conversations, strict=True)
    ratios = [
        statistics.median(turn.seconds for turn in other)
        / statistics.median(turn.seconds for turn in this)
        for this, other in pairs
    ]
    low, _, high = statistics.quantiles(ratios, n=4)
    return low, high


def _starts(result: Result) -> str:
    count = len(result.this.answered)
    return f"{count} starts" if count > 1 else "one start"


def _median(measured: Measured) -> float:
    return statistics.median(measured.seconds())


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|---|{'--:|' * (len(heads) - 1)}"]
    return "\n".join([*lines, *rows])


def _row(name: str, this: float, other: float, shown: Callable[[float], str]) -> str:
    return f"| {name} | **{other / this:.1f}×** | {shown(this)} | {shown(other)} |"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _progress(text: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {text} …", file=sys.stderr, flush=True)


def _stop(number: int, _: Any) -> None:
    raise SystemExit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.turns", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--conversations", type=_at_least(2), default=40, help="measured on each side (40)"
    )
    parser.add_argument(
        "--warmup", type=_at_least(0), default=2, help="not measured, on each side (2)"
    )
    parser.add_argument("--starts", type=_at_least(1), default=3, help="of each side (3)")
    parser.add_argument(
        "--retrain", action="store_true", help="train the starter set-up although it is there"
    )
    parser.add_argument(
        "--train-minutes", type=_at_least(1), default=90, help="how long training may take (90)"
    )
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"must be {least} or more")
        return value

    return number


if __name__ == "__main__":
    sys.exit(main())
