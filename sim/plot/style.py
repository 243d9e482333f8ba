"""Colours, words and number formats that all figures share.

Colours are those of Okabe and Ito (2008), told apart by people with any of the common colour vision
deficiencies. A mode keeps its colour in every figure.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.world.codes import MODES

Floats = NDArray[np.float64]
INK = "#222222"
FAINT = "#6E6E6E"
MODES_AND_OUTSIDE = (*MODES, "outside")
MODE_COLOURS = {"domestic": "#0072B2", "otc": "#E69F00", "offshore": "#009E73", "outside": "#D9D9D9"}
MODE_INKS = {"domestic": "#005A8E", "otc": "#8F6200", "offshore": "#00694D", "outside": "#5F5F5F"}
"""Darker shades of the same colours, for words on white."""
LINE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
ACRONYMS = frozenset({"otc", "ico", "sto", "aml", "sfc", "vpn"})
SMALL, NORMAL, TITLE = 7.0, 8.5, 11.0
"""Font sizes in points."""
MINUS = "\u2212"


def line_styles(count: int) -> list[tuple[str, str]]:
    """Colours and dashes of so many policies; the first, to which others are compared, is the ink of the axes."""
    colours = LINE_COLOURS[:-1]
    return [(INK, "-"), *((colours[i % 6], ("-", "--", ":")[i // 6 % 3]) for i in range(count - 1))]


def percent(share: float) -> str:
    """A share between 0 and 1 in words: "92 %", "0.4 %", and "0" below a twentieth of a per cent."""
    if abs(share) < 0.0005:
        return "0"
    decimals = 1 if abs(share) < 0.0095 else 0
    return f"{100 * share:.{decimals}f}\u00a0%".replace("-", MINUS)


def amount(value: float) -> str:
    """A volume with two to three significant figures: "0.031", "4.2", "38", "12,400"."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.0f}" if abs(value) >= 10 else f"{float(f'{value:.2g}'):g}"


def readable(id_: str) -> str:
    """An id as words: "ico-ban" as "ICO ban", "payment:alipay" as "payment: alipay"."""
    words = id_.replace(":", ": ").replace("-", " ").replace("_", " ").split(" ")
    return " ".join(word.upper() if word in ACRONYMS else word for word in words)


def listed(words: Sequence[str]) -> str:
    """Words in a row: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def capital(sentence: str) -> str:
    """The sentence with its first letter raised, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]
