"""From the content of a report to one HTML file that needs nothing from anywhere."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sim.reports.report_blocks import HoverValues, Report
from sim.version import __version__


def html(report: Report) -> str:
    """The page. All text is escaped; only figures, in which it is escaped already, are put in as they are."""
    return _template().render(report=report, version=__version__)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("sim.reports", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"drawing": Markup, "hover_json": _hover_json}
    environment.globals["file"] = _file
    return environment.get_template("report.html")


def _hover_json(hover: HoverValues) -> str:
    return json.dumps(asdict(hover), ensure_ascii=False, separators=(",", ":"))


def _file(name: str) -> Markup:
    """A style sheet or script of the page, which holds no text of others."""
    return Markup(files("sim.reports").joinpath("page", name).read_text(encoding="utf-8"))
