"""Every line with `regpressure` on a page of the project, in a block or in a sentence, has commands and options that are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from sim.cli import app

GROUP: Any = typer.main.get_command(app)
ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("*/*/README.md")])
SCENARIOS = sorted([*ROOT.glob("configs/**/*.yaml"), ROOT / "sim" / "scenario" / "starting_scenario.yaml"])


def lines(text: str) -> Iterator[str]:
    """Command lines in blocks, in backticks and in comments, without what a shell does with their output."""
    text = text.replace("\\\n", " ")  # a line that goes on
    found = re.findall(r"^(?:# +)?(?:\.venv/bin/)?regpressure (.*)$", text, flags=re.MULTILINE)
    found += re.findall(r"`regpressure ([^`\n]+)`", text)
    for line in found:
        yield re.split(r"\s(?:#|>|\||&&)|\s{3,}", line)[0].strip()


def wrong(line: str) -> str:
    """What is wrong with the command or the options of a line; nothing if nothing is."""
    group = GROUP
    name, *words = shlex.split(line.replace("[", "").replace("]", ""))
    if name.startswith("-") or name == "...":
        options = {option for param in group.params for option in param.opts}
        return "" if name in {*options, "..."} else f"no option {name}"
    if name not in group.commands:
        return f"no command {name}"
    command = group.commands[name]
    options = {option for param in command.params for option in (*param.opts, *param.secondary_opts)} | {"--help", "-h"}
    unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in options and word != "-"]
    return f"no option {unknown[0]}" if unknown else ""


@pytest.mark.parametrize("page", [*PAGES, *SCENARIOS], ids=lambda page: str(page.relative_to(ROOT)))
def test_command_lines_name_commands_and_options_that_are(page: Path) -> None:
    found = {line: wrong(line) for line in lines(page.read_text(encoding="utf-8"))}
    assert {line: said for line, said in found.items() if said} == {}


@pytest.mark.parametrize("command", GROUP.commands.values(), ids=lambda command: command.name)
def test_every_argument_and_option_is_explained(command: Any) -> None:
    """In a sentence that begins with a capital letter and ends with a full stop, as the command itself is."""
    texts = [(param.name, param.help) for param in command.params if param.name != "help"]
    assert [
        name for name, text in texts if not text or not text[0].isupper() or not text.rstrip().endswith((".", "?"))
    ] == []
    paragraphs = [part.strip() for part in command.help.split("\n\n")]
    assert [part for part in paragraphs if not part.endswith((".", ":"))] == []
    spaces = [text for text in (*paragraphs, *(text for _, text in texts)) if re.search(r"[^ \n]  +[^ ]", str(text))]
    assert spaces == []


def test_a_line_that_is_wrong_is_seen() -> None:
    text = "```sh\nregpressure compare x --replication 3\n```\nsee `regpressure explian x`, `regpressure --versoin`"
    assert [wrong(line) for line in lines(text)] == [
        "no option --replication",
        "no command explian",
        "no option --versoin",
    ]
