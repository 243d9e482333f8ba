"""Scenario discovery: in which of the plausible worlds a policy fails against another."""
