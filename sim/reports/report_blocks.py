"""What a report is made of: sections of paragraphs, tables, figures and commands. No markup."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class Subheading:
    """A heading within a section."""

    words: str
    sort: ClassVar[str] = "subheading"


@dataclass(frozen=True)
class Paragraphs:
    """Sentences, each a paragraph by itself or, if `listed`, an item of a list."""

    sentences: tuple[str, ...]
    listed: bool = False
    sort: ClassVar[str] = "paragraphs"


@dataclass(frozen=True)
class Table:
    """Rows of text, of which the first column names the row.

    `numbers` are columns (from 0) that are aligned right, `dates` others that no line breaks. `grouped`: the first
    column names several rows in a row, and does so once. `folded`: on a screen it is opened by whoever wants it; on
    paper it is open.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    folded: bool = False
    grouped: bool = False
    sort: ClassVar[str] = "table"

    @property
    def spans(self) -> tuple[int, ...]:
        """How many rows the name at the head of each row stands for, 0 where one above does."""
        if not self.grouped:
            return (1,) * len(self.rows)
        sizes = [len(list(rows)) for _, rows in groupby(row[0] for row in self.rows)]
        return tuple(size if k == 0 else 0 for size in sizes for k in range(size))


@dataclass(frozen=True)
class HoverValues:
    """What is read off a figure at dates: `dates` (T,) in words, `values` by name (T,) in words.

    `x` (T,) is where each date stands, `top` and `bottom` how far the Axes reach, as parts of the width and height of
    the figure, from the left and from the top.
    """

    dates: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    x: tuple[float, ...]
    top: float
    bottom: float


@dataclass(frozen=True)
class Illustration:
    """A figure as SVG, in which all ids begin with `name`, with its finding, what it shows, and what can be read."""

    name: str
    svg: str
    finding: str
    source: str
    hover: HoverValues | None
    table: Table | None
    sort: ClassVar[str] = "illustration"


@dataclass(frozen=True)
class Commands:
    """Lines to be typed, under a word that says where."""

    where: str
    lines: tuple[str, ...]
    sort: ClassVar[str] = "commands"


Block: TypeAlias = Subheading | Paragraphs | Table | Illustration | Commands


@dataclass(frozen=True)
class Section:
    """A heading, and what stands below it. `name` is what links call it."""

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """The whole: a title, the question, what the scenario is, and of what the results are, in a line."""

    title: str
    question: str
    description: str
    source: str
    sections: tuple[Section, ...] = ()
