"""The pages. Whatever people said is escaped wherever it is put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from bot.review import labels
from bot.review.conversations import OUT_OF_SCOPE, Conversation, Turn
from bot.review.data import around
from bot.review.decisions import Decision
from bot.review.edits import Proposal
from bot.review.figures import Figures
from bot.review.findings import MEANINGS, TITLES, Group, Item, Kind
from bot.review.work import Review
from bot.review_page import charts
from bot.review_page.access import PATH

_MOST_GROUPS = 25
_MOST_WORDINGS = 12
_TIMES = {"24h": "24 hours", "7d": "7 days", "4w": "4 weeks", "12w": "12 weeks"}


def page(title: str, body: str, nonce: str, *, signed_in: bool = True) -> str:
    """Gives a whole page.

    Args:
        title: What it is about.
        body: Its content, as HTML.
        nonce: Lets the browser take our style and no other.
        signed_in: Whether whoever sees it is signed in.

    """
    nav = _NAV if signed_in else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow">'
        f'<title>{escape(title)} · Sourcing Advisor</title><link rel="icon" href="data:,">'
        f'<style nonce="{nonce}">{_style()}</style></head><body>'
        '<a class="skip" href="#main">Skip to the content</a>'
        f'<header class="bar"><p class="brand">{_LOGO}Sourcing Advisor: review</p>{nav}</header>'
        f'<main id="main">{body}</main></body></html>'
    )


_LOGO = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9"/>'
    '<path d="M7 20h18"/><circle cx="19" cy="20" r="4"/><path d="M9 11h8"/></svg>'
)
_NAV = (
    f'<nav aria-label="Page"><a href="{PATH}">Conversations</a>'
    f'<a href="{PATH}/changes">Proposed changes</a>'
    f'<form method="post" action="{PATH}/sign-out"><button class="plain">Sign out</button></form>'
    "</nav>"
)


@lru_cache(maxsize=1)
def _style() -> str:
    return (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def sign_in(problem: str = "") -> str:
    """Gives the form to sign in, with what was wrong the last time."""
    wrong = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    described = ' aria-describedby="hint" aria-invalid="true"' if problem else ""
    return (
        f'<section class="narrow"><h1>Sign in</h1>{wrong}'
        f'<form method="post" action="{PATH}/sign-in" class="stack"><label for="secret">Secret'
        f'</label><input id="secret" name="secret" type="password" required maxlength="500" '
        f'autocomplete="current-password"{described}><p id="hint" class="quiet">'
        "Whoever runs the server knows it: it is set as REVIEW_SECRET.</p>"
        '<button class="primary">Sign in</button></form></section>'
    )


def message(title: str, text: str) -> str:
    """Gives a page's content that says one thing."""
    return f'<section class="narrow"><h1>{escape(title)}</h1><p>{escape(text)}</p></section>'


def overview(review: Review, since: str, topics: Mapping[str, str], done: str) -> str:
    """Gives the figures and all that is to be reviewed.

    Args:
        review: What there is.
        since: The time that it covers, as it was asked for.
        topics: What messages can be assigned to, by full name.
        done: What was just done, in words; may be empty.

    """
    counts = review.counts()
    told = f'<p class="done" role="status">{escape(done)}</p>' if done else ""
    jump = "".join(
        f'<li><a href="#{kind.value}"><b>{counts[kind]}</b> {escape(TITLES[kind])}</a></li>'
        for kind in Kind
    )
    parts = [_kind(review, kind, counts[kind], since, topics) for kind in Kind]
    return (
        f"<section><h1>What went wrong, and what to learn from it</h1>{told}{_times(since)}"
        f'<ul class="jump" aria-label="Kinds">{jump}</ul></section>'
        f"{_figures(review.figures())}{''.join(parts)}"
    )


def _times(since: str) -> str:
    times = _TIMES if since in _TIMES else {**_TIMES, since: since}
    options = "".join(
        f'<option value="{escape(value)}"{" selected" * (value == since)}>{escape(text)}</option>'
        for value, text in times.items()
    )
    return (
        f'<form action="{PATH}" class="row"><label for="since">The last</label>'
        f'<select id="since" name="since">{options}</select>'
        '<button class="plain">Show</button></form>'
    )


def _figures(found: Figures) -> str:
    tiles = (
        charts.tile("Conversations", str(found.conversations), f"{found.messages} typed messages"),
        charts.share_tile("Understood", found.understood, "typed messages"),
        charts.share_tile("Finished", found.finished, "that began"),
        charts.share_tile("Satisfied", found.satisfied, "ratings"),
    )
    up, down = found.satisfied.part, found.satisfied.whole - found.satisfied.part
    pictures = (
        charts.by_day("Conversations by day", found.days),
        charts.understood_by_day("Understood by day, in percent", found.days),
        charts.ranking("Ratings", "Rating", (("Thumbs up", up), ("Thumbs down", down))),
        charts.ranking("What was advised", "Outcome", labels.outcomes(found.outcomes)),
        charts.ranking("What was asked about", "Process", labels.processes(found.processes)),
    )
    return (
        f'<section class="band"><h2>In figures</h2><dl class="tiles">{"".join(tiles)}</dl>'
        f'<div class="charts">{"".join(pictures)}</div></section>'
    )


def _kind(review: Review, kind: Kind, count: int, since: str, topics: Mapping[str, str]) -> str:
    groups = [group for group in review.groups if group.kind is kind]
    shown = "".join(_group(group, since, topics) for group in groups[:_MOST_GROUPS])
    more = len(groups) - _MOST_GROUPS
    rest = f'<p class="quiet">And {more} smaller groups; decide on these first.</p>'
    return (
        f'<section id="{kind.value}"><h2>{escape(TITLES[kind])} <span class="count">{count}</span>'
        f'</h2><p class="quiet">{escape(MEANINGS[kind])}</p>'
        f"{shown or '<p>Nothing to review here.</p>'}{rest if more > 0 else ''}</section>"
    )


def _group(group: Group, since: str, topics: Mapping[str, str]) -> str:
    wordings = group.wordings[:_MOST_WORDINGS]
    only = len(wordings) == 1
    said = "".join(_wording(item, count, since, only=only) for item, count in wordings)
    times = f"{len(group.items)} time{'s' if len(group.items) > 1 else ''}"
    return (
        f'<article aria-labelledby="{group.ref}"><h3 id="{group.ref}">{escape(group.title)} '
        f'<span class="count">{times}</span></h3>'
        f'<form method="post" action="{PATH}/decide">'
        f'<input type="hidden" name="since" value="{escape(since)}">'
        f'<ul class="wordings">{said}</ul>{_choices(group, topics)}</form></article>'
    )


def _wording(item: Item, count: int, since: str, *, only: bool) -> str:
    box = f'<input type="hidden" name="mark" value="{item.mark}">'
    if not only or item.kind is Kind.ABANDONED:
        box = (
            f'<label><input type="checkbox" name="mark" value="{item.mark}" checked> '
            f'{escape(item.turn.text)}</label> <span class="count">{count}×</span>'
        )
    link = f"{PATH}/conversations/{item.conversation.ref}?since={quote(since)}#m{item.mark}"
    return (
        f"<li>{box}<details><summary>The conversation around "
        f"it</summary>{turns(around(item), item.turn)}"
        f'<p><a href="{link}">The whole conversation</a></p></details></li>'
    )


def _choices(group: Group, topics: Mapping[str, str]) -> str:
    aside = '<button class="plain" name="to" value="">Needs nothing</button>'
    if not group.can_be_assigned:
        return f'<div class="row">{aside}</div>'
    suggested = [i for i in group.suggested if i in topics and i != OUT_OF_SCOPE]
    buttons = "".join(
        f'<button class="choice" name="to" value="{escape(i)}">{escape(topics[i])}</button>'
        for i in suggested
    )
    options = "".join(
        f'<option value="{escape(i)}">{escape(t)} ({escape(i)})</option>' for i, t in topics.items()
    )
    perhaps = f'<p class="row"><span>An example of</span> {buttons}</p>' if buttons else ""
    return (
        f'{perhaps}<p class="row"><label for="to{group.ref}">An example of another topic</label>'
        f'<select id="to{group.ref}" name="chosen"><option value="">Choose …</option>{options}'
        '</select> <button class="choice" name="to" value="chosen">Assign</button></p>'
        f'<details><summary>Reword it first</summary><p class="row"><label for="as{group.ref}">'
        f'As people may say it</label><input id="as{group.ref}" name="reworded" maxlength="200" '
        f'placeholder="{escape(group.title)}"></p></details>'
        f'<p class="row"><button class="plain" name="to" value="{OUT_OF_SCOPE}">Out of scope'
        f"</button> {aside}</p>"
    )


def conversation(found: Conversation, marks: Mapping[str, str]) -> str:
    """Gives a whole conversation; `marks` are what its messages are linked by, by message id."""
    return (
        f"<section><h1>Conversation {found.ref[:6]}</h1>"
        f'<p class="quiet">From {_when(found.started)} to {_when(found.last)}. Personal data '
        f"is masked.</p>{turns(found.turns, None, marks)}</section>"
    )


def turns(
    some: Iterable[Turn], current: Turn | None, marks: Mapping[str, str] | None = None
) -> str:
    """Gives turns one below the other, the current one marked."""
    return f'<ol class="talk">{"".join(_turn(t, t is current, marks or {}) for t in some)}</ol>'


def _turn(turn: Turn, is_current: bool, marks: Mapping[str, str]) -> str:
    mark = marks.get(turn.message_id)
    where = f' id="m{mark}"' if mark else ""
    rating = {"up": "rated up", "down": "rated down"}.get(turn.rating or "", "")
    notes = " · ".join(filter(None, (_when(turn.time), turn.intent, rating)))
    replies = "".join(f'<p class="reply">{_lines(reply)}</p>' for reply in turn.replies)
    if turn.meanings:
        replies += f'<p class="reply quiet">Offered: {escape(" · ".join(turn.meanings))}</p>'
    pressed = " (pressed)" if turn.pressed else ""
    current = ' aria-current="true"' if is_current else ""
    return (
        f'<li{where}{current}><p class="said">{_lines(turn.text)}{pressed}</p>'
        f'<p class="quiet">{escape(notes)}</p>{replies}</li>'
    )


def _when(moment: float) -> str:
    return datetime.fromtimestamp(moment, tz=timezone.utc).strftime("%d %b %Y, %H:%M UTC")


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def changes(decisions: Iterable[Decision], found: Proposal, topics: Mapping[str, str]) -> str:
    """Gives the proposed edits, as a list to take back from and as a diff."""
    rows = "".join(_decision(d, found.left_out.get(d.mark), topics) for d in decisions)
    if not rows:
        return message("Proposed changes", "There are none: assign messages first.")
    return (
        "<section><h1>Proposed changes</h1><p>Nothing of this is in the assistant yet. Download "
        "it and hand it to whoever publishes the content (<code>git apply</code>), or run "
        "<code>python -m bot review apply</code>, which shows it, writes it and validates.</p>"
        f'<ul class="decisions">{rows}</ul>'
        f'<p><a class="primary" href="{PATH}/changes.patch" download>Download as a patch</a></p>'
        f'<h2>As a diff</h2><pre tabindex="0" role="region" aria-label="Diff">'
        f"{_diff(found.diff())}</pre></section>"
    )


def _decision(decision: Decision, left_out: str | None, topics: Mapping[str, str]) -> str:
    topic = topics.get(decision.intent or "", decision.intent or "")
    problem = f'<p class="problem">Left out: {escape(left_out)}</p>' if left_out else ""
    return (
        f"<li><p><q>{escape(decision.text)}</q> as an example of <b>{escape(topic)}</b></p>"
        f'{problem}<form method="post" action="{PATH}/undo"><input type="hidden" name="mark" '
        f'value="{escape(decision.mark)}"><button class="plain" aria-label="Take back: '
        f'{escape(decision.text)}">Take back</button></form></li>'
    )


def _diff(diff: str) -> str:
    kinds = {"+": "added", "-": "gone"}
    return "".join(
        f'<span class="{kinds.get(line[:1], "same")}">{escape(line)}</span>\n'
        for line in diff.splitlines()
    )
