"""Sourcing Advisor: advice, understanding, conversation, channels, server, command line."""

VERSION = "0.1.0"
