"""The generator in words of 64 bits, as compiled code has them, with its 128-bit product as one instruction."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending as untyped_extending
from numba import types
from numpy.typing import NDArray

from sim.kernels.philox import M0, M1, ROUNDS, W0, W1

extending: Any = untyped_extending


@extending.intrinsic  # type: ignore[untyped-decorator]
def _high(_context: Any, a: Any, b: Any) -> Any:
    """Upper half of the 128-bit product of two 64-bit words: one instruction."""

    def generate(_: Any, builder: Any, _signature: Any, words: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(word, wide) for word in words))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


def philox(
    key: NDArray[np.uint64], c0: Any, c1: Any, c2: Any, c3: Any
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """As `philox.philox`."""
    m0, m1, w0, w1, k0, k1 = np.uint64(M0), np.uint64(M1), np.uint64(W0), np.uint64(W1), key[0], key[1]
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    for _ in range(ROUNDS):
        high0, low0 = _high(m0, x0), m0 * x0
        high1, low1 = _high(m1, x2), m1 * x2
        x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
        k0, k1 = k0 + w0, k1 + w1
    return x0, x1, x2, x3
