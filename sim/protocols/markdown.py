"""Pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def section(level: int, heading: str, *paragraphs: str) -> str:
    """A heading with what stands below it; empty paragraphs are left out."""
    return "\n\n".join([f"{'#' * level} {heading}", *filter(None, paragraphs)]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table without the columns that are empty in all rows; a word instead where there are no rows."""
    lines = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    if not lines:
        return "None."
    used = [at for at in range(len(headings)) if any(line[at] for line in lines)]
    whole = [list(headings), ["---"] * len(headings), *lines]
    return "\n".join("| " + " | ".join(line[at] for at in used) + " |" for line in whole)


def literal(text: str) -> str:
    """Text in which line breaks and columns matter, such as equations."""
    return f"```text\n{text}\n```"


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)


def paragraphs_of(docstring: str) -> str:
    """A docstring as Markdown: text as it is, indented equations and tables literally."""
    blocks = filter(str.strip, docstring.split("\n\n"))
    return "\n\n".join(literal(each) if each.startswith("    ") or "  " in each.strip() else each for each in blocks)
