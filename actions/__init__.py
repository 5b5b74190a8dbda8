"""Rasa SDK actions: slots in, advice out. What they say stands in `bot.conversation.wording`."""
