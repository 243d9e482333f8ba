"""What a waiting user sees on stderr, if it is a terminal: a spinner, or the progress of a study."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.collect import Progress, Watcher

_SPINNER_DELAY = 1.0  # seconds; shorter waits show nothing


@contextmanager
def spinner(doing: str) -> Iterator[None]:
    """Show `doing` while the block lasts, from the first second on; remove it at the end."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    status = Console(stderr=True).status(doing)
    timer = Timer(_SPINNER_DELAY, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()


def warn_of_doubts(scenario: Scenario) -> None:
    """Warn, once a process, of what moves in a scenario without any policy, which takes a run to see."""
    from sim.study.do_nothing import announcement, warn_once

    with spinner(announcement(scenario)):
        warn_once(scenario)


def simulating(scenario: str, policy: str) -> AbstractContextManager[None]:
    """A spinner for a simulation."""
    return spinner(f"simulating {scenario}, policy {policy}")


@contextmanager
def progress(doing: str) -> Iterator[Watcher | None]:
    """A watcher that shows runs done, their rate, the time left and the width of intervals; removed at the end."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn(), bars.TextColumn("runs"),
        bars.TextColumn("{task.fields[rate]}"), bars.TimeRemainingColumn(), bars.TextColumn("{task.fields[note]}"),
    )  # fmt: skip
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None, rate="", note="")

        def watch(now: Progress) -> None:
            done = now.simulated + now.stored
            if done:
                speed = bar.tasks[0].speed
                rate = f"{speed:,.0f}/s" if speed else ""
                bar.update(task, completed=done, total=now.total, rate=rate, note=widest_intervals(now))

        yield watch


def widest_intervals(now: Progress) -> str:
    """For each measure whose precision is not reached yet: the widest interval so far, and the precision asked for."""
    widest: dict[str, tuple[float, float]] = {}
    for report in now.precision:
        if not report.reached:
            measure, target = report.target.measure, report.target.half_width
            widest[measure] = max(widest.get(measure, (0.0, target)), (report.half_width, target))
    return ", ".join(f"{measure} ±{width:.2g} (asked ±{target:g})" for measure, (width, target) in widest.items())
