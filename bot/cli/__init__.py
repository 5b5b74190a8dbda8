"""The command line, `python -m bot …`: one module a group of commands."""
