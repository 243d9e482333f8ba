"""Exchanges: what they believe, what their options are worth, what they choose and do."""
