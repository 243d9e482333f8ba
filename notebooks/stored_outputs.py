"""Notebooks are stored with their outputs, so that they can be read where nothing is installed.

    python notebooks/stored_outputs.py                  executes all notebooks and stores what comes out
    python notebooks/stored_outputs.py 01_first_run     only those named
    python notebooks/stored_outputs.py --check          executes them and compares the text with what is stored

Stored are text, tables and figures: no times, no messages, and figures in so few colours that a notebook stays below
300 kB. The title of a figure is stored as what a screen reader says of it. The text of a cell with the tag `varies`,
such as a measurement of time, is not compared.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).parent
LARGEST = 300_000
"""Bytes of a notebook, at most."""
_COLOURS = (48, 32, 24, 16, 12, 8)
"""Colours of stored figures, the first with which the notebook is small enough."""
_KEPT = ("text/plain", "text/html", "image/png")
_TIMEOUT = 600
"""Seconds that a cell may take, with the model to be compiled."""
_TITLED = """
from IPython.core import pylabtools

def titled(figure, *arguments, draw=pylabtools.print_figure, **options):
    titles = [axes.get_title("left") or axes.get_title() for axes in figure.axes]
    return draw(figure, *arguments, metadata={"Title": " ".join(" ".join(titles).split())}, **options)

pylabtools.print_figure = titled
"""
"""What a kernel runs before the first cell: figures then bear their titles in the metadata of the PNG."""


def notebooks(names: Sequence[str] = ()) -> list[Path]:
    """The notebooks, or those whose names are given without ending."""
    return [FOLDER / f"{name}.ipynb" for name in names] or sorted(FOLDER.glob("*.ipynb"))


def source_hash(notebook: Any) -> str:
    """A hash of the code, by which a stored notebook tells whether its outputs are of the code that is in it."""
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def executed(path: Path) -> Any:
    """The notebook in a file, executed, with its outputs but for messages and times."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(FOLDER)}}
    client = NotebookClient(notebook, timeout=_TIMEOUT, kernel_name="python3", resources=resources)
    with client.setup_kernel():
        client.kc.execute(_TITLED, silent=True)
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
    notebook.metadata = nbformat.from_dict(
        {
            "executed": source_hash(notebook),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    return notebook


def shrunk(notebook: Any) -> Any:
    """The notebook as it is stored: with figures in as many colours as leave it small enough."""
    for colours in _COLOURS:
        small = _small(notebook, colours)
        if len(nbformat.writes(small)) < LARGEST:
            break
    return small


def _small(notebook: Any, colours: int) -> Any:
    """The notebook with what is kept of its outputs, and figures in so many colours."""
    small = deepcopy(notebook)
    for output in (each for cell in small.cells if cell.cell_type == "code" for each in cell.outputs):
        if "data" in output:
            output.metadata = nbformat.from_dict(_alternative_text(output.data))
            output.data = nbformat.from_dict({kind: output.data[kind] for kind in _KEPT if kind in output.data})
        if "image/png" in output.get("data", {}):
            output.data["image/png"] = _in_colours(output.data["image/png"], colours)
    return small


def _image(picture: str) -> Image.Image:
    """A figure from base64."""
    return Image.open(io.BytesIO(base64.b64decode(picture)))


def _alternative_text(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The title of a figure, in the place in which notebooks keep what is said instead of it."""
    title = _image(data["image/png"]).info.get("Title") if "image/png" in data else None
    return {"image/png": {"alt": title}} if title else {}


def _in_colours(picture: str, colours: int) -> str:
    """A figure, as base64, in so many colours."""
    image, buffer = _image(picture).convert("RGB"), io.BytesIO()
    image.quantize(colours, dither=Image.Dither.NONE).save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def differences(old: Any, new: Any) -> Iterator[str]:
    """Cells whose text is another, or that have another number of figures, with both texts."""
    for number, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
        if before.cell_type != "code" or "varies" in before.metadata.get("tags", ()):
            continue
        was, now = _text(before), _text(after)
        if was != now:
            yield f"cell {number}:\n--- stored\n{was}\n--- now\n{now}"


def _text(cell: Any) -> str:
    """The text of all outputs; a figure is told by a word."""
    parts = []
    for output in cell.outputs:
        data = output.get("data", {"text/plain": output.get("text", "")})
        parts.append("[figure]" if "image/png" in data else data.get("text/plain", ""))
    return "\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Execute notebooks, and store or compare what comes out; 1 if something differs.

    SystemExit(2) with a message for a name that no notebook has.
    """
    parser = argparse.ArgumentParser(description="Execute notebooks and store what comes out.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="without ending; all if none is named")
    parser.add_argument("--check", action="store_true", help="compare the text with what is stored, and store nothing")
    asked = parser.parse_args(arguments)
    known = [path.stem for path in notebooks()]
    for name in asked.names:
        if name not in known:
            parser.error(f"no notebook {name!r}: there are {', '.join(known)}")
    failed = 0
    for path in notebooks(asked.names):
        new = executed(path)
        if not asked.check:
            nbformat.write(shrunk(new), path)
            print(f"{path.name}: stored, {path.stat().st_size / 1000:.0f} kB")
            continue
        differ = list(differences(nbformat.read(path, as_version=4), new))
        failed += bool(differ)
        print(f"{path.name}: {'differs' if differ else 'as stored'}", *differ, sep="\n")
    if failed:
        print("to store what comes out now: python notebooks/stored_outputs.py")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
