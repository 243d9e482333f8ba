"""What a rival in Python is made of besides its library: objects, or NumPy's arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.benchmarks.rivals import firm, market, objects


class Parts(NamedTuple):
    """A market, and firms that fit it."""

    market: Any
    firm: Any


OBJECTS = Parts(objects.Market, objects.Firm)
ARRAYS = Parts(market.Market, firm.Firm)
