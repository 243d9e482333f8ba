"""Policies compared at many points of the parameters."""
