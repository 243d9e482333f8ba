"""`regpressure explain-config`: what a value of a scenario is, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.output import console, table

if TYPE_CHECKING:
    from sim.scenario.value_origin import ConfiguredValue


def explain_config(
    file: options.File,
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="A value or a block, such as `closing.later` or `segments`.", show_default=False
        ),
    ],
    settings: options.Settings = None,
) -> None:
    """Explain a value of a scenario. What it is, its unit and default, and which line, file or option it came from.

    Items of lists go by their id: `segments.retail.switching`, `policies.baseline.site-blocks.coverage`.
    """
    from sim.scenario.value_origin import configured_values

    scenario = inputs.scenario_in(file, settings or ())
    try:
        values = configured_values(scenario, path)
    except LookupError as error:
        raise InputError(f"{path}: {error.args[0]}") from None
    if len(values) == 1:
        console().print(table([values[0].path, ""], _told(values[0])))
    else:
        rows = [(value.path, value.value, value.origin) for value in values]
        console().print(table(["value", "is", "came from"], rows))


def _told(value: ConfiguredValue) -> Iterator[tuple[str, str]]:
    """Everything that is known of one value, by what it is."""
    yield "is", value.value
    if field := value.field:
        yield "meaning", field.meaning
        if field.unit:
            yield "unit", field.unit
        yield "written as", field.written
        if field.default:
            yield "default", field.default
    yield "came from", value.origin
    told = {"its line says": value.comment, "source": value.source, "may lie in": value.between}
    yield from ((what, text) for what, text in told.items() if text)
