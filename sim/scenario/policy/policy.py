"""Policies, and the methods that make others of them."""

from collections.abc import Iterable, Mapping

from sim.scenario.policy import algebra
from sim.scenario.policy.written import Intervention, PolicyFields, Rule


def first_few(names: Iterable[str], most: int = 8) -> str:
    """The first names, with commas, and how many there are more."""
    listed = list(names)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


class Policy(PolicyFields):
    """A set of interventions plus adaptive rules. The order in which they are listed does not matter.

    Its methods return new policies and raise ValueError for ids that are not there. An id means an intervention, a
    rule, or an intervention on the ladder of a rule:

        early = china.policies["baseline"].delay("payment-block-august", days=-300).without("rumour")
        sim.run(china.with_policies({"early payments": early}), policy="early payments")
    """

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the interventions, then of the rules."""
        return (*(item.id for item in self.interventions), *(rule.id for rule in self.rules))

    def __repr__(self) -> str:
        counts = f"{len(self.interventions)} interventions and {len(self.rules)} rules"
        return f"Policy of {counts}{': ' if self.ids else ''}{first_few(self.ids)}"

    __str__ = __repr__

    def then(self, other: "Policy") -> "Policy":
        """Both policies together, each at its own dates; `a.then(b.delay(days=90))` puts b later.

        Raises ValueError if an id is in both.
        """
        return algebra.then(self, other)

    def without(self, *ids: str) -> "Policy":
        """The policy less some interventions and rules.

        A step of a ladder that loses all its interventions stays as a step that does nothing, so that the others come
        when they did. A rule whose ladder is empty goes.
        """
        return algebra.without(self, ids)

    def only(self, *ids: str) -> "Policy":
        """The policy less everything but these. An intervention on a ladder keeps its rule, without the rest of it."""
        return algebra.only(self, ids)

    def delay(self, ids: str | Iterable[str] | None = None, *, days: float) -> "Policy":
        """All dates of an intervention, or of several, later by so many days (earlier if negative).

        Without ids everything moves that has a date. A deadline that is a plain date goes on meaning the end of that
        day. Of a rule it is `starts` that moves; an intervention on a ladder moves against the firing of its rule.
        Days are rounded to whole seconds. Raises ValueError for what has no date, and for a step of a ladder that
        would come before the firing.
        """
        return algebra.delay(self, ids, days)

    def swap(self, a: str, b: str) -> "Policy":
        """Each of two interventions begins when the other one did.

        An intervention begins when it is announced, or takes effect if it is not announced. Its other dates keep
        their distance from that.
        """
        return algebra.swap(self, a, b)

    def permute(self, order: Iterable[str]) -> "Policy":
        """The interventions named begin in this order, on the dates on which they begin now.

        The first takes the earliest of these dates, the last the latest; all others stay. What begins, and what its
        other dates do, is as in `swap`, which is the case of two in reverse order.
        """
        return algebra.permute(self, order)

    def replace(self, id_: str, new: Intervention | Rule | Mapping[str, object]) -> "Policy":
        """One intervention or rule exchanged for another, or with some values changed, written as in a file.

        `policy.replace("payments", {"coverage": "50 %", "target": {"rails": ["bank"]}})` keeps all else.
        """
        return algebra.replaced(self, id_, new)

    def strengthen(self, ids: str | Iterable[str], factor: float) -> "Policy":
        """Interventions that bite `factor` times as hard, or less hard below 1 (`intensity`); of a rule, its ladder.

        Frictions grow up to 1, less what is exempt: first more are reached, then what is moved is moved further. Fee
        and risk are multiplied. Factors (hazard, detection, staffing, entry cost) are raised to that power, so that
        twice as hard is the same as two such interventions. Rates of detection and lists of sites are multiplied. What
        is permitted, claims, attention and panic stay.
        """
        return algebra.strengthen(self, ids, factor)
