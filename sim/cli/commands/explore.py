"""`regpressure explore`: change a policy on a page of this machine and see what differs."""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from typing import Annotated

import typer

from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.progress import spinner, warn_of_doubts


def explore(
    file: options.File,
    replications: Annotated[int, typer.Option(min=2, max=10_000, help="Replications of each policy.")] = 100,
    workers: options.Workers = None,
    seed: options.Seed = 0,
    settings: options.Settings = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the page; 0 takes one that is free.", show_default="free")
    ] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Change a policy in the browser. Its page, on this machine alone, shows at once what differs; Ctrl-C ends it."""
    from sim.explorer.server import ExplorerServer
    from sim.explorer.session import session_of

    scenario = inputs.scenario_in(file, settings or ())
    warn_of_doubts(scenario)
    session = session_of(scenario, seed=seed, replications=replications, workers=workers)
    with spinner(f"first replications of {scenario.name}; where the model is not compiled yet, that takes minutes"):
        session.answer(session.subject["first"])
    try:
        server = ExplorerServer(session, port)
    except OSError as error:
        raise InputError(f"--port {port}: {str(error.strerror).lower()}") from None
    print(f"{scenario.name} can be explored at\n  {server.address}\non this machine alone. Ctrl-C ends it.", flush=True)
    if browser:
        webbrowser.open(server.address)
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()
