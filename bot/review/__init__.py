"""Learning from conversations: what went wrong in them, in figures, and as proposed examples.

Knows nothing of how it is shown; everything that a person said is masked as it is read.
"""
