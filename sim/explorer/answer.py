"""What a study says to a question: the finding and its interval in words, a table, and the chart."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.explorer.question import Question
from sim.plot.figures.difference import DifferenceRow, difference_row, difference_words
from sim.plot.figures.fan import draw_fan, gather_fan
from sim.plot.marks import differing_marks
from sim.plot.page import DPI, HEIGHT, WIDTH, Margins
from sim.plot.plotted_quantity import Quantity, decimals_for, interval_words, number, quantity_of
from sim.plot.style import capital
from sim.plot.wording import policy_labels, policy_words, scope_note
from sim.plurals import counted
from sim.study.statistics.confidence_intervals import Difference
from sim.study.study import BASELINE, Study

_NARROW = (4.4, 4.2)
"""Size of the chart on a phone, in inches."""
_SVG_DPI = 72
"""Points are the unit of SVG."""
_CONFIDENCE = "95 %"


def difference_of(study: Study, name: str, question: Question) -> dict[str, Any]:
    """The finding, the table and what the interval covers, of a study of values of the file."""
    quantity = quantity_of(question.measure)
    found = study.paired(question.measure, name)
    return {
        "finding": _finding(study, name, question, quantity, found),
        "rows": _rows(study, name, question, quantity, found),
        "numbers": _numbers(study, name, question.measure, found),
        "covers": scope_note(study.interval_scope),
        "failed": _failures(study),
    }


def draws_of(study: Study, name: str, question: Question) -> dict[str, Any]:
    """The same of a study over draws of what is uncertain, and where the middle of the draws lies."""
    quantity, measure = quantity_of(question.measure), question.measure
    said = difference_of(study, name, question)
    low, high = study.draw_range(measure, name)
    row = study.plausible(measure).to_dict("index")[name]
    if np.isfinite(low):
        decimals = _row(quantity, study.paired(measure, name)).decimals
        words = interval_words(quantity.factor * low, quantity.factor * high, decimals, sign=True)
        higher, lower = (f"{100 * row[way]:.0f} %" for way in ("higher", "lower"))
        middle = f"The middle 95 % of {row['worlds']:.0f} draws: {words} {quantity.change}".rstrip()
        said["finding"] += f" {middle}. Higher than under the baseline in {higher} of them, lower in {lower}."
    return said | {"numbers": said["numbers"] | {"draws_low": _plain(low), "draws_high": _plain(high)}}


def chart_of(study: Study, name: str, question: Question, *, narrow: bool = False) -> dict[str, str]:
    """The share of a mode over time as SVG, and in words what it shows."""
    policies = [BASELINE] if question.is_baseline else [BASELINE, name]
    data = gather_fan(study, question.mode, policies)
    if marks := differing_marks(study.scenario, name, BASELINE):
        data = replace(data, marks=marks)
    figure = Figure(figsize=_NARROW if narrow else (WIDTH, HEIGHT), dpi=DPI, layout=Margins())
    canvas = FigureCanvasSVG(figure)
    draw_fan(figure.add_subplot(), data)
    figure.dpi = _SVG_DPI
    svg = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "regpressure"}):
        # `savefig` would draw twice, to lay out what has its margins already
        canvas.print_svg(svg, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return {"svg": svg.getvalue(), "words": f"{data.title}. {data.source}. {' '.join(data.notes)}"}


def _finding(study: Study, name: str, question: Question, quantity: Quantity, found: Difference) -> str:
    """The difference in a sentence, or why there is none."""
    subject = capital(quantity.name)
    if undefined := study.undefined(question.measure):
        labels = policy_labels(study.scenario, study.policies)
        where = " and ".join(dict.fromkeys(policy_words(labels[policy]) for policy in undefined))
        return f"{subject} is not defined under {where}: {next(iter(undefined.values()))}."
    if question.is_baseline:
        decimals = _level_decimals(study, [BASELINE], question.measure, quantity)
        level = _level(study, BASELINE, question.measure, quantity, decimals)
        return f"{subject} is {level} under the baseline; change something to see a difference."
    if found.n == 0:
        return f"{subject} is not defined under both policies in any replication, so there is no difference."
    row = _row(quantity, found)
    some = "" if not found.undefined else f" It is not defined in {found.undefined} of {found.n + found.undefined}."
    if found.constant and found.mean == 0.0:
        return f"{subject} is the same as under the baseline in every replication.{some}"
    if not row.excludes_zero:
        return f"{subject} cannot be told from that under the baseline ({_interval(quantity, row)}).{some}"
    words = difference_words(quantity, row)
    return f"{subject} is {words} than under the baseline ({_interval(quantity, row)}).{some}"


def _rows(study: Study, name: str, question: Question, quantity: Quantity, found: Difference) -> list[list[str]]:
    """Heading and value of what stands in the table."""
    measure = question.measure
    shown = [BASELINE] if question.is_baseline else [BASELINE, name]
    decimals = _level_decimals(study, shown, measure, quantity)
    levels = [_level(study, policy, measure, quantity, decimals) for policy in shown]
    rows = [[label, level] for label, level in zip(("Baseline", "Explored"), levels, strict=False)]
    if question.is_baseline:
        return rows
    if not found.n:
        return [*rows, ["Difference", "not defined"]]
    row = _row(quantity, found)
    rows.append(["Difference", quantity.difference(row.mean, row.decimals, sign=True)])
    if np.isfinite(row.low):
        words = interval_words(row.low, row.high, row.decimals, sign=True)
        rows.append([f"{_CONFIDENCE} interval", f"{words} {quantity.change}".rstrip()])
    return [*rows, ["Pairs", counted(found.n, "replication")]]


def _row(quantity: Quantity, found: Difference) -> DifferenceRow:
    return difference_row("", found, quantity.factor, decimals_for([quantity.factor * found.half_width]))


def _level_decimals(study: Study, policies: Sequence[str], measure: str, quantity: Quantity) -> int:
    """Decimals that show one figure of the narrowest interval of these levels, so that they can be compared."""
    widths = [quantity.factor * study.level(measure, policy).half_width for policy in policies]
    return max(decimals_for([width]) for width in widths)


def _level(study: Study, policy: str, measure: str, quantity: Quantity, decimals: int) -> str:
    level = study.level(measure, policy)
    return quantity.level(quantity.factor * level.mean, decimals) if level.n else "not defined"


def _interval(quantity: Quantity, row: DifferenceRow) -> str:
    if not np.isfinite(row.low):
        return "one replication, no interval"
    words = interval_words(row.low, row.high, row.decimals, sign=True)
    return f"{_CONFIDENCE} interval {words} {quantity.change}".rstrip()


def _numbers(study: Study, name: str, measure: str, found: Difference) -> dict[str, float | int | None]:
    """The numbers as `regpressure compare --json` has them, null where undefined."""
    level = study.level(measure, name).mean
    values = {"level": level, "mean": found.mean, "low": found.low, "high": found.high}
    return {key: _plain(value) for key, value in values.items()} | {"n": found.n, "undefined": found.undefined}


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _failures(study: Study) -> str:
    """How many replications failed, and why the first did."""
    if not study.failed:
        return ""
    first = study.failed[0]
    count = counted(len(study.failed), "replication")
    return f"{count} failed and are left out; {first.policy}, replication {number(first.replication, 0)}: {first.error}"
