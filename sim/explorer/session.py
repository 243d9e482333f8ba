"""What both front ends talk to: a scenario, and answers to the questions that are asked of it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from threading import Lock
from typing import Any

from sim.explorer.answer import chart_of, difference_of, draws_of
from sim.explorer.growing_study import GrowingStudy
from sim.explorer.question import Question, name_of_explored, read_question, written_policy, yaml_of
from sim.explorer.subject import subject_of
from sim.scenario.errors import ScenarioError
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario, with_changes
from sim.study.drawn_from import DrawnFrom
from sim.study.jobs.worker_pool import Workers
from sim.study.statistics.posterior import posterior_file, posterior_of

_FIRST_STEP = 8
"""Replications after which there is something to see."""
_DRAWS, _DRAWS_AT_A_TIME = 60, 4
"""Draws of what is uncertain, at most; and between two answers, so that no other question waits long."""

_LOG = logging.getLogger("sim")

Answer = dict[str, Any]
"""For JSON: `problem` if the question has no answer, else what `Session.answer` says."""


class Session:
    """A scenario that is explored, and the replications that were simulated for it so far.

    `replications`: of each policy, in steps. Over draws, the plausible worlds of the posterior are taken if `drawn` is
    "posterior", else the ranges under `uncertainties`. One question is answered at a time, whoever asks.
    """

    def __init__(
        self, scenario: Scenario, *, seed: int = 0, replications: int = 100, workers: Workers = None,
        posterior: bool = False,
    ) -> None:  # fmt: skip
        self.scenario, self.seed, self.workers = scenario, seed, workers
        self.name = name_of_explored(scenario)
        self._growing = GrowingStudy(scenario, seed, workers, replications)
        self._drawn_from: DrawnFrom = "posterior" if posterior else _DRAWS
        self._drawn: GrowingStudy | None = None
        self._lock = Lock()
        self._last: tuple[Question, Policy] | None = None

    @property
    def subject(self) -> dict[str, Any]:
        """What can be explored, with the numbers of replications that are to be asked for one after another."""
        draws = list(range(_DRAWS_AT_A_TIME, _DRAWS + 1, _DRAWS_AT_A_TIME)) if self.scenario.uncertainties else []
        return subject_of(self.scenario) | {
            "name": self.scenario.name,
            "explored": self.name,
            "seed": self.seed,
            "steps": list(_steps(self._growing.most)),
            "draws": draws,
        }

    def answer(self, asked: object) -> Answer:
        """The answer to a question as a front end sends it; what is wrong with it is told, in one sentence.

        Beside what `read_question` reads: `replications`, or `draws` for an answer over so many draws, and `narrow`
        for the chart of a phone.
        """
        with self._lock:
            try:
                question = read_question(asked, self.scenario)
                return self._answer(question, asked if isinstance(asked, dict) else {})
            except ScenarioError as error:
                return {"problem": _sentence(error)}
            except ValueError as error:
                return {"problem": str(error)}
            except Exception as error:  # whoever waits for an answer gets one
                _LOG.exception("a question could not be answered")
                return {"problem": f"This is a fault of the program: {type(error).__name__}: {error}"}

    def policy(self, question: Question) -> Policy:
        """The policy asked for. Raises ScenarioError for one that the world does not admit."""
        if self._last is None or self._last[0] != question:
            written = written_policy(question, self.scenario.policies[question.policy])
            self._last = question, with_changes(self.scenario, self.name, written)
        return self._last[1]

    def _answer(self, question: Question, plain: dict[str, Any]) -> Answer:
        policy = self.policy(question)
        if (draws := _count(plain, "draws")) is not None:
            study = self._over_draws().study(self.name, policy, max(draws, 2))
            return draws_of(study, self.name, question) | {"replications": study.replications[self.name]}
        study = self._growing.study(self.name, policy, _count(plain, "replications") or _FIRST_STEP)
        return difference_of(study, self.name, question) | {
            "chart": chart_of(study, self.name, question, narrow=bool(plain.get("narrow"))),
            "yaml": yaml_of(self.name, written_policy(question, self.scenario.policies[question.policy])),
            "replications": study.replications[self.name],
        }

    def _over_draws(self) -> GrowingStudy:
        if self._drawn is None:
            self._drawn = GrowingStudy(self.scenario, self.seed, self.workers, _DRAWS, self._drawn_from)
        return self._drawn


def session_of(scenario: Scenario, *, seed: int = 0, replications: int = 100, workers: Workers = None) -> Session:
    """A session that draws from the posterior beside the scenario file, if there is one that fits the scenario."""
    return Session(scenario, seed=seed, replications=replications, workers=workers, posterior=_has_posterior(scenario))


def _has_posterior(scenario: Scenario) -> bool:
    file = posterior_file(scenario)
    if file is None or not file.is_file():
        return False
    try:
        posterior_of(scenario)
    except (ScenarioError, ValueError) as error:
        warnings.warn(f"draws are from the ranges of the file: {error}", stacklevel=3)
        return False
    return True


def _steps(most: int) -> Iterator[int]:
    """Numbers of replications that grow by half or more, up to `most`."""
    count = min(_FIRST_STEP, most)
    while count < most:
        yield count
        count = min(count + max(count, _FIRST_STEP), count + 40)
    yield most


def _count(plain: dict[str, Any], name: str) -> int | None:
    value = plain.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} is a whole number from 1 on, not {value!r}")
    return value


def _sentence(error: ScenarioError) -> str:
    """The first thing that is wrong, and how many more there are."""
    first, *others = error.problems
    where = first.path.rpartition(".")[2]
    more = f" (and {len(others)} more)" if others else ""
    return f"{where}: {first.message}{more}" if where else f"{first.message}{more}"
