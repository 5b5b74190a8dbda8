"""Pictures of the conversation and of the advice, drawn from the content itself."""
