"""All that Python calls in compiled code. It is compiled together, so that it is all at hand or none of it is used.

What else of the model Python calls, it calls as it stands.
"""

import numpy as np

from sim.engine.compiled import loop
from sim.engine.compiled.workspace import empty_workspace
from sim.engine.result import empty_batch
from sim.kernels.cache import cache_folder
from sim.kernels.compile import Entrance, in_python
from sim.kernels.pointers import share
from sim.kernels.record_copies import packed
from sim.model.exchanges import decisions
from sim.model.handlers import dispatch
from sim.model.outcomes import monitor, snapshot, tally
from sim.model.regulators import lever_totals
from sim.model.state import empty_state
from sim.world.arrays import World

run_replications = Entrance(loop.run_replications)
handle = Entrance(dispatch.handle)
initialise = Entrance(dispatch.initialise)
decide = Entrance(decisions.decide)
all_levers_moved = Entrance(lever_totals.all_levers_moved)
take_snapshot = Entrance(snapshot.snapshot)
tally_record = Entrance(tally.tally_record)
monitor_record = Entrance(monitor.monitor_record)

_ALL = (run_replications, handle, initialise, decide, all_levers_moved, take_snapshot, tally_record, monitor_record)


def at_hand(world: World) -> bool:
    """Whether they are compiled: in this process or in the cache, from where they are loaded."""
    if in_python or not (_loaded() or _kept()):
        return False
    prepare(world)
    return True


def _loaded() -> bool:
    return all(entrance.native is not None for entrance in _ALL)


def _kept() -> bool:
    if not cache_folder().is_dir():
        return False
    from sim.kernels.library import object_file

    return object_file().is_file()


def prepare(world: World) -> None:
    """Have them compiled, or loaded, with the records of any world to show what they will be handed."""
    if in_python or _loaded():
        return
    from sim.kernels.library import load, object_file

    state, memory = packed(empty_state(world, 0, 0))
    counts, sums = tally.empty_tally(world, np.zeros(1)), tally.empty_window_sums(world, 1, np.zeros(2))
    watched = monitor.empty_monitor(world)
    workspace = empty_workspace(world, state, counts, sums, watched, whole=True)
    w, s, here = share(world), share(state), share(memory)
    job = share(loop.job_of(empty_batch(world, 1, 1, 0), np.zeros(1, np.int64)))
    load(
        {
            run_replications: (w, s, here, here, share(workspace), job, 0.0),
            handle: (w, s, 0, 0, 0, 0, 0.0),
            initialise: (w, s),
            decide: (w, s, 0, 0.0, 0, 0, 0),
            all_levers_moved: (w, s),
            take_snapshot: (w, s, share(snapshot.empty_frame(world, 1)), 0, 0.0),
            tally_record: (w, s, share(counts), share(sums), 0),
            monitor_record: (w, s, share(watched), 0),
        },
        object_file(),
    )
