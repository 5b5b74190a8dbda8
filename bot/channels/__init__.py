"""Where people talk to the assistant: verify, translate, deliver. Nothing about advice."""
