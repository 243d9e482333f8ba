"""Traders: what attracts them, where they are, and how fast they move."""
