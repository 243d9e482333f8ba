"""Profile likelihoods: how well the record can be met with a parameter held at each of its values.

At each value the other parameters are those that meet the record best. The deviance, twice the logarithm of the
likelihood lost against the best of all, is about chi-squared with one degree of freedom where the value is true, so
values up to 2.71 make a 90 % interval (Royston 2007, "Profile likelihood for estimation and confidence intervals",
Stata Journal 7(3); Raue et al. 2009, Bioinformatics 25(15): a flat profile is a parameter that is not identified).
Emulators stand for the simulator, with all errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.calibration.history_matching import Matching
    from sim.world.arrays import Floats

_STEP = 1e-4
_ITERATIONS = 40


def profile(matching: Matching, coordinate: int, parts: Floats, best: Floats) -> Floats:
    """The deviance (n,) with one coordinate held at each of `parts` (n,), which are in order.

    `best` (d,) is the point from which the search begins, such as that of a posterior's sample which meets the record
    best. Each next value begins where the one before it, nearer to that point, has ended.
    """
    deviance = np.empty(len(parts))
    middle = int(np.abs(parts - best[coordinate]).argmin())
    for order in (range(middle, len(parts)), range(middle - 1, -1, -1)):
        point = best
        for i in order:
            point, deviance[i] = _best_with(matching, coordinate, float(parts[i]), point)
    whole, _ = _minimised(matching, np.ones(len(best), dtype=bool), best)
    least = min(-2.0 * float(matching.log_likelihood(whole[None])[0]), float(deviance.min()))
    return deviance - least


def _best_with(matching: Matching, coordinate: int, part: float, start: Floats) -> tuple[Floats, float]:
    """The point that meets the record best with a coordinate held, and twice its negative log likelihood."""
    point, free = start.copy(), np.ones(len(start), dtype=bool)
    point[coordinate], free[coordinate] = part, False
    return _minimised(matching, free, point)


def _minimised(matching: Matching, free: NDArray[np.bool_], start: Floats) -> tuple[Floats, float]:
    """The point that meets the record best with the coordinates that are `free`, from a start."""
    from scipy.optimize import minimize

    at = np.flatnonzero(free)

    def with_gradient(values: Floats) -> tuple[float, Floats]:
        steps = np.where(values < 0.5, _STEP, -_STEP)  # inwards
        points = np.tile(start, (len(at) + 1, 1))
        points[:, at] = values
        points[np.arange(len(at)) + 1, at] += steps
        found = -2.0 * matching.log_likelihood(points)
        return float(found[0]), (found[1:] - found[0]) / steps

    found = minimize(
        with_gradient, start[at], jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(at),
        options={"maxiter": _ITERATIONS},
    )  # fmt: skip
    point = start.copy()
    point[at] = found.x
    return point, float(found.fun)
