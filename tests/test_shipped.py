"""The scenarios that ship: each episode of the record is seen in the journal of a run, and so is what followed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.evidence.facts import Evidence, read_evidence
from tests.kit import shipped

pytestmark = pytest.mark.slow

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
CHINA, HONG_KONG = "china_2017", "hong_kong_2024"
REPLICATIONS = range(4)
ORDER = np.datetime64("2017-09-15")
WITH_PAGE = "closure, local-language page"
THREE = ["okcoin", "huobi", "btcc"]
LARGE = [*THREE, "chbtc"]
OPEN = 2  # lowest status of a venue that trades
HOSTS = ("hong-kong", "singapore", "south-korea", "japan", "united-states", "united-kingdom", "malta")


@lru_cache(maxsize=12)
def history(name: str, policy: str = "baseline", replication: int = 0) -> sim.Run:
    return sim.run(shipped(name), policy, seed=1, replication=replication, engine="compiled")


def baselines() -> list[sim.Run]:
    """A few histories of what happened in China."""
    return [history(CHINA, "baseline", replication) for replication in REPLICATIONS]


def lines(run: sim.Run, *events: str, **columns: str) -> pd.DataFrame:
    """Lines of the journal that tell of one of some events, with the values given in other columns."""
    journal = run.journal
    chosen = journal["event"].isin(events)
    for column, value in columns.items():
        chosen &= journal[column] == value
    return journal[chosen]


def announced(run: sim.Run, intervention: str) -> pd.Timestamp:
    (date,) = lines(run, "announced", subject=intervention)["date"]
    return pd.Timestamp(date)


def level(run: sim.Run, lever: str, date: object) -> float:
    """Level of a lever at the first record on or after a date."""
    return float(run.data["level"].sel(lever=lever).sel(time=date, method="bfill"))


def intervention(name: str, policy: str, wanted: str) -> object:
    (found,) = [item for item in shipped(name).policies[policy].interventions if item.id == wanted]
    return found


def turned_to(run: sim.Run, choice: str, modes: set[str]) -> set[str]:
    """Exchanges that left another strategy for this one, and afterwards had just these venues open."""
    serving = (run.data["status"] >= OPEN).to_dataset("mode").to_dataframe()
    wanted = [mode in modes for mode in ("domestic", "otc", "offshore")]
    new = run.decisions[(run.decisions["before"] != choice) & (run.decisions["choice"] == choice)]
    done = set()
    for line in new[~new["before"].isin(["latent"])].itertuples():
        venues = serving.xs(line.exchange, level="exchange").loc[line.date :, ["domestic", "otc", "offshore"]]
        if (venues == wanted).all(axis=1).any():
            done.add(line.exchange)
    return done


@pytest.fixture(scope="module")
def record() -> Evidence:
    return read_evidence(CONFIGS / "evidence" / "china_2017.yaml", shipped(CHINA))


# --- what regulators did in China -------------------------------------------------------------------------------------


def test_at_least_25_measures_are_dated_and_sourced():
    items = shipped(CHINA).policies["baseline"].interventions

    assert len(items) >= 25
    assert all(item.announced and item.source for item in items)
    assert set(lines(history(CHINA), "announced")["subject"]) == {item.id for item in items}


def test_coin_offerings_are_banned_then_exchanges_ordered_to_close():
    run = history(CHINA)
    ban, shanghai, beijing = (announced(run, name) for name in ("ico-ban", "closure-shanghai", "closure-beijing"))

    assert ban < shanghai < beijing
    assert level(run, "service:ico-tokens", "2017-09-03") == 0
    assert level(run, "service:ico-tokens", "2017-09-05") == 1


def test_closing_exchanges_wind_down_up_to_their_deadline():
    run = history(CHINA)
    told = lines(run, "wind-down", mode="domestic").set_index("subject")
    told = told[told["cause"].str.startswith("announced:closure-")]

    assert len(told) > 25
    assert (told["value"] > 0).all()
    for exchange, days in {"btcc": 16, "okcoin": 46, "huobi": 46}.items():
        assert told.loc[exchange, "value"] == pytest.approx(days, abs=1.0)
    last = lines(run, "closed", mode="domestic").set_index("subject")["date"]
    assert (last[told.index] <= np.datetime64("2017-11-01")).all()


@pytest.mark.parametrize(
    ("choice", "modes"), [("otc", {"otc"}), ("offshore", {"offshore"}), ("hybrid", {"otc", "offshore"})]
)
def test_exchanges_turn_to_otc_go_abroad_or_do_both(choice, modes):
    assert sum(len(turned_to(run, choice, modes)) for run in baselines()) >= 4


def test_a_brand_abroad_lives_on_coin_pairs():
    run = history(CHINA)
    traded = (run.data["share"] * run.data["segment_volume"]).sel(mode="offshore", exchange="huobi").isel(time=-1)

    assert traded.sel(segment="token") > 5 * traded.sel(segment="foreign-fiat") > 0


def test_exchanges_weigh_seven_hosts_with_terms_of_their_own():
    places = {place.id: place for place in shipped(CHINA).jurisdictions}
    terms = {(places[h].entry_cost, places[h].tax, places[h].hazard, places[h].delay) for h in HOSTS}
    chosen = pd.concat([lines(run, "decision") for run in baselines()])["host"]

    assert len(terms) == len(HOSTS)
    assert len(set(chosen) & set(HOSTS)) >= 6


@pytest.mark.parametrize("host", HOSTS)
def test_each_host_wins_if_its_terms_are_best(host):
    better = {f"jurisdictions.{host}.appeal": 8, f"jurisdictions.{host}.entry_cost": 0}
    run = sim.run(sim.load(CONFIGS / f"{CHINA}.yaml", better), seed=1, until="2018-02-15", engine="compiled")

    went = lines(run, "launched", mode="offshore")["host"]
    assert len(went) > 20
    assert (went == host).mean() > 0.8


def test_police_watch_venues_abroad_and_home_ones_with_operations_abroad():
    run, licensed = history(CHINA), history(CHINA, "licence_instead")
    day = announced(run, "police-monitoring")

    assert level(run, "detection", day) == pytest.approx(2 * level(run, "detection", day - pd.Timedelta("1D")))
    heard = run.decisions[run.decisions["cause"] == "announced:police-monitoring"]
    assert set(heard["before"]) >= {"hybrid", "offshore", "disguised+otc"}
    heard = licensed.decisions[licensed.decisions["cause"] == "announced:police-monitoring"]
    assert "domestic+offshore" in set(heard["before"])


def test_sites_are_blocked_and_come_back_under_new_domains(record):
    for run in baselines():
        told = record.read(run)
        assert record.facts["blocked-2018-05"].agrees(told["blocked-2018-05"])
        assert record.facts["blocked-2018-08"].agrees(told["blocked-2018-08"])

        blocked, back = lines(run, "site-blocked"), lines(run, "new-domain")
        again = back.merge(blocked, on="subject", suffixes=("", "_before"))
        lag = again["day"] - again["day_before"]
        assert len(back) > 30
        assert lag[lag > 0].groupby(again["subject"]).min().median() == pytest.approx(10, abs=4)


def test_shells_are_found_and_closed():
    run = history(CHINA)
    found = lines(run, "detected", cause="shells-hunted")
    hidden = run.data["disguised"].to_pandas()

    assert len(found) >= 10
    for line in found.itertuples():
        assert hidden.loc[: line.date, line.subject].iloc[-1] == 1
    assert set(lines(run, "closure", cause="shells-hunted")["subject"]) <= set(found["subject"])
    assert len(lines(run, "closure", cause="shells-hunted")) >= 5


def test_a_local_language_page_gives_a_shell_away():
    def detections(page: float) -> int:
        pages = sim.load(CONFIGS / f"{CHINA}.yaml", {"exchanges.small.local_page": page})
        return sum(len(lines(sim.run(pages, seed=1, replication=n, engine="compiled"), "detected")) for n in range(2))

    assert detections(1.0) > 1.2 * detections(0.0)
    pages = [(lines(run, "detected", cause="shells-hunted")["detail"] == WITH_PAGE).mean() for run in baselines()]
    assert 0.7 < np.mean(pages) <= 1.0
    assert lines(history(HONG_KONG), "detected", subject="jpex")["detail"].tolist() == [WITH_PAGE]


@pytest.mark.parametrize("order", ["payment-block-january", "payment-block-august"])
def test_payment_firms_stop_transactions_and_miss_some(order):
    run = history(CHINA)
    day, item = announced(run, order), intervention(CHINA, "baseline", order)

    assert 0 < item.coverage < 1
    for rail in item.target.rails:
        before, after = (level(run, f"payment:{rail}", day + pd.Timedelta(days, "D")) for days in (-1, 1))
        assert 1 - after == pytest.approx((1 - before) * (1 - item.coverage))
    otc = run.data["volume"].sel(mode="otc").sum("exchange").to_series()
    month_before, month_after = otc[day - pd.Timedelta("30D") : day], otc[day : day + pd.Timedelta("30D")]
    assert 0.3 < month_after.mean() / month_before.mean() < 1.0


def test_media_marketplace_and_hotels_of_one_district_are_closed_to_the_trade():
    run = history(CHINA)
    wechat, others = ("wechat-accounts", "wechat-media"), {"taobao": "marketplace", "chaoyang-venues": "events"}

    for order, channel in (dict.fromkeys(wechat, "wechat") | others).items():
        day = announced(run, order)
        assert level(run, f"media:{channel}", day - pd.Timedelta("1D")) < level(run, f"media:{channel}", day)
    assert level(run, "media:marketplace", "2018-12-01") == 1
    assert 0 < level(run, "media:events", "2018-12-01") < 0.01


def test_security_tokens_are_banned_in_one_city_and_welcome_elsewhere():
    run, ban = history(CHINA), intervention(CHINA, "baseline", "sto-ban")
    heard = run.decisions[run.decisions["cause"] == "announced:sto-ban"]
    unwelcome = {place.id: place.unwelcome.get("security-tokens", 0) for place in shipped(CHINA).jurisdictions}

    assert ban.target.regions == ("beijing",)
    assert ban.moves.claim
    assert sum(ban.exempt.values()) > 0
    assert {"okcoin", "huobi"} & set(heard["exchange"])
    assert not {"btcc", "binance"} & set(heard["exchange"])
    assert {"hybrid", "offshore", "disguised+otc"} & set(heard["before"])
    assert 0 < level(run, "service:security-tokens", "2018-12-02") < 0.016
    assert [h for h in HOSTS if unwelcome[h] == 0] == ["singapore", "malta"]


@pytest.mark.parametrize(
    ("policy", "first"),
    [
        ("no_crackdown", "2017-09-04"),
        ("payments_first", "2017-08-17"),
        ("licence_instead", "2017-09-08"),
        ("everything_at_once", "2017-09-15"),
        ("adaptive", "2017-11-12"),
    ],
)
def test_policies_are_one_history_until_the_first_date_on_which_they_differ(policy, first):
    happened, other = history(CHINA).data, history(CHINA, policy).data
    until = slice(None, np.datetime64(first) - np.timedelta64(1, "s"))

    for name in ("share", "outside", "status", "host", "strategy"):
        assert other[name].sel(time=until).equals(happened[name].sel(time=until)), name
    assert not other["share"].equals(happened["share"])


# --- what followed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("replication", REPLICATIONS)
def test_large_order_books_are_empty_after_their_deadline(seed, replication):
    run = sim.run(shipped(CHINA), seed=seed, replication=replication, until="2017-12-15", engine="compiled")
    volume = run.data["volume"].sel(mode="domestic", exchange=THREE).to_pandas()

    assert (volume.loc["2017-08-31"] > 0).all()
    assert (volume.loc["2017-10-01":, "btcc"] == 0).all()
    assert (volume.loc["2017-11-01":] == 0).all(axis=None)


def test_peer_to_peer_trade_multiplies_in_the_freeze_and_after_the_orders(record):
    for run in baselines():
        told = record.read(run)
        assert told["otc-freeze-multiple"] > 10
        assert told["otc-ban-multiple"] > 3


@pytest.mark.parametrize(("mode", "weeks"), [("otc", (4, 12)), ("offshore", (3, 26))])
def test_large_exchanges_open_new_venues_within_weeks_to_months(mode, weeks):
    delays = []
    for run in baselines():
        first = lines(run, "launched", mode=mode).groupby("subject")["date"].min().reindex(LARGE)
        delays.extend((first - ORDER) / np.timedelta64(7, "D"))
    after = np.array([delay for delay in delays if delay > 0])

    assert weeks[0] < np.median(after) < weeks[1]
    assert np.mean(np.nan_to_num(delays, nan=np.inf) < 52) > 0.8


def test_small_exchanges_hide_or_quit_more_often_than_large_ones():
    def part(run: sim.Run, members: list[str]) -> float:
        choices = run.decisions[run.decisions["exchange"].isin(members)]
        gone = choices[choices["choice"].isin(["disguised", "disguised+otc", "exit"])]
        return gone["exchange"].nunique() / len(members)

    runs = [sim.run(shipped(CHINA), seed=seed, until="2018-06-30", engine="compiled") for seed in range(5)]
    small = [name for name in runs[0].data["exchange"].values if name.startswith("small-")]

    difference = [part(run, small) - part(run, LARGE) for run in runs]
    assert min(difference) > 0.2
    assert np.mean(difference) > 0.5


def test_rules_step_up_their_measures_while_trade_stays_moved():
    run = history(CHINA, "adaptive")

    for rule in ("payment-ladder", "access-ladder"):
        fired = lines(run, "rule-fired", subject=rule)
        assert fired["value"].tolist() == [1, 2, 3]
        assert (fired["day"].diff().dropna() >= 60).all()
    steps = shipped(CHINA).policies["adaptive"].rules[0].steps
    assert {item.id for step in steps for item in step} <= set(lines(run, "announced")["subject"])


MISSED = {"otc-freeze-ramp", "closed-exchanges", "destination-top", "okex-share"}
"""Facts that the scenario is known to miss; notebooks/01_first_run.ipynb says why."""


def test_the_record_is_met_but_for_known_misses(record):
    table = record.table(record.read(run) for run in baselines())

    assert set(table.index[~table["inside"]]) <= MISSED
    assert len(table) > 30


# --- the other episodes -----------------------------------------------------------------------------------------------

NOT_MET = {
    "india_2018": {"relocation-lag", "repeal", "closing-delay", "home-2020", "gone-2020", "p2p-2020"},
    "korea_2021": {"coin-trade", "open-2022"},
    "china_2013": set(),
    "japan_2018": {"quasi-operators", "withdrawn-2018-03", "left"},
}
"""Facts on which even the band of 90 % misses the record, or may do so within a few replications."""


@pytest.mark.parametrize("name", NOT_MET)
def test_the_record_of_an_episode_is_met_but_for_known_misses(name):
    record = read_evidence(CONFIGS / "evidence" / f"{name}.yaml", shipped(name))

    table = record.table(record.read(history(name, "baseline", replication)) for replication in range(2))

    assert set(table.index[~table["meets"]]) <= NOT_MET[name]


def test_korean_exchanges_with_a_certificate_and_no_bank_go_on_in_coin_pairs():
    """They lose four fifths of their trade at least, and who has no certificate closes."""
    run = history("korea_2021")
    states = run.data["status"].sel(mode="domestic").isel(time=-1)
    limited = states == states.attrs["flag_meanings"].split().index("limited")
    group = np.char.rpartition(states["exchange"].values.astype(str), "-")[:, 0]

    assert limited.values[group == "certified"].sum() >= 18
    assert not states.values[group == "uncertified"].any()
    traded = run.data["focal_volume"].sel(mode="domestic").values[:, group == "certified"].sum(axis=1)
    assert 0.0 < traded[-1] < 0.2 * traded[0]
    assert len(lines(run, "products-barred")) >= 18


def test_nigeria_is_predicted_in_its_direction_and_not_in_its_size():
    """Nothing was fitted to it: peer-to-peer trade rises as it did in the first week, and then by too much."""
    record = read_evidence(CONFIGS / "evidence" / "nigeria_2021.yaml", shipped("nigeria_2021"))
    run = history("nigeria_2021")

    table = record.table([record.read(run)])
    assert {fact.use for fact in record.facts.values()} == {"validate"}
    assert table.loc[["p2p-week", "all-2023", "all-2024"], "inside"].all()
    assert table.loc["p2p-2021", "median"] > table.loc["p2p-2021", "high"]
    home = run.data["focal_volume"].sel(mode="domestic").sum("exchange")
    assert float(home.sel(time="2021-12-31")) < 0.3 * float(home.isel(time=0))


# --- Hong Kong --------------------------------------------------------------------------------------------------------


def test_deemed_applicants_wait_and_none_is_served_for_months():
    run = history(HONG_KONG)
    queue = "licence:sfc-vatp"
    first = lines(run, "application", cause=queue)["date"].min()
    served = lines(run, "licence-granted", "licence-refused", cause=queue)["date"]
    waiting = run.data["licences_waiting"].sel(office="sfc-vatp").to_series()

    assert len(lines(run, "application", cause=queue)) >= 20
    assert len(lines(run, "deemed", cause=queue)) >= 8
    assert (served - first > pd.Timedelta("300D")).all()
    assert waiting["2024-03-01":"2024-06-01"].min() > 5
    status = run.data["status"].sel(mode="domestic").sel(time="2024-04-01").to_series()
    assert (status == run.data["status"].attrs["flag_meanings"].split().index("waiting")).sum() >= 8


@pytest.mark.parametrize(
    ("policy", "offices"),
    [("otc_customs", {"customs-otc"}), ("otc_sfc", {"sfc-otc"}), ("otc_joint", {"customs-otc-joint", "sfc-otc"})],
)
def test_shops_are_licensed_by_one_office_or_both_after_a_consultation_that_unsettles(policy, offices):
    run = history(HONG_KONG, policy)
    consultation = announced(run, "otc-consultation")

    assert level(run, "hazard:otc", consultation) > level(run, "hazard:otc", consultation - pd.Timedelta("1D"))
    assert (run.decisions["cause"] == "announced:otc-consultation").sum() > 20
    applications = lines(run, "application", mode="otc")
    assert {cause.removeprefix("licence:") for cause in applications["cause"]} == offices
    per_shop = applications.groupby("subject")["cause"].nunique()
    assert (per_shop == len(offices)).all()
    assert len(per_shop) > 20
    assert (applications["date"] > consultation).all()
    held = set(lines(run, "licence-granted", mode="otc")["cause"])
    assert held <= {f"licence:{office}" for office in offices}
    assert held


def test_a_fraud_brings_a_policy_about():
    run = history(HONG_KONG, "shock_driven")
    observed = lines(run, "rule-observed", subject="shock-ladder")["date"].iloc[0]
    first, second = lines(run, "rule-fired", subject="shock-ladder")["date"]

    assert announced(run, "jpex-fraud") < observed < first < announced(run, "shock-consultation")
    assert first < second < announced(run, "shock-otc-licence")
    assert len(lines(run, "application", mode="otc")) > 20


def test_without_the_fraud_that_policy_never_comes():
    harmless = {"policies.shock_driven.interventions.jpex-fraud.moves": {"risk": 0}}
    run = sim.run(sim.load(CONFIGS / f"{HONG_KONG}.yaml", harmless), "shock_driven", seed=1, engine="compiled")

    assert lines(run, "rule-fired").empty
    assert "shock-otc-licence" not in set(lines(run, "announced")["subject"])
