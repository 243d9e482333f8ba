"""What the READMEs name is there: files and folders, fields of world and state, and words of the source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.model.state import State
from sim.world.arrays import World

ROOT = Path(__file__).parents[1]
FOLDERS = [ROOT / name for name in ("sim", "tests", "configs", "docs", "notebooks", ".ci")]
SOURCES = [path for folder in FOLDERS for path in (folder, *folder.rglob("*"))]
READMES = [ROOT / "README.md", *sorted(path for path in SOURCES if path.name == "README.md")]
READMES += sorted((ROOT / "docs").glob("*.md"))
FILES = {f"/{path.relative_to(ROOT)}{'/' * path.is_dir()}" for path in (*SOURCES, *ROOT.glob("*.*"))}
WRITTEN = {"/parts/", "/mine.yaml"}
"""What the program writes and no source has."""
HOLDERS = {"world": World, "state": State, "run": sim.Run, "study": sim.Study, "sim": sim}


def page_id(page: Path) -> str:
    """The folder of a README, or the file of another page."""
    return str((page.parent if page.name == "README.md" else page).relative_to(ROOT))


def names(page: Path) -> list[str]:
    """What stands between backticks in the text of a page."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S))


def is_held(name: str) -> bool:
    """Whether a dotted name leads somewhere, such as `state.market.habit` or `run.plot`."""
    first, *rest = name.split(".")
    holder: Any = HOLDERS[first]
    for part in rest:
        fields = getattr(holder, "__annotations__", {})
        if part not in fields and not hasattr(holder, part):
            return False
        holder = fields.get(part) or getattr(holder, part)
    return True


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether a link leads to a file, and to a heading of it if it names one."""
    path, _, heading = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists() or not heading:
        return target.exists()
    headings = re.findall(r"^#+ (.*)", target.read_text(encoding="utf-8"), flags=re.M)
    return heading in [re.sub(r"[^a-z0-9 -]", "", text.lower()).replace(" ", "-") for text in headings]


@pytest.fixture(scope="module")
def words() -> set[str]:
    """All words of code, scenarios and their format."""
    texts = (path.read_text(encoding="utf-8") for path in SOURCES if path.suffix in (".py", ".yaml", ".csv"))
    return {word for text in texts for word in re.findall(r"\w+", text)}


@pytest.mark.parametrize("page", READMES, ids=page_id)
def test_paths_lead_to_files(page: Path) -> None:
    paths = [name for name in names(page) if re.fullmatch(r"[\w./-]+(/|\.(py|md|yaml|ipynb|toml))", name)]

    assert [path for path in paths if not any(file.endswith(f"/{path}") for file in FILES | WRITTEN)] == []


@pytest.mark.parametrize("page", READMES, ids=page_id)
def test_names_lead_to_fields(page: Path) -> None:
    dotted = [name for name in names(page) if re.fullmatch(rf"({'|'.join(HOLDERS)})(\.[a-z]\w*)+", name)]

    assert [name for name in dotted if not is_held(name)] == []


@pytest.mark.parametrize("page", READMES, ids=page_id)
def test_words_occur_in_the_source(page: Path, words: set[str]) -> None:
    """A function is known by its name, whatever the arguments."""
    single = [match[1] for name in names(page) if (match := re.fullmatch(r"([A-Za-z_]\w*)(\(.*\))?", name))]

    assert [name for name in single if name not in words] == []


@pytest.mark.parametrize("page", READMES, ids=page_id)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not leads_somewhere(page, link)] == []
