"""Arguments of calls, checked before any work starts."""

from __future__ import annotations

import operator
import reprlib
from typing import SupportsIndex

MOST = 2**64 - 1
"""The largest seed and number of a replication: addresses of random draws are made of words of 64 bits."""


def whole(name: str, value: object, least: int = 0, most: int = MOST) -> int:
    """The whole number that an argument is.

    Raises ValueError for anything else, such as 1.5 or True, and for a number that is too small or too large.
    """
    number = least - 1
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        number = operator.index(value)
    if not least <= number <= most:
        bounds = f"from {least} on" if number < least else f"up to {most:,}"
        raise ValueError(f"{name} is a whole number {bounds}, not {reprlib.repr(value)}")
    return number


def of_type(name: str, value: object, kind: type, example: str) -> None:
    """Raise TypeError unless an argument is of a kind; `example` says where such a thing comes from."""
    if not isinstance(value, kind):
        found = reprlib.repr(value) if isinstance(value, str) else f"a {type(value).__name__}"
        raise TypeError(f"{name} must be a {kind.__name__}, such as {example}, not {found}")
