"""All that Python calls in compiled code. It is compiled together, so that it is all at hand or none of it is used.

What else of the model Python calls, it calls as it stands.
"""

import numpy as np

from sim.engine.block import empty_block
from sim.engine.compiled import loop
from sim.engine.compiled.ledger import empty_ledger
from sim.engine.result import empty_frame
from sim.model import decide as decisions
from sim.model import handlers, levers, snapshot, tally
from sim.model.kernel import Entrance, cache_folder, in_python
from sim.model.memory import packed
from sim.model.shared import share
from sim.model.state import empty_state
from sim.model.world import World

run_replications = Entrance(loop.run_replications)
happen = Entrance(handlers.happen)
begin = Entrance(handlers.begin)
decide = Entrance(decisions.decide)
all_levers_moved = Entrance(levers.all_levers_moved)
take_snapshot = Entrance(snapshot.snapshot)
tally_record = Entrance(tally.tally_record)

_ALL = (run_replications, happen, begin, decide, all_levers_moved, take_snapshot, tally_record)


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
    from sim.model.library import object_file

    return object_file().is_file()


def prepare(world: World) -> None:
    """Have them compiled, or loaded, with the records of any world to show what they will be handed."""
    if in_python or _loaded():
        return
    from sim.model.library import load, object_file

    state, memory = packed(empty_state(world, 0, 0))
    counts, spells = tally.empty_tally(world, np.zeros(1)), tally.empty_spells(world, 1, np.zeros(2))
    ledger = empty_ledger(world, state, counts, spells, whole=True)
    w, s, here = share(world), share(state), share(memory)
    batch = share(loop.batch_of(empty_block(world, 1, 1), np.zeros(1, np.int64)))
    load(
        {
            run_replications: (w, s, here, here, share(ledger), batch, 0.0),
            happen: (w, s, 0, 0, 0, 0, 0.0),
            begin: (w, s),
            decide: (w, s, 0, 0.0, 0, 0, 0),
            all_levers_moved: (w, s),
            take_snapshot: (w, s, share(empty_frame(world, 1)), 0, 0.0),
            tally_record: (w, s, share(counts), share(spells), 0),
        },
        object_file(),
    )
