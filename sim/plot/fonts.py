"""Fonts for names in all scripts: where the usual font lacks a character, installed ones that have it step in."""

from __future__ import annotations

import warnings
from functools import lru_cache

from matplotlib import rcParams
from matplotlib.font_manager import FontProperties, findfont, fontManager
from matplotlib.ft2font import FT2Font

_FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP", "Noto Sans KR",
    "Source Han Sans SC", "Source Han Sans", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "SimHei",
    "MS Gothic", "NanumGothic", "Arial Unicode MS", "Unifont", "Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari",
    "Noto Sans Thai",
)  # fmt: skip
"""Families with Chinese, Japanese, Korean and other scripts, of the usual systems; the first that fit are taken."""


def families(words: str) -> list[str]:
    """Families to write words in, which share them out character by character: the usual one alone if it has all."""
    usual = list(rcParams["font.family"])
    return [*usual, *_fallbacks_for(frozenset(words) - _characters_of(*usual))]


def drawable(words: str) -> bool:
    """Whether some installed font has every character. If none has, a warning says so, once for each character."""
    missing = frozenset(words) - _characters_of(*rcParams["font.family"])
    missing -= frozenset().union(*(_characters_of(family) for family in _fallbacks_for(missing)))
    if missing:
        _warn_of("".join(sorted(missing)))
    return not missing


@lru_cache(maxsize=256)
def _fallbacks_for(missing: frozenset[str]) -> tuple[str, ...]:
    """Installed families that have some of these characters, until all are there."""
    chosen: list[str] = []
    for family in _installed() if missing else ():
        if found := missing & _characters_of(family):
            chosen.append(family)
            missing -= found
    return tuple(chosen)


@lru_cache(maxsize=1)
def _installed() -> tuple[str, ...]:
    names = {font.name for font in fontManager.ttflist}
    return tuple(family for family in _FALLBACKS if family in names)


@lru_cache(maxsize=64)
def _characters_of(*family: str) -> frozenset[str]:
    font = FT2Font(findfont(FontProperties(family=list(family))))
    return frozenset(map(chr, font.get_charmap())) | {"\n"}


@lru_cache(maxsize=256)
def _warn_of(missing: str) -> None:
    warnings.warn(
        f"no font that is installed has {missing}: figures show the id instead of the name "
        "(Noto Sans CJK has Chinese, Japanese and Korean)",
        stacklevel=2,
    )
