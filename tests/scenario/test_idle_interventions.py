"""Interventions that can touch nobody are warned of, with the reason; those that can are not."""

from __future__ import annotations

import pytest

from sim.scenario.checks.lint import lint
from sim.scenario.scenario import loads
from tests.scenario.small import SMALL, changed

VENUES_ABROAD = ("share: 0.7", "share: 0.7, options: [domestic, offshore, disguised, exit]")
"""A large exchange that may go abroad."""


def doubts(item: str, *changes: tuple[str, str], more: str = "") -> list[str]:
    """What is said of an intervention that is added to the small scenario's baseline."""
    text = changed(*changes) + f"    - {{id: x, announced: 2020-02-01, {item}}}\n{more}"
    found = [problem for problem in lint(loads(text, "small.yaml")) if ".x" in problem.path]
    assert all(problem.level == "warning" and problem.line for problem in found)
    return [f"{problem.path.partition('.x.')[2]}: {problem.message}" for problem in found]


@pytest.mark.parametrize(
    ("item", "changes", "said"),
    [
        ("kind: media-shutdown", [], "kind: media touches nobody: no trader targeted finds venues by a channel"),
        (
            "kind: margin-rule, target: {modes: [domestic]}",
            [],
            "target.products[0]: no segment uses margin",
        ),
        ("kind: product-ban", [], "kind: service touches nobody: no trader targeted needs a product"),
        (
            "kind: payment-block",
            [("rails: {bank: 0.6, wallet: 0.4}", "rails: {bank: 0, wallet: 0}"), ("rails: [bank]", "rails: []")],
            "kind: payment touches nobody: no trader targeted pays by a rail",
        ),
        (
            "kind: relief, moves: {payment: 0.5}",
            [("rails: {bank", "circumvention: 1\n    rails: {bank")],
            "moves.payment: payment touches nobody: the traders targeted get round it entirely",
        ),
        (
            "kind: relief, moves: {payment: 0.5}, exempt: {research: 1}",
            [],
            "moves.payment: payment touches nobody: everything is exempt",
        ),
        (
            "kind: relief, moves: {access: 0.5}, target: {regions: [south]}",
            [("{north: 0.4}", "{north: 0.4, south: 0}"), ("share: 0.7", "share: 0.7, region: south")],
            "moves.access: access touches nobody: no traders live in south",
        ),
        (
            "kind: relief, moves: {access: 0.5}, target: {segments: [tourists]}",
            [("exchanges:", "  - {id: tourists, home: harbour, volume: 5, switching: 1 /d, outside: 1, taste: {otc: 0}}\n"
              "exchanges:")],
            "moves.access: access touches nobody: none of the traders targeted are in homeland",
        ),
        (
            "kind: relief, moves: {payment: 0.5}, target: {modes: [otc]}",
            [("otc: -3, ", "")],
            "moves.payment: payment touches nobody: no trader targeted trades otc",
        ),
        (
            "kind: relief, moves: {payment: 0.5}, target: {modes: [offshore]}",
            [("policies:", "demand: {payment_reach: {offshore: 0}}\npolicies:")],
            "moves.payment: payment touches nobody: payments count for nothing there (demand.payment_reach of offshore)",
        ),
        ("kind: fee-rule", [], "kind: touches nobody (fee: no segment minds a fee)"),
        ("kind: relief, moves: {risk: 1}", [], "moves: touches nobody (risk: no segment minds a risk)"),
        (
            "kind: warning, target: {exchanges: [alpha]}, moves: {risk: 0}, attention: 0",
            [("share: 0.7", "share: 0.7, fixed: true")],
            "moves: touches nobody (hazard: all exchanges targeted are fixed, and so never decide)",
        ),
        ("kind: relief, moves: {staffing: 2}", [], "moves: touches nobody (staffing: no agency issues it)"),
        (
            "kind: relief, moves: {detection: 2}",
            [("kind: closure-order", "kind: payment-block")],
            "moves: touches nobody (detection: nothing is ever detected under this policy)",
        ),
        (
            "kind: relief, moves: {claim: true}",
            [],
            "moves: touches nobody (claim: no site is ever blocked under this policy)",
        ),
        (
            "kind: host-opens, target: {modes: [domestic]}",
            [],
            "kind: touches nobody (entry_cost: it targets no venues abroad)",
        ),
        ("kind: relief", [], "kind: moves no lever and no trader, so it does nothing"),
        ("kind: relief, moves: {hazard: 1}", [], "moves: moves no lever and no trader, so it does nothing"),
        (
            "kind: relief, enforcement: {action: closure}",
            [],
            "kind: touches nobody (enforcement: its rate is 0 and it has no campaign, so it detects nobody)",
        ),
        (
            "kind: relief, target: {modes: [domestic]}, enforcement: {action: account-freeze, rate: 1 /d}",
            [],
            "kind: touches nobody (enforcement: accounts are frozen at OTC venues alone)",
        ),
        (
            "kind: relief, target: {modes: [otc]}, enforcement: {action: site-block, rate: 1 /d}",
            [],
            "kind: touches nobody (enforcement: sites are blocked of venues abroad alone)",
        ),
        (
            "kind: relief, enforcement: {action: site-block, rate: 1 /d}",
            [],
            "kind: touches nobody (enforcement: without a claim abroad, a licence or a ban there, no site can be blocked)",
        ),
        (
            "kind: relief, target: {modes: [otc]}, enforcement: {action: fine, rate: 1 /d}",
            [("kind: closure-order", "kind: payment-block")],
            "kind: touches nobody (enforcement: nothing that it targets is forbidden or needs a licence)",
        ),
        (
            "kind: warning, target: {regions: [south]}",
            [("{north: 0.4}", "{north: 0.4, south: 0.3}")],
            "target: no exchange can ever be what this targets, so it touches nobody",
        ),
        (
            "kind: host-closes, by: theirs",
            [("segments:\n", "  - {id: theirs, jurisdiction: harbour, service: 3 d}\nsegments:\n"),
             ("share: 0.7", "share: 0.7, hosts: []"), ("-2.38, sd: 0.4}}", "-2.38, sd: 0.4}}, hosts: []")],
            "kind: no exchange can ever be what this targets, so it touches nobody",
        ),
        ("kind: payment-block, coverage: 0 %", [], "coverage: is 0, so the intervention does nothing"),
    ],
)  # fmt: skip
def test_what_touches_nobody_is_said(item: str, changes: list[tuple[str, str]], said: str) -> None:
    assert said in doubts(item, *changes)


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        ("kind: payment-block", []),
        ("kind: media-shutdown", [("rails: {bank", "channels: {search: 0.2}\n    rails: {bank")]),
        ("kind: product-ban", [("rails: {bank", "needs: {tokens: 0.2}\n    rails: {bank")]),
        ("kind: fee-rule", [("rails: {bank", "fee: 100\n    rails: {bank")]),
        ("kind: relief, attention: 0.5", []),
        ("kind: relief, panic: {amplitude: 1, decay: 3 d}", []),
        ("kind: relief, by: regulator, moves: {staffing: 2}", []),
        ("kind: relief, moves: {detection: 2}", []),
        ("kind: site-block, enforcement: {action: site-block, campaign: {sites: 3, over: 9 d}}", []),
        ("kind: account-freeze", []),
        ("kind: shell-hunt", []),
        ("kind: closure-order", []),
        ("kind: licence-regime", []),
        ("kind: warning, target: {exchanges: [alpha]}", []),
        ("kind: relief, target: {regions: [north]}, moves: {access: 0.5}", []),
        ("kind: own", []),
    ],
)
def test_what_touches_somebody_is_beyond_doubt(item: str, changes: list[tuple[str, str]]) -> None:
    assert doubts(item, *changes, more="kinds: {own: {moves: {hazard: 2}}}\n") == []


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        ("hosts: [], options: [offshore, disguised, exit]",
         "can only leave, at its first review at the latest: its options are all abroad and it has no hosts"),
        ("options: [defy, exit]", "can only leave, at its first review at the latest: its options need a prohibition"),
        ("strategy: offshore", "is abroad from the start, but has no host; name one under `host`"),
        ("strategy: hybrid, host: harbour, hosts: []", "must leave harbour at its first review, which is not among its hosts"),
        ("hosts: [], options: [domestic, offshore, exit]", ""),
        ("hosts: [], options: [offshore], fixed: true", ""),
        ("options: [exit]", ""),
        ("strategy: offshore, host: harbour", ""),
    ],
)  # fmt: skip
def test_exchanges_that_can_only_leave(exchange: str, said: str) -> None:
    text = changed(("share: 0.7}", f"brand: 0, {exchange}}}"))
    found = [problem.message for problem in lint(loads(text)) if problem.path == "exchanges.alpha"]
    assert found == ([said] if said else [])


def test_an_exchange_from_abroad_may_stay_at_home() -> None:
    """Its hosts are all but the focal country, unless it names others."""
    entry = "{id: theirs, home: harbour, host: harbour, strategy: offshore, options: [offshore, exit], brand: 0}"
    assert lint(loads(SMALL.replace("exchanges:", f"exchanges:\n  - {entry}"))) == []


@pytest.mark.parametrize(
    ("options", "order", "trapped"),
    [
        ("[domestic, defy, exit]", "kind: closure-order", True),
        ("[domestic, defy, exit]", "kind: closure-order, effective: 2020-02-01", True),
        ("[domestic, defy, exit]", "kind: closure-order, effective: 2020-02-08", False),
        ("[domestic, defy, exit]", "kind: closure-order, deadline: 2020-03-01", False),
        ("[domestic, otc, defy, exit]", "kind: closure-order, target: {modes: [domestic]}", False),
        ("[domestic, exit]", "kind: closure-order", False),
    ],
)
def test_an_order_without_notice_leaves_nobody_the_time_to_defy_it(options: str, order: str, trapped: bool) -> None:
    """It closes their books first; then leaving is all that is left, where with notice they would have stayed open."""
    said = doubts(order, ("share: 0.7", f"share: 0.7, options: {options}"))
    assert [line for line in said if "cannot defy" in line] == [
        "announced: takes effect at once, so alpha cannot defy it and can only leave; give it a deadline"
    ] * trapped
