"""A page as a browser would take it apart, and what is wrong with how it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "br", "hr", "img", "link", "input"}
"""Elements that have no end."""


@dataclass
class Element:
    """An element of a page, with the text in it."""

    tag: str
    attributes: dict[str, str | None]
    within: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements of a page in their order, and the tags that do not fit together."""

    source: str
    elements: list[Element] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    opened: list[Element] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Page:
        page = cls(path.read_text(encoding="utf-8"))
        HTMLParser.__init__(page)
        page.feed(page.source)
        page.wrong += [f"{element.tag} has no end" for element in page.opened]
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), tuple(each.tag for each in self.opened))
        self.elements.append(element)
        if tag not in VOID:
            self.opened.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(each.tag for each in self.opened)))

    def handle_endtag(self, tag: str) -> None:
        if self.opened and self.opened[-1].tag == tag:
            self.opened.pop()
        else:
            self.wrong.append(f"</{tag}> ends nothing")

    def handle_data(self, data: str) -> None:
        for element in self.opened:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for element in self.elements if (value := element.attributes.get(name)) is not None]
