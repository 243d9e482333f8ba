"""Words of another trade: what figures, tables and reports call an exchange, a venue and the modes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from sim.scenario.values.base import FileBlock, Name

Labelled = Literal["domestic", "otc", "offshore", "outside"]
"""A mode, or not to trade."""
_MODES: Mapping[str, str] = {"domestic": "domestic", "otc": "OTC", "offshore": "offshore", "outside": "not trading"}


class Labels(FileBlock):
    """Words of another trade for figures, tables and reports, such as lender and shop; files and ids keep theirs."""

    exchange: Name = Field("exchange", description="what one firm is called; by default the word of the program")
    exchanges: Name | None = Field(None, description="several of them; default: with an s")
    venue: Name = Field(
        "venue",
        description="what a place is called in which a firm trades in one mode; by default the word of the program",
    )
    venues: Name | None = Field(None, description="several of them; default: with an s")
    modes: Mapping[Labelled, Name] = Field({}, description="by mode, and not to trade (outside), as within a sentence")

    def mode(self, mode: str) -> str:
        """A mode, or `outside`, as within a sentence."""
        return self._modes().get(mode) or _MODES[mode]

    def text(self, text: str) -> str:
        """Words of the program with those of the trade in their place; not for names that a file gives."""
        words = self._words()
        if not words:
            return text
        known = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        return re.sub(rf"\b(?:{known})\b", lambda match: _as(match[0], words[match[0].lower()]), text, flags=re.I)

    def _modes(self) -> Mapping[str, str]:
        return {str(mode): label for mode, label in self.modes.items()}

    def _words(self) -> Mapping[str, str]:
        """By word of the program, in small letters, the word of the trade, where they differ."""
        words = {_MODES[mode].lower(): label for mode, label in self._modes().items()}
        if self.exchange != "exchange" or self.exchanges:
            words |= _forms("exchange", self.exchange, self.exchanges)
        if self.venue != "venue" or self.venues:
            words |= _forms("venue", self.venue, self.venues) | _forms("order book", self.venue, self.venues)
        return words


NEUTRAL = Labels()
"""The words of the program."""


def _forms(word: str, label: str, plural: str | None) -> dict[str, str]:
    """One and several, with and without the article that the label takes."""
    article = "an" if label[:1].lower() in "aeiou" else "a"
    forms = {word: label, f"{word}s": plural or f"{label}s"}
    return forms | {f"{each} {word}": f"{article} {label}" for each in ("a", "an")}


def _as(found: str, label: str) -> str:
    """The label with a capital where what it replaces had one at its beginning alone."""
    return label[:1].upper() + label[1:] if found[:1].isupper() and found[1:].islower() else label
