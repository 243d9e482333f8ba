"""Journal lines, written by the model so that every engine has the same journal."""

from sim.kernels.compile import inlined
from sim.model.state import JournalBuffer


@inlined
def write_line(
    journal: JournalBuffer,
    now: float,
    event: int,
    subject: int,
    mode: int,
    host: int,
    cause: int,
    index: int,
    value: float,
) -> None:
    """Write a line; -1 stands for no mode, no host, no cause index."""
    n = journal.used[0]
    row = journal.codes[n]
    row[0], row[1], row[2], row[3], row[4], row[5] = event, subject, mode, host, cause, index
    journal.values[n, 0] = now
    journal.values[n, 1] = value
    journal.used[0] = n + 1
