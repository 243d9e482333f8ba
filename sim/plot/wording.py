"""What several figures of studies share: how policies are called, which are shown, what is covered, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plot.naming import cut
from sim.plot.style import capital
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.study.study import Study

BASELINE = "baseline"


def policy_words(policy: str) -> str:
    """The label of a policy within a sentence; the baseline takes an article."""
    return "the baseline" if policy == BASELINE else cut(policy)


def scope_note(scope: str) -> str:
    """What intervals cover, as a sentence below a figure."""
    return f"{capital(scope).replace('`', '')}."


def study_notes(study: Study) -> tuple[str, ...]:
    """Notes on what the spread of a study covers, and on replications that failed, if any did."""
    scope = scope_note(study.interval_scope)
    if not study.failed:
        return (scope,)
    counts = {policy: sum(failure.policy == policy for failure in study.failed) for policy in study.policies}
    words = ", ".join(f"{count} of {policy}" for policy, count in counts.items() if count)
    return scope, f"Replications that failed are left out: {words} (study.failures() tells why)."


def named_policies(study: Study, policies: Sequence[str] | None) -> tuple[str, ...]:
    """The policies of these names, each once; all if none are named. Raises KeyError for an unknown name."""
    if policies is None:
        return study.policies
    for policy in policies:
        if policy not in study.policies:
            raise KeyError(f"no policy {policy!r}{did_you_mean(policy, study.policies)}")
    return tuple(dict.fromkeys(policies))
