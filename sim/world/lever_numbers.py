"""Levers as numbers, for arrays and kernels: the number of a lever is its place in the table `sim.schedule.levers`."""

from typing import Final

import numpy as np

from sim.schedule.levers import LEVERS, PHASES, RULES

NUMBER: Final = {lever.name: number for number, lever in enumerate(LEVERS)}
L_PAYMENT: Final = NUMBER["payment"]
L_ACCESS: Final = NUMBER["access"]
L_FEE: Final = NUMBER["fee"]
L_PERMISSION: Final = NUMBER["permission"]
L_CLAIM: Final = NUMBER["claim"]
L_RISK: Final = NUMBER["risk"]
L_HAZARD: Final = NUMBER["hazard"]
L_DETECTION: Final = NUMBER["detection"]
L_STAFFING: Final = NUMBER["staffing"]
L_ENTRY: Final = NUMBER["entry-cost"]

# By number of the lever.
PHASE: Final = np.array([PHASES.index(lever.phase) for lever in LEVERS])
RULE: Final = np.array([RULES.index(lever.rule) for lever in LEVERS])
IS_FRICTION: Final = np.array([lever.sort == "friction" for lever in LEVERS])
HOLDS_OR_NOT: Final = np.array([lever.sort in ("permission", "flag") for lever in LEVERS])
NEUTRAL: Final = np.array([1.0 if lever.rule == "product" else 0.0 for lever in LEVERS])

SUM: Final = RULES.index("sum")
PRODUCT: Final = RULES.index("product")
