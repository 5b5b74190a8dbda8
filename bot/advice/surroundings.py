"""Where a text expects a process: “outsource …”, “hand … to a vendor”, “is … BPO or KPO”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.advice.text import stem

_OUR = r"(?:(?:our|my|your|their|his|her|the|a|an|some|all|of|company'?s?|business'?s?)\s+)*"
_THING = r"(?P<thing>[^?!.;:,()\n]{2,80})"
_CONTEXTS = tuple(
    re.compile(pattern.replace("OUR ", _OUR).replace("THING", _THING), re.IGNORECASE)
    for pattern in (
        r"(?<!\bis )(?<!\bdoes )(?<!\bcan )(?<!\bwill )(?<!\bdid )(?<!\bhas )"
        r"\b(?:outsourc\w*|offload|delegate|contract(?:ing)? out|farm(?:ing)? out)\s+OUR THING",
        r"\b(?:hand|give|giv|move|mov|send|shift|pass)(?:ing)?\s+(?:over\s+|out\s+|off\s+|away\s+)?"
        r"OUR THING\s+(?:over\s+)?to\b",
        r"^\s*(?:and\s+)?(?:what|how)\s+about\s+(?:outsourcing\s+)?OUR THING",
        r"^\s*(?:is|are|would|should)\s+OUR THING\s+(?:be\s+)?(?:a\s+)?"
        r"(?:bpo|kpo|outsourced|in-?house)\b",
        r"^\s*(?:should\s+(?:we|i|you)\s+)?(?:keep|do|run)\s+OUR THING\s+(?:in-?house|ourselves)\b",
        r"^\s*OUR THING\s+outsourcing\b",
        r"^\s*(?:outsourced|outsourcing)\s+OUR THING",
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
