"""Where a text expects a process: “outsource …”, “hand … to a vendor”, “is … BPO or KPO”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.advice.text import stem

# Bounded, as the patterns would try every way to share a long run of white space among them.
_GAP = r"\s{1,4}"
_OUR = r"(?:(?:our|my|your|their|his|her|the|a|an|some|all|of|company'?s?|business'?s?)_)*"
_THING = r"(?P<thing>[^?!.;:,()\n]{2,80})"
_CONTEXTS = tuple(
    re.compile(
        pattern.replace("OUR ", _OUR).replace("THING", _THING).replace("_", _GAP), re.IGNORECASE
    )
    for pattern in (
        r"(?<!\bis )(?<!\bdoes )(?<!\bcan )(?<!\bwill )(?<!\bdid )(?<!\bhas )"
        r"\b(?:outsourc\w*|offload|delegate|contract(?:ing)? out|farm(?:ing)? out)_OUR THING",
        r"\b(?:hand|give|giv|move|mov|send|shift|pass)(?:ing)?_(?:over_|out_|off_|away_)?"
        r"OUR THING_(?:over_)?to\b",
        r"^(?:and_)?(?:what|how)_about_(?:outsourcing_)?OUR THING",
        r"^(?:is|are|would|should)_OUR THING_(?:be_)?(?:a_)?"
        r"(?:bpo|kpo|outsourced|in-?house)\b",
        r"^(?:should_(?:we|i|you)_)?(?:keep|do|run)_OUR THING_(?:in-?house|ourselves)\b",
        r"^OUR THING_outsourcing\b",
        r"^(?:outsourced|outsourcing)_OUR THING",
    )
)
_END_OF_THING = re.compile(
    r"\s+(?:to|over|or|and keep|vs|versus|than|rather|instead|overseas|offshore|abroad|in-?house|"
    r"in house|"
    r"because|since|so|when|if|while|for|with|at|by|is|are|was|be|worth|right|good|makes?|bpo|kpo|"
    r"yet|now|next|please|in|as|from|outsourc\w*|without|but|that|which|who|i|we|you|"
    r"would|could|should|can|will|do|does|did|beneficial|suitable)\b.*",
    re.IGNORECASE | re.DOTALL,
)
NO_PROCESS = frozenset(
    stem(w)
    for w in """it this that them these those something anything everything nothing work works job
    jobs task tasks process processes business company companies function functions
    stuff thing things one ones what which bpo kpo outsourcing outsource services
    service activity activities operations provider providers vendor vendors partner
    partners team teams people staff part parts case right worth good bad it's how
    why when who yes no not more less much many most first model models support
    department departments area areas role roles project projects core non overseas
    offshore abroad spectrum ladder scale industry market contract agreement deal
    strategy trend future world firm agency specialist india philippines risk risks
    cost costs benefit benefits confidentiality privacy security gdpr quality
    control price data law tax""".split()
)


_NOT_LAST = frozenset(
    stem(w)
    for w in """of about for is are does do why what how when with from to start consider
    considering thinking think on by and or the a our my we i you if should would
    could can than like need good much""".split()
)
"""Words that no name of a process ends with; what ends so was cut in the middle."""


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of a text where the name of a process is expected to stand."""
    for pattern in _CONTEXTS:
        for match in pattern.finditer(text):
            thing = _END_OF_THING.sub("", " " + match.group("thing"))[1:].rstrip()
            stripped = thing.lstrip()
            if stripped and stem(stripped.split()[-1]) not in _NOT_LAST:
                start = match.start("thing") + len(thing) - len(stripped)
                yield start, start + len(stripped)
