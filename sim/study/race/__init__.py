"""Selecting the best of many policies."""
