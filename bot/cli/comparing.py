"""`diff`: what is answered differently than in a saved or an earlier state of the content."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from bot.advice import loader
from bot.cli.main import SAVED
from bot.cli.validating import faults
from bot.editing.cases import case_faults
from bot.editing.differences import compare
from bot.editing.judging import Speaker
from bot.editing.showing import as_markdown, as_text
from bot.editing.snapshot import Snapshot, State, take
from bot.errors import BotError, InvalidContent
from bot.fingerprint import of_content, of_tests
from bot.project import PROJECT

_CONTENT = ("domain.yml", "config.yml", "endpoints.yml", "credentials.yml", "data")
_CODE = ("bot", "actions")
_LEARNED = ".rasa"


def save(file: Path, tests: Path, quick: bool) -> int:
    """Write down what is answered now."""
    file.parent.mkdir(parents=True, exist_ok=True)
    snapshot = _now(tests, quick)
    file.write_text(json.dumps(snapshot, ensure_ascii=False), encoding="utf-8")
    print(f"Saved to {file}", file=sys.stderr)
    return 0


def diff(against: str | None, form: str, strict: bool, quick: bool) -> int:
    """Print what differs; return 1 when `strict` and anything is worse.

    Args:
        against: A saved file, or a commit, branch or tag; None for what was saved last, or the
            last commit where nothing was.
        form: `text`, `json` or `markdown`.
        strict: Whether what is worse counts as failure.
        quick: Whether dialogues, which need a trained model, are left out.

    """
    before = _before(against, quick)
    found = compare(before, _now(PROJECT, quick))
    if form == "json":
        print(json.dumps(found.as_data(), ensure_ascii=False))
    else:
        print(as_markdown(found) if form == "markdown" else as_text(found))
    return 1 if strict and found.worse else 0


def _now(tests: Path, quick: bool) -> Snapshot:
    documents, form_faults = loader.read_documents(PROJECT)
    if form_faults:
        raise InvalidContent(form_faults)
    if wrong := list(case_faults(PROJECT)):
        raise InvalidContent(wrong)
    found = faults()
    if found:  # a weight that moves verdicts is a fault, and the very thing to be looked at
        print(*found, sep="\n", file=sys.stderr)
        print("Not sound yet: dialogues are left out.", file=sys.stderr)
    speaker = None if quick or found else _speaker()
    return take(State(PROJECT, loader.build(documents), tests), speaker)


def _speaker() -> Callable[[], Speaker]:
    """Return a function that begins a conversation with what is trained from the content."""
    from bot.cli.talking import Terminal
    from bot.cli.training import train_if_changed

    train_if_changed(to=sys.stderr)
    terminal = Terminal()
    return lambda: terminal.begin(uuid.uuid4().hex)


def _before(against: str | None, quick: bool) -> Snapshot:
    if against is None and SAVED.exists():
        return _read(SAVED)
    if against is not None and Path(against).is_file():
        return _read(Path(against))
    return _at(_commit(against or "HEAD"), quick)


def _read(file: Path) -> Snapshot:
    try:
        snapshot: Snapshot = json.loads(file.read_text(encoding="utf-8"))
        if "sentences" in snapshot and "combinations" in snapshot:
            return snapshot
    except ValueError:
        pass
    raise BotError(f"{file} holds no saved state", "make one with `bot diff --save`")


def _commit(name: str) -> str:
    found = _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if found.returncode != 0:
        what = f"“{name}” is neither a saved state nor a commit"
        raise BotError(what, "give a file of `bot diff --save`, a branch, a tag or a commit")
    return found.stdout.decode().strip()


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    git = shutil.which("git")
    if git is None:
        raise BotError("git is not installed", "compare with a file of `bot diff --save`")
    return subprocess.run(  # noqa: S603 (arguments are ours but for a name that git looks up)
        [git, *arguments], cwd=PROJECT, capture_output=True, check=False
    )


def _at(commit: str, quick: bool) -> Snapshot:
    """Return what today's code answers to today's tests from the content of a commit."""
    with tempfile.TemporaryDirectory(prefix="bot-diff-") as folder:
        then = Path(folder)
        _unpack(commit, then)
        state = hashlib.sha256(f"{of_content(then)} {of_tests(PROJECT)} {quick}".encode())
        kept = PROJECT / ".rasa" / "snapshots" / f"{state.hexdigest()[:16]}.json"
        if not kept.exists():
            _save_elsewhere(then, kept, quick)
        return _read(kept)


def _unpack(commit: str, then: Path) -> None:
    there = [
        name for name in _CONTENT if _git("cat-file", "-e", f"{commit}:{name}").returncode == 0
    ]
    archive = then / "content.tar"
    if _git("archive", "--output", str(archive), commit, *there).returncode != 0:
        raise BotError(f"git cannot give the content of {commit}", "is it a whole clone?")
    shutil.unpack_archive(archive, then)
    archive.unlink()
    for name in (*_CODE, "data/schema"):
        shutil.copytree(PROJECT / name, then / name, dirs_exist_ok=True)
    # What was learned is kept by what it was learned from. Models are not: the newest is served.
    (PROJECT / _LEARNED).mkdir(exist_ok=True)
    (then / _LEARNED).symlink_to(PROJECT / _LEARNED)


def _save_elsewhere(then: Path, kept: Path, quick: bool) -> None:
    print("Working out the earlier answers …", file=sys.stderr)
    command = [sys.executable, "-m", "bot", "diff", "--save", str(kept), "--tests", str(PROJECT)]
    run = subprocess.run(  # noqa: S603 (our own command)
        [*command, *(["--quick"] if quick else [])],
        cwd=then,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode != 0:
        raise BotError(f"the earlier content cannot be answered from:\n{run.stderr[-2000:]}")
