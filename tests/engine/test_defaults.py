"""What a file does not state has no effect: defaults belong to no country."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.fields import ScenarioFields
from sim.world import codes as c
from tests.kit import Data, History, history, scenario

ADVERTISING = ("media-shutdown", "marketplace-ban", "venue-ban")


def invented(**blocks: object) -> Data:
    """A country that states its traders and exchanges and nothing of how they behave."""
    return {
        "schema": 1, "name": "invented", "start": "2020-01-01", "end": "2020-12-31", "focal": "home",
        "jurisdictions": [{"id": "home"}, {"id": "harbour"}, {"id": "island"}],
        "agencies": [{"id": "police", "service": "5 d"}],
        "segments": [
            {"id": "traders", "home": "home", "volume": 1000, "switching": "0.2 /d", "outside": 0.6,
             "taste": {"domestic": 0, "otc": -1, "offshore": -1}, "rails": {"bank": 1.0},
             "channels": {"search": 0.6, "social": 0.4}},
            {"id": "foreigners", "home": "harbour", "volume": 800, "switching": "0.1 /d", "outside": 0.6,
             "taste": {"offshore": 0}},
        ],
        "exchanges": [
            {"id": "alpha", "home": "home", "share": 0.5},
            {"id": "beta", "home": "home", "share": 0.3},
            {"id": "gamma", "home": "home", "brand": -1, "strategy": "otc"},
            {"id": "delta", "home": "home", "brand": -1, "strategy": "offshore", "host": "harbour"},
            {"id": "hull", "home": "home", "brand": -1.5, "strategy": "disguised", "host": "island"},
        ],
        "policies": {"baseline": []},
    } | blocks  # fmt: skip


def with_ban(source: Data, kind: str, **fields: object) -> Data:
    """The same country with one intervention on 1 March, and the policy `nothing` without it."""
    ban = {"id": "ban", "kind": kind, "announced": "2020-03-01", **fields}
    return source | {"policies": {"baseline": [ban], "nothing": []}}


def traded(run: History) -> np.ndarray:
    """(T,) part of the focal traders who trade."""
    return 1.0 - run.result.frame.outside[:, 0]


@pytest.mark.parametrize("kind", ADVERTISING)
def test_a_ban_on_advertisements_never_raises_trade(kind):
    """In ten histories: trade of the last month, when all have reconsidered, is less than without the ban.

    On single days in between it may be more: where the ban makes an exchange put off a move that it would have made.
    """
    checked = scenario(with_ban(invented(), kind, target={"channels": ["search", "social"]}))
    for replication in range(10):
        under, without = (history(checked, replication=replication, policy=name) for name in ("baseline", "nothing"))
        assert traded(under)[-30:].mean() < traded(without)[-30:].mean()


@pytest.mark.parametrize("kind", ADVERTISING)
def test_where_exchanges_stay_a_ban_on_advertisements_lowers_trade_every_day(kind):
    source = invented()
    source["exchanges"] = [{**exchange, "fixed": True} for exchange in source["exchanges"]]
    checked = scenario(with_ban(source, kind, target={"channels": ["search", "social"]}, coverage=0.5))
    under, without = (traded(history(checked, policy=name)) for name in ("baseline", "nothing"))
    assert (under[:60] == without[:60]).all()
    assert (under[62:] < without[62:]).all()


def test_the_end_of_a_venue_drives_nobody_away_before_it():
    """An order with six weeks of notice: all stay to the deadline."""
    source = invented()
    source["exchanges"] = [{"id": "alpha", "home": "home", "share": 1.0, "options": ["domestic"]}]
    nobody = {"action": "closure", "rate": "0 /d"}
    order = with_ban(source, "closure-order", attention=0.0, deadline="2020-04-11", enforcement=nobody)
    run = history(order)
    (announced,), (closed,) = run.days("wind-down", "alpha"), run.days("closed", "alpha")
    assert closed == 102.0  # the end of 11 April
    assert 60.0 <= announced <= 67.0  # within a week
    assert np.ptp(run.share("alpha")[:102]) < 1e-12


def test_an_own_desk_a_disguise_and_a_full_book_attract_nobody_by_themselves():
    """An exchange that is abroad, in disguise or not, with a desk of its own or not, keeps the same share."""
    shares = []
    for strategy in ("offshore", "disguised", "hybrid", "disguised+otc"):
        source = invented()
        source["exchanges"] = [
            {"id": "alpha", "home": "home", "share": 1.0, "strategy": strategy, "host": "harbour", "fixed": True}
        ]
        share = history(source, until=1.0).result.frame.share[-1, 0, 0]
        shares.append(share[c.OFFSHORE] / (1.0 - share[c.OTC]))
    np.testing.assert_allclose(shares, shares[0], rtol=1e-12)


def test_a_blocked_site_stays_blocked_unless_the_file_says_otherwise():
    block = {"action": "site-block", "rate": "5 /d"}
    source = with_ban(invented(), "site-block", by="police", enforcement=block)
    run = history(source)
    assert run.told("site-blocked")
    assert not run.told("new-domain")


def test_every_default_is_explained():
    """Each number that a file may leave out says in the schema what it is then, or is an absence by its nature."""
    unexplained = sorted(_unexplained(ScenarioFields, ""))
    assert unexplained == []


_PLAIN = (0, 0.0, 1, 1.0, None, "", "0 d", False, (), {})
"""None, nothing, or one: what is not stated has no effect, or is the whole."""


def _unexplained(model, path):
    from sim.scenario.document.model_types import fields, model_in, step_into

    for name, info in fields(model).items():
        where = f"{path}.{name}".lstrip(".")
        default = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        inner = [info.annotation, step_into(info.annotation, 0), step_into(info.annotation, "x")]
        for shape in inner:
            if (found := model_in(shape)) is not None and found.__name__ not in path:
                yield from _unexplained(found, f"{where}<{found.__name__}>")
        is_plain = any(default == plain for plain in _PLAIN) or model_in(info.annotation) is not None
        if not is_plain and "default" not in (info.description or ""):
            yield f"{where}: {default!r}"
