"""The generator of random words: Philox4x64-10.

Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
"""

import numpy as np
from numpy.typing import NDArray

from sim.kernels.compile import inlined

Word = np.uint64 | int
M0, M1 = 0xD2E7470EE14C6C93, 0xCA5A826395121157
W0, W1 = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
_WORD = 2**64 - 1
_SHIFT = np.uint64(11)
ROUNDS = 10
_STEP = 2.0**-53
_LAST = 1.0 - _STEP


@inlined
def philox(key: NDArray[np.uint64], c0: Word, c1: Word, c2: Word, c3: Word) -> tuple[Word, Word, Word, Word]:
    """Four 64-bit words for counter (c0, c1, c2, c3) under key (2,).

    Python's integers have no end, so here words are cut to length; compiled code has `philox_words`.
    """
    k0, k1 = int(key[0]), int(key[1])
    c0, c1, c2, c3 = int(c0) & _WORD, int(c1) & _WORD, int(c2) & _WORD, int(c3) & _WORD
    for _ in range(ROUNDS):
        product0, product1 = M0 * c0, M1 * c2
        c0, c1, c2, c3 = ((product1 >> 64) ^ c1 ^ k0, product1 & _WORD, (product0 >> 64) ^ c3 ^ k1, product0 & _WORD)
        k0, k1 = (k0 + W0) & _WORD, (k1 + W1) & _WORD
    return c0, c1, c2, c3


@inlined
def unit(word: Word) -> float:
    """A uniform in (0, 1), never an end point."""
    return min((float(word >> _SHIFT) + 0.5) * _STEP, _LAST)  # half a step below 1 is rounded to 1
