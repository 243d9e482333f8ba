"""What keeps the program usable beyond Linux and macOS, where it is tested: files, processes and text.

Windows is not tested. These are the mistakes that would surely break it, and that Linux can see.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.results.save import write_run
from tests.synthetic import synthetic_run

ROOT = Path(sim.__file__).parent
UNIX_ONLY = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios"}
GUARDED = {"sim.atomic_write"}
"""Files that say what they do on Windows."""
ILLEGAL = re.compile(r'[<>:"|?*\\]|[ .]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', flags=re.IGNORECASE)
"""What no name of a file may have on Windows."""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """The calls in a file by the last part of their name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def mistakes(file: str, text: str) -> Iterator[str]:
    """What would not work, or not be the same, on Windows."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        if UNIX_ONLY & {name.partition(".")[0] for name in names} and file not in GUARDED:
            yield f"{file}: {names} is not there on Windows"
    for name, call in calls(tree):
        said = {keyword.arg for keyword in call.keywords}
        mode = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in ("read_text", "write_text") and isinstance(call.func, ast.Attribute) and "encoding" not in said:
            yield f"{file}:{call.lineno}: text without an encoding"
        if (
            name == "open"
            and isinstance(call.func, ast.Name)
            and not any("b" in m for m in mode)
            and "encoding" not in said
        ):
            yield f"{file}:{call.lineno}: text without an encoding"
        if name in ("fork", "forkpty") or (name in ("get_context", "set_start_method") and "fork" in mode):
            yield f"{file}:{call.lineno}: a fork"


def test_no_file_of_the_program_does_what_windows_cannot() -> None:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        found += mistakes(module, path.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import fcntl",
        "from resource import getrusage",
        "import os\nos.fork()",
        "import multiprocessing as m\nm.get_context('fork')",
        "open('x')",
        "from pathlib import Path\nPath('x').write_text('y')",
    ],
)
def test_a_mistake_is_seen(text: str) -> None:
    assert len(list(mistakes("sim.x", text))) == 1


def test_names_of_files_are_legal_everywhere(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    write_run(synthetic_run(), folder)
    names = [path.name for path in folder.rglob("*")]
    assert names
    assert [name for name in names if ILLEGAL.search(name)] == []
    assert ILLEGAL.search("displacement:otc.csv")
