"""Names in figures: whose they are, in any script, of any length, and with signs that mean something elsewhere."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import image
from matplotlib.font_manager import fontManager

import sim
from sim.plot import fonts
from sim.plot.figures.exchange_shares import gather_exchanges
from sim.plot.figures.levers import gather_levers
from sim.plot.labels import text_width
from sim.plot.marks import gather_marks
from sim.plot.page import file_axes, write_file
from sim.plot.wording import LONGEST, cut, policy_labels
from tests.plot.drawing import assert_words_apart, plain, words

CJK = "\u706b\u5e01"
FORMULA = "$\\no_such^{$"
LONG = "The exchange of the eastern provinces for coins and tokens of all kinds, founded in a year that nobody remembers, limited"


def named(name: str, **policies: dict[str, object]) -> sim.Scenario:
    """The minimal scenario in which everything that can have a name has this one."""

    def called(*ids: str) -> list[dict[str, str]]:
        return [{"id": id_, "name": f"{name} {id_}"} for id_ in ids]

    text = {
        "extends": "minimal", "name": name,
        "jurisdictions": called("homeland", "island"), "exchanges": called("alpha", "beta"),
        "policies": {
            "baseline": {"name": f"{name} baseline", "interventions": called("closure", "payments")},
            "other": {"name": f"{name} other", "extends": "baseline", "delay": {"payments": "30 d"}},
        } | policies,
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder, "named.yaml")
        path.write_text(json.dumps(text), encoding="utf-8")
        return sim.load(path)


@pytest.fixture
def without_caches() -> Iterator[None]:
    """What is known of installed fonts is forgotten before and after."""
    known = (fonts._fallbacks_for, fonts._installed, fonts._characters_of, fonts._warn_of, text_width)
    for each in known:
        each.cache_clear()
    yield
    for each in known:
        each.cache_clear()


@pytest.fixture
def font(tmp_path: Path, without_caches: None) -> Iterator[None]:
    """A font with two Chinese characters, as wide as they are high, is installed."""
    pen = TTGlyphPen(None)
    for step, point in enumerate([(0, 0), (0, 800), (900, 800), (900, 0)]):
        (pen.lineTo if step else pen.moveTo)(point)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "fire", "coin"])
    builder.setupCharacterMap({ord(CJK[0]): "fire", ord(CJK[1]): "coin"})
    builder.setupGlyf({".notdef": box, "fire": box, "coin": box})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "fire", "coin"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Noto Sans CJK SC", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "font.ttf")
    before = list(fontManager.ttflist)
    fontManager.addfont(tmp_path / "font.ttf")
    yield
    fontManager.ttflist[:] = before


def test_things_go_by_their_names() -> None:
    scenario = named("My")
    run = sim.run(scenario, "other", seed=3, until="2021-06-30")
    assert [mark.label for mark in gather_marks(run)] == ["My closure", "My payments"]
    assert "My alpha" in [line.name for line in gather_exchanges(run).lines]
    assert gather_levers(run).source == "My, policy My other, seed 3, replication 0"
    study = sim.compare(scenario, replications=3, seed=5)
    ax = study.plot.difference("suppression", ax=file_axes())
    assert {"My other", "My, seed 5, 3 replications"} <= set(words(ax))
    assert "My baseline" in plain(study.plot.fan(ax=file_axes()).get_title(loc="left"))


def test_what_has_no_name_goes_by_its_id() -> None:
    run = sim.run(sim.load("minimal"), seed=3)
    assert [mark.label for mark in gather_marks(run)] == ["closure", "payments"]
    assert gather_levers(run).source == "minimal, policy baseline, seed 3, replication 0"


def test_policies_of_one_name_go_by_what_they_are_called() -> None:
    scenario = named("My", third={"name": "My other", "extends": "baseline"})
    labels = policy_labels(scenario, ["baseline", "other", "third"])
    assert labels == {"baseline": "My baseline", "other": "other", "third": "third"}


def test_a_policy_does_not_inherit_the_name_of_another() -> None:
    assert named("My", third={"extends": "baseline"}).policies["third"].name is None


def test_dollars_are_no_formulas(tmp_path: Path) -> None:
    run = sim.run(named(FORMULA), until="2020-12-01")
    write_file(run.plot.timeline(ax=file_axes()), tmp_path / "timeline.png")
    assert any(text.startswith(f"{FORMULA} alpha") for text in words(run.plot.exchanges(ax=file_axes())))


def test_names_in_chinese_are_drawn_with_a_font_that_has_them(font: None, tmp_path: Path) -> None:
    run = sim.run(named(CJK), until="2020-12-01")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_file(run.plot.timeline(ax=file_axes()), tmp_path / "timeline.png")
    assert fonts.families(CJK) == ["sans-serif", "Noto Sans CJK SC"]
    assert fonts.families("Alpha") == ["sans-serif"]
    assert text_width(CJK, 10.0) == pytest.approx(20.0, abs=1.0)
    assert any(text.startswith(f"{CJK} alpha") for text in words(run.plot.exchanges(ax=file_axes())))


def test_names_that_no_font_has_are_told_once_and_ids_stand_in(
    without_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_FALLBACKS", ())
    run = sim.run(named(CJK), until="2020-12-01")
    with pytest.warns(UserWarning, match=f"no font that is installed has {CJK[1]}{CJK[0]}") as told:
        texts = words(run.plot.exchanges(ax=file_axes())) + words(run.plot.shares(ax=file_axes()))
    assert len(told) == 1
    assert not any(character in text for text in texts for character in CJK)
    assert any(text.startswith("alpha") for text in texts)
    assert "a scenario, policy baseline, seed 0, replication 0; shares at the demand of the first day" in texts


def test_long_names_leave_room_for_the_figure(tmp_path: Path) -> None:
    assert len(LONG) > 120
    scenario = named(f"{FORMULA} {LONG}")
    run, study = sim.run(scenario), sim.compare(scenario, replications=3)
    drawn = [run.plot.shares, run.plot.exchanges, run.plot.timeline, run.plot.levers, run.plot.flows, run.plot.volume]
    for plot in (*drawn, study.plot.fan, study.plot.tradeoff, lambda ax: study.plot.difference("suppression", ax=ax)):
        ax = plot(ax=file_axes())
        assert_words_apart(ax)
        assert ax.get_position().width > 0.3
        assert ax.get_title(loc="left").count("\n") < 3
    assert image.imread(write_file(ax, tmp_path / "figure.png")).shape[1] == 1000


def test_a_cut_name_keeps_both_ends() -> None:
    assert cut("short") == "short"
    assert len(cut(LONG)) <= LONGEST
    assert cut(LONG).startswith("The exchange")
    assert cut(LONG).endswith("limited")
