"""What somebody who mistyped a word may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LISTED = 12


def did_you_mean(word: object, candidates: Iterable[str], cutoff: float = 0.6) -> str:
    """The text ` (did you mean x?)` for the candidate most like `word`, to end a message with; empty if none is near.

    Upper and lower case are the same. `cutoff` is the least ratio of matching characters, from 0 to 1.
    """
    by_lower = {name.lower(): name for name in candidates}
    near = difflib.get_close_matches(str(word).lower(), by_lower, n=1, cutoff=cutoff)
    return f" (did you mean {by_lower[near[0]]}?)" if near else ""


def meant_or_listed(word: object, candidates: Iterable[str]) -> str:
    """As `did_you_mean`; if none is near, the text `; there are: a, b` for up to twelve candidates."""
    names = list(candidates)
    return did_you_mean(word, names) or (f"; there are: {', '.join(names)}" if 0 < len(names) <= _LISTED else "")


def check_known(
    name: str, known: Iterable[str], what: str, where: str = "", error: type[Exception] = ValueError
) -> None:
    """Raise `error` unless `name` is among `known`; `what` says what it is the name of, `where` what has no such."""
    names = list(known)
    if name not in names:
        raise error(f"no {what} {name!r}{where}{did_you_mean(name, names)}")
