"""How an exchange can serve traders: modes, what its venues risk, and the strategies that combine them."""

from collections.abc import Mapping
from typing import Literal

Mode = Literal["domestic", "otc", "offshore"]
"""A way in which an exchange serves traders."""

Permit = Literal["domestic", "otc", "offshore", "serving"]
"""What a licence can be for: a venue in a mode, or to serve focal users from abroad."""

TargetMode = Literal["domestic", "otc", "offshore", "disguised"]
"""As `Mode`, with venues that are abroad on paper and run at home told apart from honest offshore ones."""

Posture = Literal["domestic", "otc", "offshore", "disguised", "defy"]
"""What a venue risks being shut for: `defy` is a domestic order book kept open although it is forbidden."""

Strategy = Literal[
    "domestic",
    "otc",
    "offshore",
    "hybrid",
    "disguised",
    "disguised+otc",
    "defy",
    "exit",
    "domestic+otc",
    "domestic+offshore",
    "domestic+otc+offshore",
]
"""The venues that an exchange aims to run: the keys of `STRATEGY_VENUES` that can be chosen."""

FirstStrategy = Strategy | Literal["latent"]
"""A strategy at the start: `latent` exchanges are not there yet."""

STRATEGY_VENUES: Mapping[FirstStrategy, Mapping[Mode, Posture]] = {
    "domestic": {"domestic": "domestic"},
    "otc": {"otc": "otc"},
    "offshore": {"offshore": "offshore"},
    "hybrid": {"otc": "otc", "offshore": "offshore"},
    "disguised": {"offshore": "disguised"},
    "disguised+otc": {"otc": "otc", "offshore": "disguised"},
    "defy": {"domestic": "defy"},
    "exit": {},
    "domestic+otc": {"domestic": "domestic", "otc": "otc"},
    "domestic+offshore": {"domestic": "domestic", "offshore": "offshore"},
    "domestic+otc+offshore": {"domestic": "domestic", "otc": "otc", "offshore": "offshore"},
    "latent": {},
}
"""The posture of each venue that a strategy runs, by mode.

Draws of an exchange's errors are addressed by the place of a strategy in this table, so a new one comes before
`latent` and after all others.
"""
