"""What several figures of studies share: how policies are called, which are shown, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plot.names import cut
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.study.study import Study

BASELINE = "baseline"


def policy_words(policy: str) -> str:
    """The label of a policy within a sentence; the baseline takes an article."""
    return "the baseline" if policy == BASELINE else cut(policy)


def failure_note(study: Study) -> tuple[str, ...]:
    """A note on replications that failed, if any did."""
    if not study.failed:
        return ()
    counts = {policy: sum(failure.policy == policy for failure in study.failed) for policy in study.policies}
    words = ", ".join(f"{count} of {policy}" for policy, count in counts.items() if count)
    return (f"Replications that failed are left out: {words} (study.failures() tells why).",)


def named_policies(study: Study, policies: Sequence[str] | None) -> tuple[str, ...]:
    """The policies of these names, each once; all if none are named. Raises KeyError for an unknown name."""
    if policies is None:
        return study.policies
    for policy in policies:
        if policy not in study.policies:
            raise KeyError(f"no policy {policy!r}{did_you_mean(policy, study.policies)}")
    return tuple(dict.fromkeys(policies))
