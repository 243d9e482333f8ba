"""How far a study is, on stderr if a person watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.jobs.collect import Progress, Watcher

_LATER = 5.0  # seconds without a result after which compiling is spoken of


@contextmanager
def progress(doing: str) -> Iterator[Watcher | None]:
    """A watcher that shows runs done, their rate, the time left and how wide the intervals are; it leaves no trace."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as shown
    from rich.console import Console

    columns = (
        shown.TextColumn("{task.description}"), shown.BarColumn(), shown.MofNCompleteColumn(), shown.TextColumn("runs"),
        shown.TextColumn("{task.fields[rate]}"), shown.TimeRemainingColumn(), shown.TextColumn("{task.fields[note]}"),
    )  # fmt: skip
    with shown.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None, rate="", note="")
        hint = Timer(_LATER, bar.update, [task], {"note": "(the first run also compiles: about a minute)"})
        hint.daemon = True
        hint.start()

        def watch(now: Progress) -> None:
            if now.simulated or now.stored:
                hint.cancel()
                speed = bar.tasks[0].speed
                rate = f"{speed:,.0f}/s" if speed else ""
                bar.update(task, completed=now.simulated + now.stored, total=now.total, rate=rate, note=note(now))

        try:
            yield watch
        finally:
            hint.cancel()


def note(now: Progress) -> str:
    """For each measure whose precision is not reached yet: the widest interval so far, and what was asked."""
    widest: dict[str, tuple[float, float]] = {}
    for each in now.precision:
        if not each.reached:
            measure, asked = each.target.measure, each.target.half_width
            widest[measure] = max(widest.get(measure, (0.0, asked)), (each.half_width, asked))
    return ", ".join(f"{measure} ±{width:.2g} (asked ±{asked:g})" for measure, (width, asked) in widest.items())
