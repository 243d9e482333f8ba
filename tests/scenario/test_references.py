"""Names that one part of a scenario uses for another."""

import pytest

from tests.scenario.small import SMALL, changed, complaints

TARGET = "target: {modes: [otc], rails: [bank]}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "cases, service",
            "cases, jurisdiction: homelnd, service",
            "10:54: agencies.regulator.jurisdiction: no jurisdiction called homelnd (did you mean homeland?)",
        ),
        (
            "id: alpha, home: homeland",
            "id: alpha, home: homland",
            "20:23: exchanges.alpha.home: no jurisdiction called homland (did you mean homeland?)",
        ),
        (
            "share: 0.7",
            "share: 0.7, hosts: [harbour, island]",
            "20:62: exchanges.alpha.hosts[1]: no jurisdiction called island; there are: harbour, homeland",
        ),
        (
            "share: 0.7",
            "share: 0.7, region: nort",
            "20:53: exchanges.alpha.region: no region called nort (did you mean north?)",
        ),
        (
            "share: 0.7",
            "share: 0.7, region: {choice: {north: 1, wets: 1}}",
            "20:73: exchanges.alpha.region.choice.wets: no region called wets; there are: north",
        ),
        (
            "share: 0.7",
            "share: 0.7, audience: {trader: 1}",
            "20:56: exchanges.alpha.audience.trader: no segment called trader (did you mean traders?)",
        ),
        ("{id: harbour}", "{id: harbour, office: desk}", "8:27: jurisdictions.harbour.office: no office called desk"),
        (TARGET, "target: {rails: [bnak]}", "35:24: {}.target.rails[0]: no rail called bnak (did you mean bank?)"),
        (TARGET, "target: {channels: [search]}", "35:27: {}.target.channels[0]: no channel called search"),
        (TARGET, "target: {products: [margin]}", "35:27: {}.target.products[0]: no product or service called margin"),
        (
            TARGET,
            "target: {exchanges: [alpha, tial]}",
            "35:35: {}.target.exchanges[1]: no exchange or group called tial (did you mean tail?)",
        ),
        (
            TARGET,
            "target: {segments: [trader]}",
            "35:27: {}.target.segments[0]: no segment called trader (did you mean traders?)",
        ),
        (
            TARGET,
            "target: {regions: [south]}",
            "35:26: {}.target.regions[0]: no region called south (did you mean north?)",
        ),
        (
            TARGET,
            "target: {jurisdictions: [harbor]}",
            "35:32: {}.target.jurisdictions[0]: no jurisdiction called harbor (did you mean harbour?)",
        ),
        (TARGET, "offices: [desk]", "35:17: {}.offices[0]: no office called desk"),
    ],
)
def test_unknown_names(old: str, new: str, message: str) -> None:
    message = message.replace("{}", "policies.baseline.interventions.payments")
    assert complaints(changed((old, new))) == [f"small.yaml:{message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (TARGET, "target: {rails: [bank, bank]}", "35:30: {}.target.rails[1]: bank is named twice"),
        (TARGET, "target: {modes: [otc, offshore, otc]}", "35:39: {}.target.modes[2]: otc is named twice"),
        (
            "share: 0.7",
            "share: 0.7, hosts: [harbour, harbour]",
            "20:62: exchanges.alpha.hosts[1]: harbour is named twice",
        ),
    ],
)
def test_a_name_that_stands_twice_in_a_list(old: str, new: str, message: str) -> None:
    message = message.replace("{}", "policies.baseline.interventions.payments")
    assert complaints(changed((old, new))) == [f"small.yaml:{message}"]


def test_names_in_rules_and_kinds() -> None:
    text = SMALL + (
        "  ladder:\n"
        "    rules:\n"
        "      - {id: r, by: regulatr, when: {indicator: exposure, above: 0.3},\n"
        "         steps: [[{id: s, kind: warnin, announced: +1 d}]]}\n"
        "kinds:\n"
        "  own: {target: {rails: [bankk]}}\n"
    )
    first = SMALL.count("\n") + 3
    assert complaints(text) == [
        f"small.yaml:{first}:21: policies.ladder.rules.r.by: no agency called regulatr (did you mean regulator?)",
        f"small.yaml:{first + 1}:33: policies.ladder.rules.r.steps[0].s.kind: no kind called warnin"
        " (did you mean warning?)",
        f"small.yaml:{first + 3}:26: kinds.own.target.rails[0]: no rail called bankk (did you mean bank?)",
    ]


def test_an_own_kind_is_not_called_as_one_that_is_built_in() -> None:
    (line,) = complaints(SMALL + "kinds: {warning: {moves: {payment: 0.5}}}\n")
    assert line == "small.yaml:36:9: kinds.warning: is the name of a built-in kind; give your own another"


def test_own_kinds_are_known() -> None:
    assert complaints(changed(("kind: payment-block", "kind: own")) + "kinds: {own: {moves: {payment: 0.5}}}\n") == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: harbour", "id: homeland", "8:10: jurisdictions.homeland.id: the id homeland is given a second time"),
        ("group: tail", "group: alpha", "21:13: exchanges.alpha.group: the id alpha is given a second time"),
        (
            "- id: payments",
            "- id: closure",
            "30:11: policies.baseline.interventions.closure.id: the id closure is given a second time",
        ),
    ],
)
def test_ids_given_twice(old: str, new: str, message: str) -> None:
    assert complaints(changed((old, new))) == [f"small.yaml:{message}"]


def test_one_id_for_an_intervention_and_a_step_of_a_rule() -> None:
    text = changed(
        (
            "  baseline:\n    - id: closure",
            "  baseline:\n"
            "   rules: [{id: r, when: {indicator: exposure, above: 0.3},"
            " steps: [[{id: closure, kind: warning, announced: +1 d}]]}]\n"
            "   interventions:\n    - id: closure",
        )
    )
    assert complaints(text) == [
        "small.yaml:24:75: policies.baseline.rules.r.steps[0].closure.id: the id closure is given a second time"
    ]
