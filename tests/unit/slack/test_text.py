"""Slack's markup, both ways."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.markdown import mrkdwn
from bot.channels.slack.text import escape, mentions, pieces, plain, shorten


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("R&amp;D &lt;reports&gt;", "R&D <reports>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;nbsp;", "&nbsp;"),
        ("<@UBOT> payroll", "payroll"),
        ("<@UBOT>", ""),
        ("ask <@U1|ann> or <@U2>", "ask @ann or @somebody"),
        ("in <#C1|general> and <#C2>", "in #general and #channel"),
        ("<!here> <!channel> <!subteam^S1|@team>", "@here @channel @team"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<https://a.example/?x=1&amp;y=2|the page>", "the page"),
        ("<https://a.example/?x=1&amp;y=2>", "https://a.example/?x=1&y=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("a < b", "a < b"),
        (" \u202etwo \x00words ", "two words"),
    ],
)
def test_what_people_write_is_read_as_they_see_it(written: str, seen: str) -> None:
    assert plain(written, "UBOT") == seen


def test_a_mention_is_known() -> None:
    assert mentions("hello <@UBOT>", "UBOT")
    assert mentions("hello <@UBOT|advisor>", "UBOT")
    assert not mentions("hello <@UBOTTOM>", "UBOT")


@given(st.text())
def test_what_is_escaped_mentions_nobody_and_reads_the_same(text: str) -> None:
    escaped = escape(text)

    assert "<" not in escaped
    assert ">" not in escaped
    assert html.unescape(escape("<!channel> & <@U1>")) == "<!channel> & <@U1>"
    assert plain(escaped, "UBOT") == plain(escape(plain(escaped, "UBOT")), "UBOT")


@given(st.text(alphabet="ab &<>\n", max_size=300), st.integers(5, 50))
def test_pieces_fit_lose_nothing_and_cut_no_entity(text: str, length: int) -> None:
    escaped = escape(text)
    found = pieces(escaped, length)

    assert all(1 <= len(piece) <= length for piece in found)
    assert "".join("".join(found).split()) == "".join(escaped.split())
    assert all(escape(html.unescape(piece)) == piece for piece in found)


def test_pieces_are_cut_between_paragraphs_where_that_goes() -> None:
    assert pieces("one two\n\nthree four", 12) == ["one two", "three four"]
    assert pieces("one two three", 8) == ["one two", "three"]


def test_a_text_is_shortened_with_an_ellipsis() -> None:
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"


def test_markdown_becomes_slacks_markup() -> None:
    brief = (
        "# A \\<b\\> & c\n\n**Advice: BPO** now\n\n| Q | A |\n|---|---|\n| x | y |\n- [ ] do\n- it"
    )

    assert mrkdwn(brief) == (
        "*A &lt;b&gt; &amp; c*\n\n*Advice: BPO* now\n\nQ · A\nx · y\n☐ do\n• it"
    )
