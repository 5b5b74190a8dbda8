"""What a trained understanding depends on besides Rasa's own data files."""

SOURCES = (
    "bot/nlu/*.py",
    "bot/advice/finder.py",
    "bot/advice/surroundings.py",
    "bot/advice/text.py",
    "data/advice/processes/*.yml",
)
"""Code that reads texts, and the names of processes, which are hidden before training."""
