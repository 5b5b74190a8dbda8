"""No mail address, number or name survives; ordinary sentences stay as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.loader import advice
from bot.conversation.topics import documents, topics
from bot.project import PROJECT
from bot.review.masking import is_card, is_iban, mask
from bot.review.word_lists import NOT_FIRST, PLAIN, ROLES, SHORT_FORMS, STOPS
from bot.yaml_source import read

BEFORE = st.sampled_from(["", "Hi, ", "please write to ", "It is ", "(", "tel:", "what is BPO? "])
AFTER = st.sampled_from(["", " thanks", ", please", ". What is BPO?", ")", "!", "\nand more"])
SEPARATORS = st.sampled_from(["", " ", "-", ".", " - ", "/", "\u00a0", "\u2011", "  "])


@st.composite
def phones(draw: st.DrawFn) -> str:
    """Telephone numbers: with a country's or an area's code, grouped in any way."""
    code = draw(st.sampled_from(["+49 ", "+1-", "0", "(0", "0044 ", "+91", "00"]))
    groups = draw(st.lists(st.from_regex(r"[0-9]{2,4}", fullmatch=True), min_size=3, max_size=4))
    return code + draw(SEPARATORS).join(groups)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """Card numbers with their check digit, whole or in fours."""
    body = draw(st.from_regex(r"[1-9][0-9]{11,17}", fullmatch=True))
    number = next(body + digit for digit in "0123456789" if is_card(body + digit))
    return in_fours(number, draw(st.sampled_from(["", " ", "-", ".", ", "])))


@st.composite
def ibans(draw: st.DrawFn) -> str:
    """IBANs with their check digits, whole or in fours, in either case."""
    country = draw(st.from_regex(r"[A-Z]{2}", fullmatch=True))
    body = draw(st.from_regex(r"[0-9A-Z]{0,6}[0-9]{11,24}", fullmatch=True))
    number = next(
        f"{country}{n:02}{body}" for n in range(2, 99) if is_iban(f"{country}{n:02}{body}")
    )
    written = in_fours(number, draw(st.sampled_from(["", " ", "-"])))
    return written.lower() if draw(st.booleans()) else written


def in_fours(number: str, separator: str) -> str:
    """A number in groups of four."""
    return separator.join(number[i : i + 4] for i in range(0, len(number), 4))


def alphanumeric(text: str) -> str:
    """A text without all that may stand between digits."""
    return re.sub(r"[\W_]", "", text).lower()


@given(BEFORE, st.emails(), AFTER)
def test_no_mail_address_survives(before: str, address: str, after: str) -> None:
    masked = mask(f"{before}{address}{after}")

    assert "⟨email⟩" in masked
    assert address not in masked
    assert address.partition("@")[2] not in masked


@given(BEFORE, phones(), AFTER)
def test_no_telephone_number_survives(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}{number}{after}")

    assert not re.search(r"\d", masked)
    assert after.strip(")") in masked


@given(BEFORE, cards(), AFTER)
def test_no_card_number_survives(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}{number}{after}")

    assert "⟨card⟩" in masked
    assert not re.search(r"\d", masked)


@given(BEFORE, ibans(), AFTER)
def test_no_iban_survives(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}{number}{after}")

    assert alphanumeric(number)[4:] not in alphanumeric(masked)
    assert not re.search(r"\d{4}", masked)
    assert after in masked


@given(BEFORE, st.from_regex(r"[1-9][0-9]{7,16}[1-9]", fullmatch=True), AFTER)
def test_no_account_number_survives(before: str, number: str, after: str) -> None:
    assert not re.search(r"\d", mask(f"{before}{number}{after}"))


@given(
    st.sampled_from(
        ["account number ", "acct. no: ", "my account is ", "customer #", "Sort code "]
    ),
    st.from_regex(r"[1-9][0-9]{4,6}", fullmatch=True),
)
def test_a_short_number_that_is_called_an_account_does_not_survive(what: str, number: str) -> None:
    assert mask(what + number).startswith(what + "⟨")
    assert number not in mask(what + number)


FIRST = st.from_regex(r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{2,9}", fullmatch=True)
# What somebody is rather than who, and words with which a sentence goes on, are no names.
NO_NAMES = (
    STOPS | PLAIN | ROLES | SHORT_FORMS | set("van der den von dos del bin ibn ter ten".split())
)
NAMES = st.lists(FIRST.filter(lambda name: name.lower() not in NO_NAMES), min_size=1, max_size=3)


@given(
    st.sampled_from(["I am ", "i'm ", "my name is ", "This is ", "hello, this is ", "I’m "]),
    NAMES.map(" ".join),
    st.sampled_from(["", ", what is BPO?", " and I need help", ".", "!"]),
)
def test_no_name_survives(before: str, name: str, after: str) -> None:
    assert mask(before + name + after) == f"{before}⟨name⟩{after}"


@given(st.from_regex(r"[a-z]{3,10} [a-z]{4,10}x", fullmatch=True))
def test_after_my_name_is_case_tells_nothing(name: str) -> None:
    masked = mask(f"my name is {name}, hello")

    if name.split(maxsplit=1)[0] not in NOT_FIRST:
        assert not set(name.split()) & set(masked.replace("my name is", "").split())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("i am john smith from acme", "i am ⟨name⟩ from acme"),
        ("this is maria van der berg speaking", "this is ⟨name⟩ speaking"),
        ("im will, what is kpo", "im ⟨name⟩, what is kpo"),
        ("call me bob", "call me ⟨name⟩"),
        ("kind regards, Anna Schmidt", "kind regards, ⟨name⟩"),
        ("ask Mr. Jones", "ask Mr. ⟨name⟩"),
        ("write to anna (at) example.com", "write to ⟨email⟩"),
        ("anna dot x at example dot com", "⟨email⟩"),
        ("٠١٧١٢٣٤٥٦٧٨", "⟨phone⟩"),
        ("pay 4111,1111,1111,1111", "pay ⟨card⟩"),
        ("iban DE89370400440532013000 thanks", "iban ⟨account⟩ thanks"),
        ("ssn 123-45-6789", "ssn ⟨phone⟩"),
        ("passport no. C01X00T47", "passport no. ⟨account⟩"),
    ],
)
def test_it_is_masked_as_what_it_is(said: str, shown: str) -> None:
    assert mask(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "I am not sure, this is confidential",
        "I'm thinking of outsourcing payroll",
        "i am the CFO and this is KPO, I guess",
        "I am Head of HR",
        "This is Finance",
        "call me back",
        "we have 10,000,000 invoices and 1.000.000 customers",
        "since 2019, or 2019-2023, or 24.11.2024, or 2024-11-24",
        "between 1,000 - 2,000 people for $5000000",
        "Regulation 2016/679 and ISO 27001",
        "my name is not important",
        "I am 45 and have 12 people, 3 of them part-time",
        "look at BPO, and at KPO",
    ],
)
def test_ordinary_sentences_stay(said: str) -> None:
    assert mask(said) == said


def test_all_that_our_content_says_stays() -> None:
    examples = [e for topic in topics().values() for e in topic.examples]
    answers = [
        response["text"]
        for document in (*documents(PROJECT), read(PROJECT / "domain.yml", "domain.yml"))
        for responses in document.data.get("responses", {}).values()
        for response in responses
    ]
    told = [text for p in advice().processes.values() for text in (p.name, *p.ask.values())]

    assert [t for t in (*examples, *answers, *told) if mask(t) != t] == []


@given(st.text(max_size=80) | st.text("019 +-.,()@aiIm⟨⟩\n", max_size=80))
def test_any_text_can_be_masked_and_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_a_long_text_is_masked_at_once() -> None:
    for text in (
        "a" * 2_000,
        "1 " * 1_000,
        "@ " * 1_000,
        "a.b-" * 500,
        "DE89" * 500,
        "i am " * 400,
    ):
        mask(text)
