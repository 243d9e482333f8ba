"""Calls that bring several folders together. Heavy libraries are imported by the call that needs them."""
