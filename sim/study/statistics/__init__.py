"""Estimates over paired replications."""
