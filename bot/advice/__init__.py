"""The advice: pure functions from answers to a recommendation, and their content."""
