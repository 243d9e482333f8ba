"""A recorded series, month by month, over the fan of what replications forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import caption, name_ends
from sim.plot.labels import fit
from sim.plot.page import TICKS_HEIGHT, date_axis, notebook_axes, plain_axes, reserve, title, y_label
from sim.plot.plotted_dates import day_numbers
from sim.plot.plotted_quantity import QUANTILES
from sim.plot.style import FAINT, INK, Floats, capital
from sim.plot.wording import scenario_source
from sim.study.record_check import RecordCheck
from sim.study.statistics.scores import linear_trend, no_change

_COLOUR = "#0072B2"
_NAIVE = {"no_change": ("#D55E00", "--"), "linear_trend": ("#009E73", ":")}


@dataclass(frozen=True)
class ForecastData:
    """Middles of months (matplotlib days) known and forecast, what is recorded, quantiles (5, m), naive forecasts."""

    known_time: Floats
    known: Floats
    time: Floats
    record: Floats
    quantiles: Floats
    naive: dict[str, Floats]
    label: str
    title: str
    source: str
    notes: tuple[str, ...]


def plot_forecast(check: RecordCheck, forecast: str | None = None, *, ax: Axes | None = None) -> Axes:
    """What replications forecast of a series (the first of the evidence unless named), the record, and naive forecasts.

    Raises ValueError for an unknown forecast, and where the evidence has none.
    """
    return draw_forecast(ax or notebook_axes(), gather_forecast(check, forecast))


def gather_forecast(check: RecordCheck, forecast: str | None = None) -> ForecastData:
    """Quantiles of the replications by month, beside what is recorded."""
    if not check.evidence.forecasts:
        raise ValueError(f"the evidence of {check.scenario.name} has no forecasts")
    name = next(iter(check.evidence.forecasts)) if forecast is None else forecast
    past, record, runs = check.months(name)
    about = check.evidence.forecasts[name]
    times = [day_numbers(np.array([first + (last - first) / 2 for first, last in about.months_of(days)], "M8[D]"))
             for days in (about.known, about.months)]  # fmt: skip
    known = np.log(past)
    naive = {each.__name__: np.exp(each(known, len(record))) for each in (no_change, linear_trend)}
    notes = (
        "Bands hold half and nine tenths of the replications, without errors of model and record. Naive forecasts know "
        f"the months before: no change, and the line of least squares through their logarithms. Parameters: "
        f"{check.parameters}.",
    )
    source = f"{scenario_source(check.scenario, check.runs)}, seed {check.seed}; record: {about.source}"
    return ForecastData(
        times[0], past, times[1], record, np.nanquantile(runs, QUANTILES, axis=0), naive, capital(about.about),
        finding(check, name), source, notes,
    )  # fmt: skip


def finding(check: RecordCheck, forecast: str) -> str:
    """Whether the model forecasts better than the naive ones."""
    row = check.forecasts().loc[forecast]
    naive = f"{row['no_change']:.2f} for no change and {row['linear_trend']:.2f} for a linear trend"
    scores = f"CRPS of the logarithm {row['model']:.2f}, against {naive}"
    better = row["model"] < min(row["no_change"], row["linear_trend"])
    return f"{forecast} is forecast {'better than by both naive forecasts' if better else 'no better'}: {scores}"


def draw_forecast(ax: Axes, data: ForecastData) -> Axes:
    """Draw the fan, the record before and after, and the naive forecasts, named at their ends."""
    for low, high, alpha in ((0, 4, 0.15), (1, 3, 0.3)):
        ax.fill_between(data.time, data.quantiles[low], data.quantiles[high], color=_COLOUR, alpha=alpha, linewidth=0)
    ax.plot(data.time, data.quantiles[2], color=_COLOUR, linewidth=1.6)
    ax.plot(data.known_time, data.known, "o-", color=FAINT, linewidth=1.0, markersize=3.5)
    ax.plot(data.time, data.record, "o-", color=INK, linewidth=1.2, markersize=3.5, zorder=4)
    for name, values in data.naive.items():
        colour, dash = _NAIVE[name]
        ax.plot(data.time, values, dash, color=colour, linewidth=1.3)
    ax.set_ylim(0, None)
    plain_axes(ax)
    date_axis(ax, float(data.known_time[0]) - 15.0, float(data.time[-1]))
    y_label(ax, data.label)
    ends = {"model": data.quantiles[2, -1], "record": data.record[-1]}
    ends |= {name.replace("_", " "): values[-1] for name, values in data.naive.items()}
    names = [fit(name, bold=True) for name in ends]
    reserve(ax, left=54, right=max(width for *_, width in names) + 30)
    colours = [_COLOUR, INK, *(_NAIVE[name][0] for name in data.naive)]
    name_ends(ax, names, list(ends.values()), colours, 16, led=True)
    caption(ax, data.notes, TICKS_HEIGHT + 8)
    title(ax, data.title, data.source)
    return ax
