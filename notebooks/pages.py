"""Notebooks and READMEs as pages of HTML, and a gallery of the figures that are stored in notebooks.

    python notebooks/pages.py FOLDER

writes `index.html`, which is the gallery, a page for each notebook and README beside it, and figures in `figures/`. The
pages hold no script and ask nothing of the network. Nothing is executed; `stored_outputs.py` does that.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import jinja2
import nbformat
from nbconvert.filters import markdown2html
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

SOURCE = Path(__file__).parent
_THUMBNAIL = 480
"""Width of a picture in the gallery, in pixels; it is shown at half of that, or less."""
_LINK = re.compile(r'<a href="(?P<to>[^"#]*)(?P<part>#[^"]*)?"(?P<rest>[^>]*)>(?P<words>.*?)</a>', flags=re.DOTALL)
_IMAGE = re.compile(r'<img src="(?P<file>[^"]*)"')
_HEADING = re.compile(
    r'<h(?P<level>[1-6]) id="[^"]*">(?P<words>.*?)<a class="anchor-link"[^>]*>.*?</a></h', flags=re.DOTALL
)
ROOT = SOURCE.parent
DOCUMENTS = {
    "README.md": "readme",
    "docs/own_scenario.md": "own_scenario",
    "docs/extending.md": "extending",
    "configs/README.md": "scenarios",
    "configs/FIELDS.md": "fields",
    "sim/README.md": "model",
}
"""Pages of Markdown by their path in the project, and what their pages are called."""


@dataclass(frozen=True)
class Picture:
    """A figure of a notebook: its number there from 1, its title, and its file and thumbnail in the folder.

    Where a figure has no title stored, the heading above it says what it shows.
    """

    number: int
    title: str
    file: str
    thumbnail: str


@dataclass(frozen=True)
class Page:
    """A notebook or README as a page: the name of its file without ending, its question or title, and its figures."""

    name: str
    question: str
    body: str
    pictures: tuple[Picture, ...] = ()
    is_document: bool = False


def write_pages(folder: Path, reference: str | None = None) -> None:
    """Write the gallery and the pages of all notebooks into a folder; `reference` is a page to which it leads too."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SOURCE / "page"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    pages = tuple(_page(path, folder) for path in sorted(SOURCE.glob("*.ipynb")))
    documents = tuple(_document(ROOT / path, name, folder) for path, name in DOCUMENTS.items())
    shared = {"code_style": HtmlFormatter(style="default").get_style_defs(".highlight")}
    for page in (*pages, *documents):
        html = environment.get_template("page.html").render(page=page, **shared)
        (folder / f"{page.name}.html").write_text(html, encoding="utf-8")
    shared |= {"pages": pages, "documents": documents}
    gallery = environment.get_template("gallery.html").render(reference=reference, **shared)
    (folder / "index.html").write_text(gallery, encoding="utf-8")


def _page(path: Path, folder: Path) -> Page:
    """A notebook as a page, with its figures as files in the folder."""
    notebook = nbformat.read(path, as_version=4)
    heading, parts, pictures = "", list[str](), list[Picture]()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = [heading, *re.findall(r"^#+ (.*)", cell.source, flags=re.MULTILINE)][-1]
            parts.append(f'<div class="text">{markdown2html(cell.source)}</div>')
            continue
        parts.append(highlight(cell.source, PythonLexer(), HtmlFormatter()))
        for output in cell.outputs:
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                title = output.metadata.get("image/png", {}).get("alt", heading)
                picture = _written(data["image/png"], title, len(pictures) + 1, path.stem, folder)
                pictures.append(picture)
                shown = f'<img id="figure-{picture.number}" src="{picture.file}" alt="{escape(title)}">'
            else:
                shown = data.get("text/html") or f"<pre>{escape(data['text/plain'])}</pre>"
            parts.append(f'<div class="output">{shown}</div>')
    question = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    return Page(path.stem, question, _with_links("\n".join(parts), SOURCE), tuple(pictures))


def _written(data: str, title: str, number: int, name: str, folder: Path) -> Picture:
    """Write a figure and its thumbnail."""
    content = base64.b64decode(data)
    picture = Picture(number, title, f"figures/{name}-{number}.png", f"figures/{name}-{number}-small.png")
    (folder / picture.file).write_bytes(content)
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.thumbnail((_THUMBNAIL, image.height))
    image.quantize(32).save(folder / picture.thumbnail, optimize=True)
    return picture


def _document(path: Path, name: str, folder: Path) -> Page:
    """A page of Markdown, with the pictures that it shows, and headings under the names by which links call them."""
    text = path.read_text(encoding="utf-8")
    body = _HEADING.sub(_anchored, markdown2html(text))

    def copied(found: re.Match[str]) -> str:
        picture = path.parent / found["file"]
        (folder / "figures" / picture.name).write_bytes(picture.read_bytes())
        return f'<img src="figures/{picture.name}"'

    title = text.splitlines()[0].removeprefix("# ")
    return Page(name, title, _IMAGE.sub(copied, _with_links(body, path.parent)), is_document=True)


def _anchored(heading: re.Match[str]) -> str:
    level, words = heading["level"], heading["words"]
    return f'<h{level} id="{_anchor(words)}">{words}</h'


def _anchor(words: str) -> str:
    """The name of a heading: small letters, hyphens between words, no other signs."""
    plain = unescape(re.sub(r"<[^>]*>", "", words)).lower()
    return re.sub(r"[^\w -]", "", plain).strip().replace(" ", "-")


def _with_links(body: str, place: Path) -> str:
    """Links from a file in `place` to what has a page lead to that; those to other files are left as words."""

    def leading(link: re.Match[str]) -> str:
        if re.match(r"https?:|$", link["to"]):
            return link[0]
        target = (place / link["to"]).resolve()
        name = target.stem if target.suffix == ".ipynb" else DOCUMENTS.get(_path(target))
        return f'<a href="{name}.html{link["part"] or ""}">{link["words"]}</a>' if name else link["words"]

    return _LINK.sub(leading, body)


def _path(file: Path) -> str:
    """The path of a file or folder in the project; a folder stands for its README."""
    return (file / "README.md" if file.is_dir() else file).relative_to(ROOT).as_posix()


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
    print(f"written to {sys.argv[1]}")
