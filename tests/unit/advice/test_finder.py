"""Finding the process that a text is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.finder import How, ProcessFinder
from bot.advice.loader import advice

ADVICE = advice()
FINDER = ProcessFinder(ADVICE.processes.values())
LONG_NAMES = [p.short for p in ADVICE.processes.values() if len(p.short) >= 9]


def main(text):
    return FINDER.main(text, FINDER.mentions(text))


@pytest.mark.parametrize("process", ADVICE.processes.values(), ids=lambda p: p.id)
def test_every_name_and_synonym_means_its_process(process):
    for said in (process.id, process.short, process.name, *process.said):
        assert FINDER.named(said) == process.id, said


@pytest.mark.parametrize("process", ADVICE.processes.values(), ids=lambda p: p.id)
def test_every_process_is_found_inside_a_question(process):
    found = main(f"should we outsource our {process.short} to a vendor?")
    assert found is not None
    assert found.process == process.id


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("Should we outsource payroll?", "payroll"),
        ("should we outsource our PAYROLLS", "payroll"),
        ("is patent research BPO or KPO", "patent_search"),
        ("thinking of handing our claims processing to a vendor", "simple_claims"),
        ("outsource call centre", "customer_service_calls"),
        ("what about legal research?", "legal_research"),
        ("Why should I outsource VAT return filing?", "tax_preparation"),
        ("book-keeping: keep it or outsource it", "bookkeeping"),
    ],
)
def test_processes_are_found_as_people_say_them(text, process):
    assert main(text).process == process


@pytest.mark.parametrize("typo", ["payrol", "pyroll", "payorll", "pairol", "paayroll"])
def test_two_wrong_letters_are_forgiven_where_a_process_is_expected(typo):
    found = main(f"should we outsource our {typo}?")
    assert (found.process, found.how) == ("payroll", How.TYPO)


@given(st.sampled_from(LONG_NAMES), st.data())
def test_a_swapped_pair_of_letters_does_not_hide_a_long_name(name, data):
    place = data.draw(st.integers(1, len(name) - 2))
    if " " in name[place : place + 2]:
        return
    typo = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    assert main(f"should we outsource {typo}?").process is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("should we outsource our aura cleansing?", "aura cleansing"),
        ("thinking of outsourcing dog grooming", "dog grooming"),
        ("is goat yoga BPO or KPO", "goat yoga"),
        ("handing our crystal healing over to a provider", "crystal healing"),
    ],
)
def test_an_unknown_process_is_taken_as_said_and_never_forced_onto_another(text, name):
    found = main(text)
    assert found.process is None
    assert found.text == name


@pytest.mark.parametrize(
    "text",
    [
        "should we outsource it?",
        "what should I outsource first",
        "is outsourcing right for us",
        "hello",
        "",
        "🙂",
        "is outsourcing flexible?",
    ],
)
def test_no_process_is_made_up(text):
    assert main(text) is None


@given(st.text(max_size=300))
def test_any_text_is_fine_and_places_point_into_it(text):
    for mention in FINDER.mentions(text):
        assert text[mention.start : mention.end] == mention.text


def test_both_processes_of_a_comparison_are_found_in_order():
    found = FINDER.mentions("compare payroll and legal research")
    assert [m.process for m in found] == ["payroll", "legal_research"]
