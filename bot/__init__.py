"""Sourcing Advisor: advice, understanding, conversation, channels, server, command line."""
