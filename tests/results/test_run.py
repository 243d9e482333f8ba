"""A run says what it is, computes its measures once, and cannot be changed."""

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

import sim.results.run_measures


def test_it_tells_a_person_what_it_is(run):
    assert repr(run) == (
        "Run of synthetic, policy baseline, seed 1, replication 0\n"
        "2017-06-01 to 2017-07-30, 5 exchanges, 4 segments, "
        f"{len(run.journal)} journal entries, 5 decisions"
    )


def test_counts_are_grammatical(run):
    one = replace(run, data=run.data.isel(exchange=[0]), journal=run.journal[:1], decisions=run.decisions[:1])
    assert repr(one).endswith("1 exchange, 4 segments, 1 journal entry, 1 decision")


def test_a_notebook_shows_it_without_markup_from_names(run):
    html = replace(run, policy="<b>&")._repr_html_()
    assert "policy &lt;b&gt;&amp;" in html
    assert "5 exchanges" in html


def test_it_cannot_be_changed(run):
    with pytest.raises(FrozenInstanceError):
        run.seed = 2


def test_measures_are_computed_once_and_only_when_asked_for(run, monkeypatch):
    calls = []
    monkeypatch.setattr(sim.results.run_measures, "measure", lambda given: calls.append(given) or {"leakage": 0.5})
    fresh = replace(run)
    assert calls == []
    assert fresh.measures["leakage"] == fresh.measures["leakage"] == 0.5
    assert calls == [fresh]


def test_the_table_explains_every_measure(run):
    table = run.table()
    assert list(table.index) == list(run.measures)
    assert list(table.columns) == ["value", "unit", "meaning", "undefined", "remark"]
    assert table.loc["leakage", "value"] == run.measures["leakage"]
    assert table["meaning"].is_unique
    assert not table["meaning"].str.contains("[{}]").any()
    assert (table["unit"] != "").all()


def test_it_travels_between_processes(run):
    again = pickle.loads(pickle.dumps(run))
    assert again.data.identical(run.data)
    assert again.measures == pytest.approx(dict(run.measures), nan_ok=True)
