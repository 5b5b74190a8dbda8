"""Labels: what a person can want to know, coarser than intents.

An intent or FAQ topic counts under the longest label that its name begins with
(`faq/bpo_benefits_focus` under `bpo_benefits`); one without a label stands for itself.
"""

from __future__ import annotations

BEYOND = frozenset(["out_of_scope", "other_outsourcing"])
"""Labels of what the assistant rightly says it does not cover."""

LABELS = frozenset(
    [
        "should_outsource",
        "should_outsource_unspecified",
        "define_bpo",
        "define_kpo",
        "define_outsourcing",
        "compare_bpo_kpo",
        "compare_nature",
        "compare_expertise",
        "compare_autonomy",
        "compare_value",
        "compare_risk",
        "spectrum",
        "bpo_benefits",
        "kpo_benefits",
        "when_bpo",
        "when_kpo",
        "examples_bpo",
        "examples_kpo",
        "choose_partner",
        "cost",
        "risks_outsourcing",
        *BEYOND,
    ]
)


def label_of(intent: str) -> str:
    """Return the label under which an intent's full name counts."""
    name = intent.removeprefix("faq/")
    return max((label for label in LABELS if name.startswith(label)), key=len, default=name)
