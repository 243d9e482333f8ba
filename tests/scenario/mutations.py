"""Shipped scenarios with a random mistake: each must be refused with the project's error, or load, build and run.

    python -m tests.scenario.mutations 5000            # mutations 0 to 4999, some minutes
    python -m tests.scenario.mutations 1 --first 137   # one of them again

Prints each that ends in another error, takes longer than `SECONDS`, or after which the process has used more than
`MEGABYTES`, and ends with code 1 if there is any. A mutation is told by its number alone.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.engine.reference import simulate
from sim.scenario.checks.lint import lint
from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_text
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import load
from sim.scenario.shipped import located
from sim.world.build import world_of
from tests.memory import peak_megabytes

CONFIGS = Path(__file__).parents[2] / "configs"
NAMES = ("minimal", "china_2017", "china_2017_world", "hong_kong_2024")
SECONDS = 60
"""Longest that one may take, on a busy machine too; most take less than one."""
MEGABYTES = 500
DAYS = 3.0
"""How long those that are right are run."""

ODD: tuple[Any, ...] = (
    None, True, "", "x", 0, -1, 1, 0.1, 50, 1e308, -1e308, 1e-308, 10**30, "nan", ".inf", "1e9 d", "-5 d", "0 d", "0 /d",
    "1e300 /d", "1e-300 d", "100 %", "150 %", "2020-02-30", "1900-01-01", "2200-12-31", "+14 d", "+1e6 d", "-1e6 d",
    "+6.5 months", "-12 y", "1000000 cases", "60 BTC", "\u202e", "\x1b[31m", "a" * 2000, [], {}, [[]], [None], {"a": {}},
    {"lognormal": {"median": "1 d", "sigma": 1e308}}, {"normal": {"mean": 1e308, "sd": 1e308}}, {"normal": {"mean": 0, "sd": 1}},
    {"uniform": {"low": "5 d", "high": "1 d"}}, {"between": ["0 d", "1e6 d"]}, {"exponential": {"mean": "1e-300 d"}},
    {"choice": {}}, [0] * 1000, {str(n): n for n in range(1000)}, {"points": {}}, {"points": {"2020-01-01": 1e308}},
)  # fmt: skip
"""Values that are mistakes nearly everywhere."""
NUMBERS = (0, 1, -1, 0.5, 2, 100, 1e6, 1e15, 1e300, 1e-15, 1e-300, 0.999999)
SIGNS = "\t\n :-{}[],&*!|>'\"%@`#?\\~\0\x1b\x85\u2028\ufeff0.e+"


def mutated(number: int) -> tuple[str, str, bytes]:
    """A scenario to load, the file of it in which the mistake is, and what that file holds."""
    draw = random.Random(number)
    name = draw.choice(NAMES)
    changed = draw.choice(("china_2017", "china_2017_world", "behaviour")) if name == "china_2017" else name
    text = Path(located(changed, str(CONFIGS))).read_text(encoding="utf-8")
    if draw.random() < 0.4:
        data = _in_text(draw, text).encode("utf-8", "surrogatepass")
        return name, changed, _in_bytes(draw, data) if draw.random() < 0.1 else data
    plain = to_plain(read_text(text, changed))
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        _in_values(draw, plain)
    return name, changed, json.dumps(plain, default=str, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _in_text(draw: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    at, other = (draw.randrange(len(lines)) for _ in range(2))
    kind = draw.choice(("drop", "repeat", "swap", "indent", "sign", "cut", "delete", "long"))
    if kind == "drop":
        del lines[at : at + draw.randint(1, 5)]
    elif kind == "repeat":
        lines.insert(other, lines[at])
    elif kind == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == "indent":
        lines[at] = draw.choice((" ", "  ", "\t", "      ")) + lines[at]
    elif kind == "long":
        lines[at] = lines[at].rstrip("\n") * draw.choice((2, 500)) + "\n"
    else:
        place = draw.randrange(len(text))
        if kind == "cut":
            return text[:place]
        return text[:place] + (draw.choice(SIGNS) if kind == "sign" else "") + text[place + (kind == "delete") :]
    return "".join(lines)


def _in_bytes(draw: random.Random, data: bytes) -> bytes:
    place = draw.randrange(len(data)) if data else 0
    return data[:place] + bytes([draw.randrange(256)]) + data[place + 1 :]


def _places(node: Any, into: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """All (container, key) in a document."""
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        into.append((node, key))
        _places(node[key], into)
    return into


def _in_values(draw: random.Random, document: Any) -> None:
    """One mistake in a document of plain values."""
    places = _places(document, [])
    if not places:
        return
    (holder, key), (elsewhere, its_key) = draw.choice(places), draw.choice(places)
    kind = draw.choice(("odd", "odd", "number", "number", "number", "drop", "rename", "again", "copy", "wrap"))
    if kind == "odd":
        holder[key] = draw.choice(ODD)
    elif kind == "drop":
        del holder[key]
    elif kind == "rename" and isinstance(holder, dict):
        holder[f"{key}{draw.choice(('s', '-01', ' ', '.', ''))}"] = holder.pop(key)
    elif kind == "again" and isinstance(holder, list):
        holder.append(json.loads(json.dumps(holder[key], default=str)))
    elif kind == "copy":
        holder[key] = json.loads(json.dumps(elsewhere[its_key], default=str))
    elif kind == "wrap":
        holder[key] = draw.choice(([holder[key]], {"a": holder[key]}))
    elif kind == "number":
        amounts = [place for place in places if _is_amount(place[0][place[1]])]
        holder, key = draw.choice(amounts) if amounts else (holder, key)
        unit = re.sub(r"^[-+.\de]+", "", holder[key]) if isinstance(holder[key], str) else ""
        number = draw.choice(NUMBERS)
        holder[key] = f"{number:g}{unit}" if unit else number


def _is_amount(value: Any) -> bool:
    """Whether a value is a number, perhaps with a unit, or a date."""
    return isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdigit())


def _expire(*_: object) -> None:
    raise TimeoutError(f"takes longer than {SECONDS} s")


def fault(number: int, folder: Path) -> str | None:
    """How a mutation ends otherwise than it should; None if it is refused or runs."""
    name, changed, data = mutated(number)
    for original in CONFIGS.glob("*.yaml"):
        shutil.copy(original, folder)
    (folder / f"{changed}.yaml").write_bytes(data)
    signal.signal(signal.SIGALRM, _expire)
    signal.alarm(SECONDS)
    try:
        _try(folder / f"{name}.yaml")
    except ScenarioError as error:
        said = str(error)
        if not said or any(not line or not line.isprintable() for line in said.split("\n")):
            return f"a message that is empty or not on one line: {said!r}"
    except Exception:
        return traceback.format_exc(limit=-4)
    finally:
        signal.alarm(0)
    return None


def _try(file: Path) -> None:
    scenario = load(file)
    for problem in lint(scenario):
        assert str(problem).isprintable(), problem
    for policy in scenario.policies:
        world, _ = world_of(scenario, policy)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # no number may overflow in silence
        simulate(world, 0, 0, min(DAYS, world.settings.end), 1.0)


def faults(first: int, count: int) -> Iterator[tuple[int, str]]:
    """Mutations that end otherwise than they should, and how."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            if found := fault(number, Path(folder)):
                yield number, found
    if (used := peak_megabytes()) > MEGABYTES:
        yield first + count - 1, f"the process has used {used:.0f} MB"


def main() -> int:
    """Try mutations; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    wrong = 0
    for number, found in faults(options.first, options.count):
        wrong += 1
        print(f"mutation {number}: {found}", flush=True)
    print(f"{wrong} of {options.count} mutations end otherwise than they should")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
