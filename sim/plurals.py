"""So many of a thing, in words."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """So many of a thing: "1 lever", "1,200 levers"; `plural` where that is not the noun and an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
