"""The memory that compiled runs work in: a thread keeps it from batch to batch, since making it takes as long as a run.

Every run begins by restoring the state and clearing all else, so nothing of the run before is left in it, whatever its
world was. Worlds of the same sizes can share it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

import numpy as np

from sim.engine.compiled.workspace import empty_workspace, with_capacity
from sim.kernels.pointers import share
from sim.kernels.record_copies import copied, packed
from sim.model.outcomes.monitor import Monitor, copied_monitor, empty_monitor
from sim.model.outcomes.tally import empty_tally, empty_window_sums
from sim.model.state import EventRequests, JournalBuffer, empty_state, state_sizes
from sim.world.arrays import Floats, World

_MOST_KEPT = 2**24  # bytes that a thread keeps
_of_thread = local()


class RunMemory:
    """State, workspace and their pointers, for worlds of some sizes, with records at `times` and what a monitor needs.

    Without a `window` it is for a single run of which all is kept. `monitor` must not change.
    """

    def __init__(
        self, world: World, times: Floats, window: tuple[float, float] | None, monitor: Monitor | None
    ) -> None:
        self.sizes, self.times, self.window, self.monitor = state_sizes(world), times, window, monitor
        # The event requests and the journal are larger than all else, and empty when a run begins.
        self.state, memory = packed(empty_state(world, 0, 0), leave_out=(EventRequests, JournalBuffer))
        self.blank = copied(memory)
        self.sums = empty_window_sums(world, len(times) if window else 0, np.array(window or (0.0, 0.0), dtype=float))
        own = empty_monitor(world) if monitor is None else copied_monitor(monitor)
        self.workspace = empty_workspace(
            world, self.state, empty_tally(world, times), self.sums, own, whole=window is None
        )
        self.pointers = share(self.state), share(memory), share(self.blank)
        self.workspace_ptr = share(self.workspace)

    def fits(self, world: World, times: Floats, window: tuple[float, float] | None, monitor: Monitor | None) -> bool:
        """Whether it is what would be made of these."""
        same = window == self.window and monitor is self.monitor and np.array_equal(times, self.times)
        return same and self.sizes == state_sizes(world)

    def set_up(self, world: World, seed: int) -> None:
        """Make it that of a world."""
        self.blank.keys[0] = seed  # the key of the draws is all that there is of its kind of number
        self.sums.entry[:] = world.exchanges.entry

    def grow(self) -> None:
        """Make the workspace larger."""
        self.workspace = with_capacity(self.workspace, self.state)
        self.workspace_ptr = share(self.workspace)


@contextmanager
def run_memory(
    world: World, seed: int, times: Floats, window: tuple[float, float] | None, monitor: Monitor | None
) -> Iterator[RunMemory]:
    """The memory of this thread, if it fits and nobody else has it, or a new one. After an error it is not kept."""
    found: RunMemory | None = _of_thread.__dict__.pop("memory", None)
    if found is None or not found.fits(world, times, window, monitor):
        found = RunMemory(world, times, window, monitor)
    found.set_up(world, seed)
    yield found
    if window is not None and sum(block.nbytes for block in found.blank) <= _MOST_KEPT:
        _of_thread.memory = found
