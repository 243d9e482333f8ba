"""The layout of `sim/`: in which direction files import, and how they are called.

Imports are read with `ast`, those inside functions included; blocks under `TYPE_CHECKING` are for type checkers alone and
do not count.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).parent
STAGES = (
    *("scenario", "schedule", "world", "model", "engine", "results", "evidence", "study", "calibration", "protocols"),
    *("plot", "reports"),
)
"""The folders in the order of a run. Below them are `kernels` and the helpers beside them, above them what users call."""
ORDER = ("helper", "kernels", *STAGES, "api", "sim", "cli", "__main__")
BY_NAME = ("sim.lazy_imports",)
"""The only files that import by a name in a string, which no test of imports sees."""
COMPILER = ("llvmlite", "numba.core", "numba.extending", "numba.np")
"""What Numba does not promise to keep, by the beginning of its name."""
REPEATED = {
    *("traders", "exchanges", "regulators", "interventions", "levers", "rules"),  # the same thing on each level
    "simulate",  # what both engines have
    *("run", "study", "compare", "race", "branch", "sweep", "explain", "reproduce", "pathways", "decomposition"),
    *("calibrate", "identification", "report", "sensitivity", "futures"),
    "errors",  # in scenarios, and at the command line
}
"""Names of files that occur more than once: a question has its study, its figure and its command."""

Imports = Mapping[str, frozenset[str]]
"""By file, as a module, the dotted names that it imports."""


class _Reader(ast.NodeVisitor):
    """Collects the dotted names that a module imports when it runs."""

    def __init__(self, package: str) -> None:
        self.package, self.names = package, set[str]()

    def visit_If(self, node: ast.If) -> None:
        only_types = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for child in node.orelse if only_types else [node.test, *node.body, *node.orelse]:
            self.visit(child)

    def visit_Import(self, node: ast.Import) -> None:
        self.names |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = resolve_name("." * node.level + (node.module or ""), self.package)
        self.names |= {f"{module}.{alias.name}" for alias in node.names}


def imports_of(root: Path) -> Imports:
    """What the files of a package import."""
    found = {}
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root.parent).with_suffix("").parts
        package, module = ".".join(parts[:-1]), ".".join(parts).removesuffix(".__init__")
        reader = _Reader(package)
        reader.visit(ast.parse(file.read_text(encoding="utf-8")))
        found[module] = frozenset(reader.names)
    return found


def graph_of(imports: Imports) -> Mapping[str, set[str]]:
    """By file, the files of the same package that it imports."""

    def file_of(name: str) -> str | None:
        while name not in imports:
            if "." not in name:
                return None
            name = name.rpartition(".")[0]
        return name

    files = {module: {file_of(name) for name in names} for module, names in imports.items()}
    return {module: {each for each in found if each not in (None, module)} for module, found in files.items()}


def stage_of(module: str) -> str:
    """The place of a file in `ORDER`."""
    _, _, rest = module.partition(".")
    first = rest.partition(".")[0] or "sim"
    return first if first in ORDER else "helper"


def wrong_directions(imports: Imports) -> Iterator[str]:
    """Files that import one of a later stage, and files of a folder that has no place in the order."""
    for module, targets in graph_of(imports).items():
        if stage_of(module) == "helper" and module.count(".") > 1:
            yield f"{module}: its folder is not in the order"
        for target in sorted(targets):
            if ORDER.index(stage_of(target)) > ORDER.index(stage_of(module)):
                yield f"{module} imports {target}"


def circle(imports: Imports) -> list[str]:
    """Files that import each other in a circle, one of them first and last; empty if there is none."""
    try:
        TopologicalSorter(graph_of(imports)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def by_name(imports: Imports) -> Iterator[str]:
    """Files that have what it takes to import by a name in a string."""
    for module, names in imports.items():
        if module not in BY_NAME and names & {"importlib", "importlib.import_module", "importlib.util"}:
            yield module


def compiler_users(imports: Imports) -> Iterator[str]:
    """Files outside `kernels` that import the inner modules of the compiler."""
    for module, names in imports.items():
        if stage_of(module) != "kernels" and any(
            f"{name}.".startswith(f"{each}.") for name in names for each in COMPILER
        ):
            yield module


def repeated(imports: Imports) -> set[str]:
    """Names that more than one file has; `__init__` does not count."""
    packages = {module.rpartition(".")[0] for module in imports}
    files = Counter(module.rpartition(".")[2] for module in imports if module not in packages)
    return {name for name, count in files.items() if count > 1}


@cache
def own() -> Imports:
    return imports_of(ROOT)


def test_no_file_imports_a_later_stage() -> None:
    assert list(wrong_directions(own())) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(own()) == []


def test_only_the_table_of_names_imports_by_name() -> None:
    assert list(by_name(own())) == []


def test_only_kernels_know_the_inside_of_the_compiler() -> None:
    assert list(compiler_users(own())) == []


def test_no_two_files_have_the_same_name_without_reason() -> None:
    assert repeated(own()) - REPEATED == set()


def test_nothing_beside_the_exports_bears_the_name_of_one() -> None:
    """Importing `sim.run` as a file or folder would replace the function in the namespace."""
    assert {path.stem for path in ROOT.iterdir()} & set(sim.__all__) == set()


# That the checks can fail, on small trees that are made up.


def made_up(folder: Path, files: Mapping[str, str]) -> Imports:
    for name, text in files.items():
        path = folder / "sim" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return imports_of(folder / "sim")


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"model/a.py": "from sim.plot import b", "plot/b.py": ""}, "sim.model.a imports sim.plot.b"),
        ({"model/a.py": "from sim.plot.b import f", "plot/b.py": ""}, "sim.model.a imports sim.plot.b"),
        ({"model/a.py": "import sim.plot.b", "plot/b.py": ""}, "sim.model.a imports sim.plot.b"),
        ({"model/a.py": "from ..plot import b", "plot/b.py": ""}, "sim.model.a imports sim.plot.b"),
        ({"model/a.py": "def f():\n    from sim.plot import b", "plot/b.py": ""}, "sim.model.a imports sim.plot.b"),
        (
            {"model/a.py": "class A:\n    def f(self):\n        import sim", "__init__.py": ""},
            "sim.model.a imports sim",
        ),
        ({"kernels/a.py": "from sim.world import b", "world/b.py": ""}, "sim.kernels.a imports sim.world.b"),
        ({"clock.py": "from sim.kernels import b", "kernels/b.py": ""}, "sim.clock imports sim.kernels.b"),
        ({"model/__init__.py": "from sim.plot import b", "plot/b.py": ""}, "sim.model imports sim.plot.b"),
        ({"api.py": "from sim.cli import b", "cli/b.py": ""}, "sim.api imports sim.cli.b"),
        ({"tools/a.py": ""}, "sim.tools.a: its folder is not in the order"),
    ],
)
def test_a_wrong_direction_is_seen(tmp_path: Path, files: dict[str, str], problem: str) -> None:
    assert list(wrong_directions(made_up(tmp_path, files))) == [problem]


@pytest.mark.parametrize(
    "files",
    [
        {"plot/a.py": "from sim.model import b\nimport numpy", "model/b.py": ""},
        {"plot/a.py": "from sim.clock import DAY", "clock.py": ""},
        {"cli/a.py": "import sim", "__init__.py": "from sim.api import run", "api.py": ""},
        {"model/a.py": "if TYPE_CHECKING:\n    from sim.plot import b", "plot/b.py": ""},
        {"model/a.py": "import typing\nif typing.TYPE_CHECKING:\n    from sim.plot import b", "plot/b.py": ""},
    ],
)
def test_a_right_direction_is_let_pass(tmp_path: Path, files: dict[str, str]) -> None:
    assert list(wrong_directions(made_up(tmp_path, files))) == []


def test_what_is_not_for_type_checkers_alone_counts(tmp_path: Path) -> None:
    text = "if TYPE_CHECKING:\n    pass\nelse:\n    from sim.plot import b\nif True:\n    from sim.plot import c"
    found = made_up(tmp_path, {"model/a.py": text, "plot/b.py": "", "plot/c.py": ""})
    assert len(list(wrong_directions(found))) == 2


def test_a_circle_of_files_is_seen(tmp_path: Path) -> None:
    files = {
        "model/a.py": "from sim.model.b import f",
        "model/b.py": "def f():\n    from sim.model import c",
        "model/c.py": "def g():\n    from sim.model.a import h",
        "model/d.py": "from sim.model import a",
    }
    assert set(circle(made_up(tmp_path, files))) == {"sim.model.a", "sim.model.b", "sim.model.c"}


@pytest.mark.parametrize(
    "text", ["from importlib import import_module", "import importlib", "def f():\n    import importlib.util"]
)
def test_an_import_by_name_is_seen(tmp_path: Path, text: str) -> None:
    assert list(by_name(made_up(tmp_path, {"model/a.py": text, "lazy_imports.py": text}))) == ["sim.model.a"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("from numba import extending", True),
        ("from numba.core import types", True),
        ("import numba.np.arrayobj", True),
        ("def f():\n    from llvmlite import ir", True),
        ("import numba\nfrom numba import types, njit", False),
    ],
)
def test_the_inside_of_the_compiler_is_seen(tmp_path: Path, text: str, seen: bool) -> None:
    assert list(compiler_users(made_up(tmp_path, {"model/a.py": text, "kernels/b.py": text}))) == ["sim.model.a"] * seen


def test_a_repeated_name_is_seen(tmp_path: Path) -> None:
    files = {"model/a.py": "", "plot/a.py": "", "plot/b.py": "", "model/__init__.py": "", "plot/__init__.py": ""}
    assert repeated(made_up(tmp_path, files)) == {"a"}
