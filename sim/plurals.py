"""So many of a thing, and the first of many, in words."""

from __future__ import annotations

from collections.abc import Iterable


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """So many of a thing: "1 lever", "1,200 levers"; `plural` where that is not the noun and an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def first_few(names: Iterable[str], most: int = 8) -> str:
    """The first names, with commas, and how many there are more."""
    listed = list(names)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
