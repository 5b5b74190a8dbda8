"""Compares ways to understand texts on the project's own data: `python -m benchmarks.nlu`."""
