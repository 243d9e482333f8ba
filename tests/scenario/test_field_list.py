"""The list of the fields of a scenario file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.field_list import REQUIRED, field_page, fields_under, scenario_fields, settings
from sim.scenario.policy.interventions import builtin_kinds

PAGE = Path(__file__).parents[2] / "configs" / "FIELDS.md"


def test_every_field_has_a_meaning_and_says_how_it_is_written() -> None:
    fields = scenario_fields()
    assert len(fields) > 250
    assert [field.path for field in fields if not field.meaning] == []
    assert [field.path for field in fields if not field.written] == []
    assert len({field.path for field in fields}) == len(fields)


def test_a_field_says_whether_it_is_required_and_what_it_is_otherwise() -> None:
    (switching,) = fields_under("segments.ID.switching")
    assert (switching.default, switching.written) == (REQUIRED, "0.25 /d or 5 /month or 2 per year")
    (real,) = fields_under("segments.cn-active.real_part")
    assert (real.path, real.default) == ("segments.ID.real_part", "1.0")


def test_a_path_leads_to_a_block_and_what_is_in_it() -> None:
    assert [field.path for field in fields_under("record")] == ["record", "record.every"]
    with pytest.raises(KeyError):
        fields_under("record.never")


def test_the_page_holds_all_of_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == field_page(), "python -m sim.scenario.field_list > configs/FIELDS.md"


def test_a_kind_tells_what_it_sets() -> None:
    assert settings(builtin_kinds()["fee-rule"]) == "target.modes: ['domestic'], moves.fee: 0.002"
