"""What is said to the servers: fixed conversations, so that all sides hear the same."""

from __future__ import annotations

CONVERSATION = (
    # An interview, with a question and small talk in between.
    "hello",
    "should we outsource payroll?",
    "mostly rules, a few exceptions",
    "what is BPO?",
    "a trained clerk",
    "names and addresses",
    "they do as we say",
    "no",
    "save money",
    # After the recommendation: why, what if, a change of mind.
    "why?",
    "what if it needed experts?",
    "actually it's highly confidential",
    "give me a summary",
    "thanks, that helps",
    "what are the risks of outsourcing?",
    "qwertz uiop asdf",
    # Another process, with a change of mind half-way.
    "what about legal research?",
    "every case is different",
    "no wait, it's mostly rules",
    "you need a law degree for it",
    "why do you ask?",
    "client files",
    "what is the difference between BPO and KPO?",
    "we decide together",
    "not sure",
    "insight matters most",
    "compare payroll and legal research",
    "what if it were routine?",
    "how do I choose a partner?",
    "the moon is made of green cheese",
    # A process that no catalogue knows.
    "should we outsource aura cleansing?",
    "it follows a fixed script",
    "anyone can learn it in a week",
    "nothing sensitive",
    "go back",
    "personal data",
    "are you a robot?",
    "how much does it cost?",
    "start over",
    "bye",
)
"""A conversation of forty turns, after which another one begins."""

CYCLE = (
    "should we outsource payroll?",
    "mostly rules, a few exceptions",
    "what is BPO?",
    "thank you",
    "the moon is made of green cheese",
)
"""Five turns that find the conversation in the same state each time they come round."""
