"""The flags of `new`, apart from what is slow to import."""

from __future__ import annotations

from collections.abc import Mapping

NEW_FLAGS: Mapping[str, Mapping[str, str]] = {
    "faq": {
        "title": "the question, as it stands on buttons",
        "topic": "name of its file and intent (made of the title)",
        "example*": "what people ask; repeat it",
        "answer": "what is answered",
        "test*": "a sentence to test it with that is no example; repeat it",
    },
    "process": {
        "name": "what the process is called",
        "short": "its name within a sentence (the name)",
        "id": "its id (made of the short name)",
        "function": "its function, known or new; it names the file",
        "said*": "what else people call it; repeat it",
        "industry*": "an industry it occurs in (any); repeat it",
        "class": "the outcome by its usual answers (worked out)",
        "source*": "a key of data/advice/sources.yml (judgement); repeat it",
        "note": "a remark that is shown with the advice",
    },
    "use-case": {
        "title": "who handed over what",
        "id": "its id (made of the title)",
        "text": "what the provider does and what stays, in 280 characters",
        "process*": "a process it fits, the closest first; repeat it",
        "outcome": "the outcome (that of the first process)",
        "industry": "the industry (any)",
        "tag*": "a word to find it by; repeat it",
        "source*": "a key of data/advice/sources.yml (judgement); repeat it",
    },
    "story": {
        "title": "what it is about, as it stands on buttons",
        "topic": "name of its file and intent (made of the title)",
        "example*": "what people say; repeat it",
        "answer": "what is answered",
        "then*": "an action to run after the answer; repeat it",
        "test*": "a sentence to test it with that is no example; repeat it",
    },
}
"""The flags of each kind; those with a star may be repeated."""

NEW_LEVELS = {"faq": 0, "process": 6, "use-case": 3, "story": 0}
"""How many of the criteria, in their order, each kind has a level of."""
