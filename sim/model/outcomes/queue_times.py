"""How many applications for a licence came to an end, and how long they took, read from the journal."""

from sim.kernels.compile import inlined, kernel
from sim.world import codes as c
from sim.world.arrays import Floats, Ints


@kernel
def queue_times(codes: Ints, day: Floats, waits: Floats) -> None:
    """Fill `waits` (2,): how many applications came to an end, and how many days they took in all.

    `codes` (N, 6) of the journal and the `day` (N,) of each line, ascending. The n-th end of an applicant belongs to
    its n-th application.
    """
    waits[0], waits[1] = 0.0, 0.0
    for i in range(len(codes)):
        if not _ends(codes[i, 0]):
            continue
        nth = 0
        for j in range(i):
            nth += 1 if _ends(codes[j, 0]) and _same_applicant(codes, i, j) else 0
        for j in range(len(codes)):
            if codes[j, 0] == c.E_APPLICATION and _same_applicant(codes, i, j):
                if nth == 0:
                    waits[0] += 1.0
                    waits[1] += day[i] - day[j]
                    break
                nth -= 1


@inlined
def _ends(event: int) -> bool:
    """Whether an application comes to an end."""
    return event in (c.E_GRANTED, c.E_REFUSED, c.E_WITHDRAWN)


@inlined
def _same_applicant(codes: Ints, i: int, j: int) -> bool:
    """Whether two lines are about the same venue."""
    return bool(codes[i, 1] == codes[j, 1] and codes[i, 2] == codes[j, 2])
