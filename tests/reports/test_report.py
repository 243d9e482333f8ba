"""Reports: one file that needs nothing, holds what it should, is put together soundly, and escapes what others wrote."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest

import sim
from sim.evidence.facts import read_evidence
from sim.plot.figures.mode_shares import draw_shares, gather_shares
from sim.plot.page import file_axes
from sim.reports.inline_svg import illustration, short_path
from sim.reports.provenance import provenance_blocks
from sim.reports.record_table import record_blocks
from sim.reports.report_blocks import Table
from sim.reports.values_at_dates import values_at_dates
from sim.results.run import Run
from sim.study.study import Study
from tests.reports.conftest import HOSTILE, LINK
from tests.reports.page import Page


def test_tags_fit_together(page: Page) -> None:
    assert page.wrong == []


def test_nothing_comes_from_anywhere(page: Page) -> None:
    """Addresses are those of sources, which a reader follows, and names of formats, which nobody fetches."""
    assert [e.tag for e in page.elements if "src" in e.attributes or e.tag in ("link", "img", "iframe", "object")] == []
    assert {e.attributes["href"] for e in page.all("a") if not str(e.attributes["href"]).startswith("#")} == {LINK}
    assert all(str(value).startswith("#") for value in page.values("xlink:href"))
    addresses = re.findall(r"(?:https?:)?//[\w./-]+", re.sub(r"xmlns(:\w+)?=\"[^\"]*\"", "", page.source))
    assert set(addresses) == {LINK.partition("?")[0]}
    assert not re.search(r"@import|url\((?!#)", page.source)


def test_words_of_a_scenario_are_words_and_no_markup(page: Page) -> None:
    assert len(page.all("script")) == 1
    assert page.all("b") == []
    assert HOSTILE in " ".join(element.text for element in page.all("body"))


def test_links_and_labels_lead_to_one_place(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    named = [
        name for key in ("aria-labelledby", "aria-describedby") for names in page.values(key) for name in names.split()
    ]
    links = [link[1:] for key in ("href", "xlink:href") for link in page.values(key) if link.startswith("#")]
    links += re.findall(r"url\(#([^)]+)\)", page.source)
    assert set(named) | set(links) <= set(ids)
    assert len(page.all("svg")) > 3


def test_what_a_screen_reader_needs_is_there(page: Page) -> None:
    assert page.all("html")[0].attributes["lang"] == "en"
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in cell.attributes for cell in page.all("th"))
    assert all(svg.attributes["role"] == "img" for svg in page.all("svg"))
    assert all(title.text for title in page.all("title", "desc"))


def test_a_report_answers_all_that_is_asked_of_it(page: Page) -> None:
    """Question, findings, policies with sources, decisions, record, assumptions, and how to make it again."""
    names = {str(section.attributes["id"]): section.text for section in page.all("section")}
    assert list(names) == ["outcome", "figures", "policies", "decisions", "validation", "assumptions", "reproduction"]
    assert "2020-06-08" in names["policies"]
    assert LINK in names["policies"]
    assert "order book at home" in names["decisions"]
    assert "nothing here was compared" in names["validation"]
    assert "segments.traders.outside" in names["assumptions"]
    assert "0.6" in names["assumptions"]
    assert "regpressure reproduce" in names["reproduction"]
    assert "SHA-256" in names["reproduction"]


def test_differences_say_what_their_intervals_cover(files: dict[str, Path], study: Study) -> None:
    outcome = Page.read(files["study"]).all("section")[0].text
    assert "luck and parameters, of the mean over 4 draws" in outcome
    assert "95 % of draws" in outcome
    d = study.paired("exposure", "payments_first")
    assert f"{100 * d.mean:+.0f}".replace("-", "\u2212")[:2] in outcome


def test_a_name_of_several_rows_stands_once_beside_them_all() -> None:
    rows = (("a", "1"), ("a", "2"), ("b", "3"), ("a", "4"))
    assert Table("", ("", ""), rows, grouped=True).spans == (2, 0, 1, 1)
    assert Table("", ("", ""), rows).spans == (1, 1, 1, 1)


def test_the_same_result_gives_the_same_bytes(study: Study, files: dict[str, Path], tmp_path: Path) -> None:
    again = sim.report(study, tmp_path / "elsewhere.html")
    assert again.read_bytes() == files["study"].read_bytes()


def test_no_folder_of_this_machine_is_told(page: Page) -> None:
    assert str(Path.home()) not in page.source
    assert str(Path(__file__).parents[2]) not in page.source


def test_facts_stand_beside_what_is_predicted_of_them(tmp_path: Path, minimal: sim.Scenario) -> None:
    """Without the closure three order books would be open, so the fact has power."""
    (tmp_path / "facts.yaml").write_text(
        "facts:\n  - {id: shut, window: 2020-12-31, statistic: open-venues, value: 0, low: 0, high: 1, unit: exchanges,\n"
        f"     arguments: {{mode: domestic, exchanges: [alpha, beta, gamma]}}, grade: B, use: validate, about: {json.dumps(HOSTILE)},\n"
        "     source: a newspaper}\n",
        encoding="utf-8",
    )
    evidence = read_evidence(tmp_path / "facts.yaml", minimal)
    scope, words, table = record_blocks(minimal, evidence, 4, None)
    assert isinstance(table, Table)
    assert table.rows == (
        (
            HOSTILE,
            "0 (0 to 1) exchanges",
            table.rows[0][2],
            "yes",
            table.rows[0][4],
            "kept for this test",
            "a newspaper (B)",
        ),
    )
    assert table.rows[0][2].startswith("0 (")
    assert table.rows[0][4] == "100\u00a0%"
    assert "4 replications of the baseline" in str(scope)
    assert "holds 1 of 1 facts held out" in str(words)


def test_values_are_read_at_the_date_under_the_pointer(run: Run) -> None:
    """The figure itself says where the closure of 8 June 2020 stands: at its line."""
    data = gather_shares(run)
    drawn = illustration("shares", draw_shares(file_axes(), data), data.title, data.source, values_at_dates(data))
    line = re.search(r'LineCollection_1"> <path d="M (\S+) \S+L', drawn.svg)
    width = re.search(r'viewBox="0 0 (\S+) ', drawn.svg)
    assert line
    assert width
    assert drawn.hover
    at = float(line[1]) / float(width[1])
    nearest = min(range(len(drawn.hover.x)), key=lambda i: abs(drawn.hover.x[i] - at))
    assert drawn.hover.dates[nearest].replace("\u00a0", " ") == "8 Jun 2020"
    index = int(abs(data.time - data.marks[0].effective).argmin())
    assert drawn.hover.values["domestic"][nearest] == f"{100 * data.share[0, index]:.0f}\u00a0%"


def test_every_figure_over_time_has_values_to_read(page: Page) -> None:
    for text in page.values("data-hover"):
        hover = json.loads(text)
        assert len(hover["dates"]) == len(hover["x"])
        assert all(len(words) == len(hover["x"]) for words in hover["values"].values())
        assert sorted(hover["x"]) == hover["x"]
        assert 0 < hover["x"][0] < hover["x"][-1] < 1
    assert len(page.values("data-hover")) in (3, 4)  # shares, exchanges and volume; or one fan for each mode


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 0 1 L 1 1 L 2 1 L 3 1.04 z", "M 0 1L 3 1z"),
        ("M 0 0 L 0 5 L 0 9 L 4 9", "M 0 0L 0 9L 4 9"),
        ("M 0 0 L 1 2 L 2 4", "M 0 0L 1 2L 2 4"),
        ("M 0 0 L 1 1 M 1 1 L 2 1", "M 0 0L 1 1M 1 1L 2 1"),
        ("M 0.123 4.567 C 1 2 3 4 5 6", "M 0.1 4.5C 1 2 3 4 5 6"),
    ],
)
def test_a_path_loses_no_corner(path: str, short: str) -> None:
    assert short_path(path) == short


def test_a_result_of_another_sort_is_refused(minimal: sim.Scenario, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="result must be a Run"):
        sim.report(minimal, tmp_path / "report.html")  # type: ignore[arg-type]


def test_a_shipped_scenario_is_told_by_its_name(minimal: sim.Scenario) -> None:
    blocks = provenance_blocks(sim.run(minimal, "payments_first", seed=3))
    assert "regpressure run minimal --policy=payments_first --seed=3 --replication=0 --out=FOLDER" in str(blocks)
