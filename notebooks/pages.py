"""Notebooks as pages of HTML, with what is stored in them, and a gallery of their figures.

    python notebooks/pages.py FOLDER

writes `index.html`, which is the gallery, a page for each notebook beside it, and their figures in `figures/`. The
pages hold no script and ask nothing of the network. Nothing is executed; `stored_outputs.py` does that.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from nbconvert import HTMLExporter
from PIL import Image
from pygments.formatters import HtmlFormatter

SOURCE = Path(__file__).parent
_THUMBNAIL = 480
"""Width of a picture in the gallery, in pixels; it is shown at half of that, or less."""
_PICTURE = re.compile(r'<img alt="(?P<title>[^"]*)" src="data:image/png;base64,(?P<data>[^"]*)"/?>')
_LINK = re.compile(r'<a href="(?P<to>[^"#]*)(?P<part>#[^"]*)?"(?P<rest>[^>]*)>(?P<words>.*?)</a>', flags=re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A figure of a notebook: its number there from 1, its title, and its file and thumbnail in the folder."""

    number: int
    title: str
    file: str
    thumbnail: str


@dataclass(frozen=True)
class Page:
    """A notebook as a page: the name of its file without ending, its question, and its figures."""

    name: str
    question: str
    body: str
    pictures: tuple[Picture, ...]


def write_pages(folder: Path, reference: str | None = None) -> None:
    """Write the gallery and the pages of all notebooks into a folder; `reference` is a page to which it leads too."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SOURCE / "page"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    pages = tuple(_page(path, exporter, folder) for path in sorted(SOURCE.glob("*.ipynb")))
    shared = {"code_style": HtmlFormatter(style="default").get_style_defs(".highlight"), "pages": pages}
    for page in pages:
        html = environment.get_template("notebook.html").render(page=page, **shared)
        (folder / f"{page.name}.html").write_text(html, encoding="utf-8")
    gallery = environment.get_template("gallery.html").render(reference=reference, **shared)
    (folder / "index.html").write_text(gallery, encoding="utf-8")


def _page(path: Path, exporter: HTMLExporter, folder: Path) -> Page:
    """A notebook as a page, with its figures as files in the folder."""
    notebook = nbformat.read(path, as_version=4)
    _name_pictures(notebook)
    body, _ = exporter.from_notebook_node(notebook)
    pictures: list[Picture] = []

    def placed(found: re.Match[str]) -> str:
        picture = _written(found["data"], unescape(found["title"]), len(pictures) + 1, path.stem, folder)
        pictures.append(picture)
        return f'<img id="figure-{picture.number}" src="{picture.file}" alt="{found["title"]}">'

    body = _LINK.sub(_leading, _PICTURE.sub(placed, body))
    question = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    return Page(path.stem, question, body, tuple(pictures))


def _name_pictures(notebook: Any) -> None:
    """Where a figure has no title stored, the heading above it says what it shows."""
    for heading, output in _outputs(notebook):
        if "image/png" in output.get("data", {}):
            output.metadata.setdefault("image/png", nbformat.from_dict({})).setdefault("alt", heading)


def _outputs(notebook: Any) -> Iterator[tuple[str, Any]]:
    """All outputs, each with the last heading before it."""
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ (.*)", cell.source, flags=re.MULTILINE)
            heading = headings[-1] if headings else heading
        yield from ((heading, output) for output in cell.get("outputs", ()))


def _written(data: str, title: str, number: int, name: str, folder: Path) -> Picture:
    """Write a figure and its thumbnail."""
    content = base64.b64decode(data)
    picture = Picture(number, title, f"figures/{name}-{number}.png", f"figures/{name}-{number}-small.png")
    (folder / picture.file).write_bytes(content)
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.thumbnail((_THUMBNAIL, image.height))
    image.quantize(32).save(folder / picture.thumbnail, optimize=True)
    return picture


def _leading(link: re.Match[str]) -> str:
    """A link to a notebook leads to its page; one to another file of the project is left as words."""
    if re.match(r"https?:|$", link["to"]):
        return link[0]
    if link["to"].endswith(".ipynb"):
        to = Path(link["to"]).with_suffix(".html").name + (link["part"] or "")
        return f'<a href="{escape(to)}"{link["rest"]}>{link["words"]}</a>'
    return link["words"]


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
    print(f"written to {sys.argv[1]}")
