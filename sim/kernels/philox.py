"""The generator of random words: Philox4x64-10, with its 128-bit product as one instruction of the processor.

Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending as untyped_extending
from numba import types
from numpy.typing import NDArray

from sim.kernels.compile import OPTIONS, inlined

extending: Any = untyped_extending
Word = np.uint64 | int
_M0, _M1 = 0xD2E7470EE14C6C93, 0xCA5A826395121157
_W0, _W1 = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
_WORD = 2**64 - 1
_SHIFT = np.uint64(11)
_ROUNDS = 10
_STEP = 2.0**-53


def philox(key: NDArray[np.uint64], c0: Word, c1: Word, c2: Word, c3: Word) -> tuple[Word, Word, Word, Word]:
    """Four 64-bit words for counter (c0, c1, c2, c3) under key (2,).

    Python's integers have no end, so here words are cut to length; kernels call `_philox`.
    """
    k0, k1 = int(key[0]), int(key[1])
    c0, c1, c2, c3 = int(c0) & _WORD, int(c1) & _WORD, int(c2) & _WORD, int(c3) & _WORD
    for _ in range(_ROUNDS):
        product0, product1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (product1 >> 64) ^ c1 ^ k0,
            product1 & _WORD,
            (product0 >> 64) ^ c3 ^ k1,
            product0 & _WORD,
        )
        k0, k1 = (k0 + _W0) & _WORD, (k1 + _W1) & _WORD
    return c0, c1, c2, c3


@extending.intrinsic  # type: ignore[untyped-decorator]
def _high(_context: Any, a: Any, b: Any) -> Any:
    """Upper half of the 128-bit product of two 64-bit words: one instruction."""

    def generate(_: Any, builder: Any, _signature: Any, words: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(word, wide) for word in words))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


def _philox(
    key: NDArray[np.uint64], c0: Word, c1: Word, c2: Word, c3: Word
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The same in words of 64 bits, for kernels."""
    m0, m1, w0, w1, k0, k1 = np.uint64(_M0), np.uint64(_M1), np.uint64(_W0), np.uint64(_W1), key[0], key[1]
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    for _ in range(_ROUNDS):
        high0, low0 = _high(m0, x0), m0 * x0
        high1, low1 = _high(m1, x2), m1 * x2
        x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
        k0, k1 = k0 + w0, k1 + w1
    return x0, x1, x2, x3


@extending.overload(philox, {**OPTIONS, "forceinline": True, "_nrt": False}, strict=False)  # type: ignore[untyped-decorator]
def _in_kernels(key: Any, c0: Any, c1: Any, c2: Any, c3: Any) -> Any:
    return _philox


@inlined
def unit(word: Word) -> float:
    """A uniform in (0, 1), never an end point."""
    return (float(word >> _SHIFT) + 0.5) * _STEP
