"""The words by which names are told from other words."""

from __future__ import annotations

STOPS = frozenset(
    """
    a about after again all also always am an and any are as asking at aus be because been
    before bei but by calling can cannot could did do does doing don't dont else ever every
    for from get give go going had has have he head hello help here hey hi how i i'd i'll i'm
    i've ich if im in into is it it's its just let like looking me mit more most much my need
    needed needs never new no not now of off on one only or our out over please really
    responsible same she should so some still such tell than thank thanks that that's the
    their them there these they thing think this those to too trying und under up us very von
    want wanting was we we're were what what's when where which who why will with without
    wonder wondering work working would writing yes yet you your
    """.split()
)
"""No name goes on beyond these."""

NOT_FIRST = frozenset(
    """
    a an as at confidential for in irrelevant no not of on our private the unimportant
    """.split()
)
"""Not even "my name is" makes these a name."""

PLAIN = frozenset(
    """
    afraid alone angry annoyed back better blind bored busy certain checking clear clueless
    concerned confidential confused correct curious deaf desperate different difficult
    disappointed done easy enough exactly excited fed fine finished first free frustrated glad
    good great happy hard having hesitant honest honestly hoping impossible impressed
    interested irrelevant keen kind last late lost mad maybe nice nobody none nonsense nothing
    ok okay old overwhelmed part perfect perhaps planning pretty private probably quite ready
    retired ridiculous right rubbish sad safe serious sick silly simply slow sometimes sorry
    sort speaking stuck stupid supposed sure surprised terrible time tired totally true unable
    unclear unhappy unsure urgent useful useless using waiting weird well worried worse wrong
    """.split()
)
"""Follow "I am" and are no names."""

SHORT_FORMS = frozenset(
    """
    a ai api bpo ceo cfo chro cio cmo coo cpa crm cto erp eu evp faq gdpr hipaa hr hro iso it
    ites kpi kpo lpo mba md nda pci phd rfi rfp roi rpo sap sla smb sme svp uk us usa vp
    """.split()
)
"""Written in capitals, and no names."""

ROLES = frozenset(
    """
    accountant accounting admin american analyst bank british business buyer chief company
    consultant controller customer data department director dutch engineer english enterprise
    european executive finance founder french german head hospital human indian insurance it
    italian junior lawyer lead legal manager managing marketing nurse officer operations owner
    partner payroll president procurement product project public purchasing research resources
    retail sales senior service small software sourcing spanish student supplier supply team
    technology vendor vice
    """.split()
)
"""Capitalised as what somebody is rather than as who."""

ALSO_NAMES = frozenset(
    """
    amber april art bill chase dawn drew faith frank gene grace grant hope joy june mark may
    rich rob rose sue summer will
    """.split()
)
"""Words as well, but names after "I am"."""
