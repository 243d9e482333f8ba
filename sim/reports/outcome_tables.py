"""What came out: findings in a sentence each, and the measures as a table, with what intervals cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.model.outcomes.measures import describe
from sim.plot.figures.difference import DifferenceRow, gather_difference
from sim.plot.plotted_quantity import decimals_for, interval_words, number, quantity_of
from sim.plot.style import capital, listed, percent
from sim.plot.wording import cut, policy_labels, policy_words
from sim.reports.figures_shown import MEASURES
from sim.reports.report_blocks import Block, Paragraphs, Table
from sim.results.run import Run
from sim.study.study import Study

_MORE = ("half_life", "rebound", "concentration", "agency_days", "licences_granted", "blocked_sites")
"""Measures that the table of differences has beside the main ones, where some policy differs in them."""
_ONE_HISTORY = (
    "This is one possible history among many. What is due to the policy and what to chance is told by a comparison of "
    "policies over many replications."
)
_TRUST = "Trust a finding only if it holds over all values that are not known, not at those of the file alone."


def outcome_blocks(result: Run | Study) -> tuple[Block, ...]:
    """The measures of a run, or those of the policies of a study with their paired differences."""
    return (Paragraphs((_ONE_HISTORY,)), *_run_tables(result)) if isinstance(result, Run) else tuple(_of_study(result))


def _run_tables(run: Run) -> tuple[Table, ...]:
    """The measures, then those that break another one down."""
    text = run.scenario.labels.text
    rows = [(name, (capital(quantity_of(name).name), _words(name, value), text(describe(name).meaning)))
            for name, value in {**run.measures, **run.own_measures()}.items()]  # fmt: skip
    heads, numbers = ("measure", "value", "meaning"), frozenset({1})
    main, parts = (tuple(row for name, row in rows if (":" in name) is apart) for apart in (False, True))
    broken_down = text("Measures by mode, host, strategy and exchange")
    whole = Table("Measures of this history", heads, main, numbers)
    return whole, Table(broken_down, heads, parts, numbers, folded=True)


def _words(measure: str, value: float) -> str:
    """A level with its unit and three figures; a whole number as it is."""
    quantity = quantity_of(measure)
    scaled = quantity.factor * value
    if np.isnan(scaled):
        return "undefined"
    return quantity.level(scaled, 0 if scaled == round(scaled) else decimals_for([scaled], 3))


def _of_study(study: Study) -> Iterator[Block]:
    if len(study.policies) == 1:
        yield _levels(study)
        yield Paragraphs((_scope(study),))
        return
    names = [*_main(study), *(name for name in _MORE if _differs(study, name))]
    yield Paragraphs(tuple(_finding(study, name) for name in _main(study)), listed=True)
    yield _differences(study, names)
    sentences = [_scope(study)]
    if study.draws is None and study.scenario.uncertainties:
        sentences.append(_TRUST)
    for name in names:
        for policy, reason in study.undefined(name).items():
            sentences.append(f"{capital(quantity_of(name).name)} is undefined under {policy_words(policy)}: {reason}.")
    if study.failed:
        sentences.append(f"{len(study.failed):,} replications failed and are left out.")
    yield Paragraphs(tuple(sentences))
    meanings = [f"{capital(quantity_of(name).name)}: {describe(name).meaning}." for name in names]
    yield Paragraphs(tuple(map(study.scenario.labels.text, meanings)), listed=True)


def _main(study: Study) -> list[str]:
    """The main measures, and those that users added."""
    return [*MEASURES, *(name for name in study.measures if name not in study.names)]


def _finding(study: Study, measure: str) -> str:
    """The title of a figure of the measure, where not even its sign is sure, and where it is not always defined."""
    data = gather_difference(study, measure)
    unsure = [cut(row.policy) for row in data.rows if row.excludes_zero and row.draws[0] < 0.0 < row.draws[1]]
    doubt = f" Over the draws of what is not known, it can be higher or lower under {listed(unsure)}." if unsure else ""
    holes = "".join(
        f" Under {cut(row.policy)} it is defined in {row.n:,} of {row.n + row.undefined:,} only."
        for row in data.rows if row.undefined and row.n
    )  # fmt: skip
    return f"{data.title}.{doubt}{holes}"


def _scope(study: Study) -> str:
    """What the intervals cover."""
    return f"What the intervals cover: {study.interval_scope.removeprefix('intervals: ').replace('`', '')}."


def _differs(study: Study, measure: str) -> bool:
    """Whether some policy surely differs from the first, by more than rounds to nothing."""
    rows = gather_difference(study, measure).rows
    return any(row.excludes_zero and round(row.mean, row.decimals) for row in rows)


def _levels(study: Study) -> Table:
    rows = []
    for name in (*_main(study), *_MORE):
        level, meaning = study.level(name), study.scenario.labels.text(describe(name).meaning)
        interval = f"{_words(name, level.low)} to {_words(name, level.high)}" if level.n > 1 else ""
        rows.append((capital(quantity_of(name).name), _words(name, level.mean), interval, f"{level.n:,}", meaning))
    heads = ("measure", "mean", "95 % interval", "defined in", "meaning")
    return Table("Means over the replications", heads, tuple(rows), frozenset({1, 2, 3}))


def _differences(study: Study, names: list[str]) -> Table:
    labels = policy_labels(study.scenario, study.policies)
    heads = ["measure", "policy", "difference", "95 % interval", "95 % of draws", "same sign", "level", "defined in"]
    rows = [row for name in names for row in _rows(study, name, labels)]
    if study.draws is None:
        draws = heads.index("95 % of draws")
        for cells in (heads, *rows):
            del cells[draws]
    caption = f"Levels, and paired differences from {policy_words(labels[study.policies[0]])}"
    numbers = frozenset(range(2, len(heads)))
    return Table(caption, tuple(heads), tuple(map(tuple, rows)), numbers, grouped=True)


def _rows(study: Study, measure: str, labels: Mapping[str, str]) -> Iterator[list[str]]:
    """The level of a measure under each policy, and how it differs from the first."""
    data = gather_difference(study, measure)
    unit = f" ({data.quantity.change})" if data.quantity.change else ""
    differences = {row.policy: _cells(row) for row in data.rows}
    for policy, label in labels.items():
        level = _words(measure, study.level(measure, policy).mean)
        if policy == study.policies[0] or label in differences:
            *cells, defined = differences.get(label, [""] * 5)
            yield [f"{capital(data.quantity.name)}{unit}", label, *cells, level, defined]


def _cells(row: DifferenceRow) -> list[str]:
    """Difference, interval, range of the draws, how often it has the sign of the mean, and where it is defined."""
    defined = f"{row.n:,} of {row.n + row.undefined:,}"
    if np.isnan(row.mean):
        return ["undefined", "", "", "", defined]
    interval = interval_words(row.low, row.high, row.decimals, sign=True)
    draws = "" if np.isnan(row.draws[0]) else interval_words(*row.draws, row.decimals, sign=True)
    sign = percent(row.sign) if row.mean else ""
    return [number(row.mean, row.decimals, sign=True), interval, draws, sign, defined]
