"""Measurements of the project; each package is run by `python -m benchmarks.<name>`."""
