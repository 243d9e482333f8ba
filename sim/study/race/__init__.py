"""The best of many policies."""
