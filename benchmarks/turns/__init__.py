"""What a turn costs: this service, the same content on Rasa's starter set-up, and a bare echo.

Run it with `python -m benchmarks.turns`; it writes docs/benchmarks/turns.md.
"""
