"""Why did this exchange move? Its decisions, the values of its options, and the switching values of its choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame

from sim.clock import days_from, moment_of
from sim.engine.reference import simulate
from sim.engine.reference.reference_run import ReferenceRun
from sim.model.exchanges.reactions import occasion_of
from sim.plurals import counted
from sim.results.run import Run
from sim.results.simulate import simulate as simulate_run
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.study.explain.decision_inputs import decision_inputs
from sim.study.explain.switching_values import Occasion, SwitchingValue, switching_values
from sim.suggest import did_you_mean
from sim.world.arrays import World
from sim.world.build import world_of
from sim.world.build.names import Names
from sim.world.codes import STRATEGIES

_TERMS = ("value", "revenue", "running", "penalty", "launch", "exit", "error", "score")
_SWITCHING_VALUES_LISTED = 6  # of a decision
_USERS_WORDS = {"turns-away": "turns focal users away", "serves-again": "serves focal users again"}
_MEANING = """"At that moment" is about one decision, taken again with one input changed; what happened before stays.
What a history without an intervention comes to is found by running it again: without="ID" in Python, --without ID."""


@dataclass(frozen=True)
class Reason:
    """One decision: its row of `run.decisions`, its options, and its switching values if the exchange moved.

    `users` says in words if it begins or ends to turn focal users away abroad.
    """

    decision: Mapping[str, Any]
    options: DataFrame
    switching_values: tuple[SwitchingValue, ...]
    users: str = ""

    @property
    def moved(self) -> bool:
        """Whether it changed the strategy, or whom it serves."""
        return bool(self.decision["before"] != self.decision["choice"] or self.users)

    def __str__(self) -> str:
        d = self.decision
        lines = [_move_words(d) + (f", {self.users}" if self.users else "")]
        if d["runner_up"]:
            lines.append(f"  ahead of {d['runner_up']} by {d['margin']:.2f} units of {d['scale']:.3g} money")
        feasible = self.options[self.options["feasible"]].sort_values("score", ascending=False)
        table = feasible[["option", *_TERMS]].round(2).to_string(index=False)
        lines += [f"  {line}" for line in table.splitlines()]
        lines += [f"  {value}" for value in self.switching_values[:_SWITCHING_VALUES_LISTED]]
        return "\n".join(lines)


@dataclass(frozen=True)
class Rerun:
    """What the exchange did when the history was run again without some interventions, with the same random draws.

    `moves` are the decisions that changed its strategy; `end` is the strategy it ends with, `end_with` that of the run
    that is explained.
    """

    without: tuple[str, ...]
    moves: tuple[Mapping[str, Any], ...]
    end: str
    end_with: str

    def __str__(self) -> str:
        head = f"Run again without {' and '.join(self.without)}: {counted(len(self.moves), 'move')}, ends {self.end}"
        same = "as it did with" if self.end == self.end_with else f"where it ended {self.end_with} with"
        what = "it" if len(self.without) == 1 else "them"
        return "\n".join([f"{head}, {same} {what}", *map(_move_words, self.moves)])


@dataclass(frozen=True)
class Explanation:
    """All decisions of one exchange in one run; `rerun`: what it did without some interventions, if that was asked."""

    exchange: str
    name: str
    reasons: tuple[Reason, ...]
    rerun: Rerun | None = None

    @property
    def moves(self) -> tuple[Reason, ...]:
        """The decisions that changed the strategy, or whom the exchange serves."""
        return tuple(reason for reason in self.reasons if reason.moved)

    def table(self) -> DataFrame:
        """One row per decision; column `flip` has the nearest switching value in words."""
        rows = [{**r.decision, "flip": str(r.switching_values[0]) if r.switching_values else ""} for r in self.reasons]
        columns = ["date", "cause", "before", "choice", "host", "runner_up", "margin", "flip"]
        return DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON; switching values stand under `flips`, a rerun under `rerun`."""
        rerun = self.rerun and {**vars(self.rerun), "moves": [_dated(move) for move in self.rerun.moves]}
        return {
            "exchange": self.exchange,
            "name": self.name,
            "decisions": [
                {
                    **_dated(r.decision),
                    "options": r.options.drop(columns="decision").to_dict("records"),
                    "users": r.users,
                    "flips": [vars(value) for value in r.switching_values],
                }
                for r in self.reasons
            ],
            "rerun": rerun,
        }

    def __str__(self) -> str:
        stayed = len(self.reasons) - len(self.moves)
        head = f"{self.name}: {counted(len(self.moves), 'move')}; {stayed} times it decided again and stayed"
        rerun = [] if self.rerun is None else [str(self.rerun)]
        return "\n\n".join([head, *(str(reason) for reason in self.moves), *rerun, _MEANING])


def _move_words(d: Mapping[str, Any]) -> str:
    """A decision that changed a strategy, in a line."""
    head = f"{d['date']:%Y-%m-%d}  {d['before']} -> {d['choice']}" + (f" ({d['host']})" if d["host"] else "")
    if d["before"] == "exit" and d["choice"] != "exit":
        head += ", dormant, opens again"
    return f"{head}   [{d['cause'] or d['trigger']}]"


def _users_words(run: Run, exchange: str, date: Any) -> str:
    """Whether an exchange begins or ends at this date to turn focal users away, in words."""
    journal = run.journal
    events = journal.loc[(journal["subject"] == exchange) & (journal["date"] == date), "event"]
    return "; ".join(words for event, words in _USERS_WORDS.items() if event in set(events))


def _dated(decision: Mapping[str, Any]) -> dict[str, Any]:
    """A decision with its date as text."""
    return {key: str(value) if key == "date" else value for key, value in decision.items()}


def explain(run: Run, exchange: str, without: str | Iterable[str] = ()) -> Explanation:
    """Explain the decisions of an exchange, by id or name.

    The run is repeated up to each of its moves. There the decision is taken again with one input at a time scaled up or
    down, all else unchanged. `without`: interventions or rules (ids) without which the history is run again from its
    start. Raises ValueError for an exchange or id that the run does not have.
    """
    ids = (without,) if isinstance(without, str) else tuple(without)
    fewer = run.scenario.policies[run.policy].without(*ids)
    world, names, f = find_exchange(run.scenario, run.policy, exchange)
    member = names.exchanges[f]
    decisions = run.decisions[run.decisions["exchange"] == member.id]
    values_by_number = _switching_values_of_moves(run, world, names, f)
    reasons = []
    for number, row in enumerate(decisions.to_dict("records")):
        options = run.options[run.options["decision"] == row["decision"]]
        decision = {str(key): value for key, value in row.items()}
        users = _users_words(run, member.id, row["date"])
        reasons.append(Reason(decision, options, tuple(values_by_number.get(number, ())), users))
    return Explanation(member.id, member.name, tuple(reasons), _rerun(run, fewer, ids, member.id) if ids else None)


def _rerun(run: Run, policy: Policy, ids: tuple[str, ...], exchange: str) -> Rerun:
    """What the exchange did in the same history under a policy without some interventions."""
    other = simulate_run(run.scenario, policy, run.seed, run.replication, run.until)
    decisions = other.decisions[other.decisions["exchange"] == exchange]
    moves = decisions[decisions["before"] != decisions["choice"]].to_dict("records")
    end, end_with = (_last_strategy(one, exchange) for one in (other, run))
    return Rerun(ids, tuple({str(key): value for key, value in move.items()} for move in moves), end, end_with)


def _last_strategy(run: Run, exchange: str) -> str:
    return STRATEGIES[int(run.data["strategy"].isel(time=-1).sel(exchange=exchange))]


def find_exchange(scenario: Scenario, policy: str, exchange: str) -> tuple[World, Names, int]:
    """The world of a scenario under a policy with its names, and the index of an exchange, by id or name.

    Raises ValueError for an exchange that is not there.
    """
    world, names = world_of(scenario, policy)
    for f, member in enumerate(names.exchanges):
        if str(exchange).lower() in (member.id.lower(), member.name.lower()):
            return world, names, f
    known = {*names.exchange_ids, *(member.name for member in names.exchanges)}
    raise ValueError(f"no exchange {exchange!r}{did_you_mean(exchange, known)}")


def repeat(run: Run, world: World, before_decision: Callable[[ReferenceRun, int, int, int], None]) -> Any:
    """Repeat a run in the reference engine, with `before_decision` called before each decision; the decisions made."""
    days = days_from(run.scenario.start, run.scenario.end if run.until is None else moment_of(run.until))
    return simulate(world, run.seed, run.replication, days, run.scenario.record.every, before_decision).decisions


def occasion_at(run: ReferenceRun, f: int, cause: int, reason: int) -> Occasion:
    """The decision that exchange f is about to take."""
    number = occasion_of(run.world, run.state, f, cause, reason)
    return Occasion(run.world_ptr, run.state_ptr, run.state, f, run.now, cause, reason, number)


def _switching_values_of_moves(run: Run, world: World, names: Names, f: int) -> dict[int, list[SwitchingValue]]:
    """The switching values of the decisions that change the strategy of exchange f, by number of the decision."""
    by_number: dict[int, list[SwitchingValue]] = {}
    numbers = iter(range(len(run.decisions) + 1))

    def before_decision(repeated: ReferenceRun, g: int, cause: int, reason: int) -> None:
        if g != f:
            return
        number, occasion = next(numbers), occasion_at(repeated, f, cause, reason)
        actual = occasion.decide()
        if actual != repeated.state.exchanges.strategy[f]:
            inputs = decision_inputs(world, repeated.state, names, f)
            by_number[number] = switching_values(occasion, inputs, actual)

    repeat(run, world, before_decision)
    return by_number
