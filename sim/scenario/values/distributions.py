"""Random quantities as people write them: a plain value, or a mapping that names a distribution.

    12 d
    {lognormal: {median: 48 d, sigma: 0.35}}     or {mean, sd}, or {mu, sigma}; mu is the log of the median
    {normal: {mean: -2, sd: 0.7}}                not where values cannot be negative
    {uniform: {low: 1 d, high: 11 d}}            or {between: [1 d, 11 d]}
    {exponential: {mean: 30 d}}
    {choice: {beijing: 0.7, guangdong: 0.3}}     for names only

Every form becomes one frozen `Dist` (or `Choice`) in the unit that the program uses: days, or none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from sim.scenario.errors import Path, PositionedValueError
from sim.scenario.values import json_types as schemas
from sim.scenario.values import units
from sim.suggest import did_you_mean

Parse = Callable[[object], float]


@dataclass(frozen=True, slots=True)
class Dist:
    """A random quantity.

    The kind says what `a` and `b` are: fixed (value, 0), normal (mean, sd), lognormal (ln median, sigma),
    uniform (low, high), exponential (mean, 0).
    """

    kind: Literal["fixed", "normal", "lognormal", "uniform", "exponential"]
    a: float
    b: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.a) and math.isfinite(self.b)):
            raise ValueError("the figures of a distribution must be finite")
        if self.kind in ("normal", "lognormal") and self.b < 0:
            raise ValueError("the spread must be 0 or more")
        if self.kind == "uniform" and self.a > self.b:
            raise ValueError("low must not be above high")
        if self.kind == "exponential" and self.a < 0:
            raise ValueError("the mean must be 0 or more")

    def mean(self) -> float:
        """Expected value, in the unit of the quantity."""
        if self.kind == "lognormal":
            return math.exp(self.a + self.b**2 / 2)
        return (self.a + self.b) / 2 if self.kind == "uniform" else self.a

    def nominal(self) -> float:
        """The median: the value that stands for the quantity where one number is wanted."""
        if self.kind == "lognormal":
            return math.exp(self.a)
        return self.a * math.log(2) if self.kind == "exponential" else self.mean()


@dataclass(frozen=True, slots=True)
class Choice:
    """A name drawn among `options` with probabilities `weights` (same length, sum 1)."""

    options: tuple[str, ...]
    weights: tuple[float, ...]

    def nominal(self) -> str:
        """The likeliest option, the first of them if several are."""
        return self.options[self.weights.index(max(self.weights))]


def parse_dist(value: object, parse: Parse, *, signed: bool = False, high: float = math.inf) -> Dist:
    """Read a random quantity.

    `parse` reads one value of it into the program's unit. `signed` allows the normal distribution, which
    has no lower end; a finite `high` allows only distributions with an upper end. Raises `PositionedValueError`
    with the place inside.
    """
    if isinstance(value, Dist):
        return value
    if not isinstance(value, Mapping):
        return Dist("fixed", parse(value))
    kinds = ["uniform", "between"] if high < math.inf else ["lognormal", "uniform", "between", "exponential"]
    kind, figures = _only_kind(value, kinds + ["normal"] * signed)
    if kind == "between":
        figures = _ends(figures)
    elif not isinstance(figures, Mapping):
        raise PositionedValueError(f"{kind} needs a mapping such as {_FORMS[kind]}", (kind,))
    try:
        return _BUILDERS[kind](figures, _Reader(parse, kind))
    except PositionedValueError:
        raise
    except (ValueError, OverflowError) as error:
        raise PositionedValueError(str(error), (kind,)) from None


def parse_choice(value: object) -> Choice:
    """Read a name, or `{choice: {name: weight, ...}}`; weights are scaled to sum to one."""
    if isinstance(value, Choice):
        return value
    if isinstance(value, str) and value:
        return Choice((value,), (1.0,))
    if not isinstance(value, Mapping):
        raise ValueError("write a name, or {choice: {first: 0.7, second: 0.3}}")
    _, table = _only_kind(value, ["choice"])
    if not isinstance(table, Mapping) or not table:
        raise PositionedValueError("choice needs a mapping of names to weights", ("choice",))
    weights = [_at(units.parse_amount, weight, ("choice", name)) for name, weight in table.items()]
    if not 0 < (total := math.fsum(weights)) < math.inf:
        raise PositionedValueError("at least one weight must be above 0", ("choice",))
    if abs(total - 1) > 1e-12:  # weights that sum to one stay as they are: written and read, no bit changes
        weights = [weight / total for weight in weights]
    return Choice(tuple(table), tuple(weights))


def write_dist(dist: Dist, write: Callable[[float], object]) -> object:
    """The plain data that `parse_dist` reads back to an equal `Dist`."""
    if dist.kind == "fixed":
        return write(dist.a)
    if dist.kind == "lognormal":
        return {"lognormal": {"mu": dist.a, "sigma": dist.b}}
    names = {"normal": ("mean", "sd"), "uniform": ("low", "high"), "exponential": ("mean",)}[dist.kind]
    return {dist.kind: {name: write(figure) for name, figure in zip(names, (dist.a, dist.b), strict=False)}}


def write_choice(choice: Choice) -> object:
    """The plain data that `parse_choice` reads back."""
    if len(choice.options) == 1:
        return choice.options[0]
    return {"choice": dict(zip(choice.options, choice.weights, strict=True))}


@dataclass(frozen=True)
class _Reader:
    """Reads the figures of one distribution and says where a bad one stands."""

    value: Parse
    kind: str

    def names(self, figures: Mapping[str, object], *forms: tuple[str, ...]) -> tuple[str, ...]:
        """The form whose names are exactly those given."""
        for form in forms:
            if set(figures) == set(form):
                return form
        wanted = " or ".join("{" + ", ".join(form) + "}" for form in forms)
        for name in figures:
            if all(name not in form for form in forms):
                hint = did_you_mean(name, {known for form in forms for known in form})
                raise PositionedValueError(f"{self.kind} knows no {name}; it takes {wanted}{hint}", (self.kind, name))
        raise PositionedValueError(f"{self.kind} takes {wanted}", (self.kind,))

    def read(self, figures: Mapping[str, object], name: str) -> float:
        """A figure in the unit of the quantity."""
        return _at(self.value, figures[name], (self.kind, name))

    def plain(self, figures: Mapping[str, object], name: str) -> float:
        """A figure without a unit."""
        return _at(units.parse_number, figures[name], (self.kind, name))

    def positive(self, figures: Mapping[str, object], name: str) -> float:
        """A figure in the unit of the quantity that must be above 0."""
        if (figure := self.read(figures, name)) <= 0:
            raise PositionedValueError(f"the {name} must be above 0", (self.kind, name))
        return figure


def _normal(figures: Mapping[str, object], reader: _Reader) -> Dist:
    reader.names(figures, ("mean", "sd"))
    return Dist("normal", reader.read(figures, "mean"), reader.read(figures, "sd"))


def _lognormal(figures: Mapping[str, object], reader: _Reader) -> Dist:
    """From mean m and standard deviation s: sigma^2 = ln(1 + (s/m)^2), ln median = ln m - sigma^2 / 2."""
    form = reader.names(figures, ("median", "sigma"), ("mean", "sd"), ("mu", "sigma"))
    if form[0] == "mu":
        return Dist("lognormal", reader.plain(figures, "mu"), reader.plain(figures, "sigma"))
    if form[0] == "median":
        return Dist("lognormal", math.log(reader.positive(figures, "median")), reader.plain(figures, "sigma"))
    mean, sd = reader.positive(figures, "mean"), reader.read(figures, "sd")
    if sd < 0:
        raise PositionedValueError("the spread must be 0 or more", ("lognormal", "sd"))
    variance = math.log1p((sd / mean) ** 2)
    return Dist("lognormal", math.log(mean) - variance / 2, math.sqrt(variance))


def _uniform(figures: Mapping[str, object], reader: _Reader) -> Dist:
    reader.names(figures, ("low", "high"))
    return Dist("uniform", reader.read(figures, "low"), reader.read(figures, "high"))


def _between(figures: Mapping[str, object], reader: _Reader) -> Dist:
    low, high = (_at(reader.value, figures[name], ("between", index)) for index, name in enumerate(("low", "high")))
    return Dist("uniform", low, high)


def _exponential(figures: Mapping[str, object], reader: _Reader) -> Dist:
    reader.names(figures, ("mean",))
    return Dist("exponential", reader.positive(figures, "mean"))


_BUILDERS: Mapping[str, Callable[[Mapping[str, object], _Reader], Dist]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "between": _between,
    "exponential": _exponential,
}
_FORMS = {
    "normal": "{mean: ..., sd: ...}",
    "lognormal": "{median: ..., sigma: ...} or {mean: ..., sd: ...}",
    "uniform": "{low: ..., high: ...}",
    "exponential": "{mean: ...}",
}


def _only_kind(value: Mapping[Any, object], kinds: list[str]) -> tuple[str, Any]:
    """The one key of a distribution and what stands under it."""
    allowed = ", ".join(kinds)
    if len(value) != 1:
        raise ValueError(f"a distribution has exactly one key, one of: {allowed}")
    ((kind, figures),) = value.items()
    if kind not in kinds:
        why = "fits here" if kind in _BUILDERS else "is known"
        hint = "" if kind in _BUILDERS else did_you_mean(kind, kinds)
        raise PositionedValueError(f"no distribution {kind} {why}; use one of: {allowed}{hint}", (kind,))
    return kind, figures


def _ends(figures: object) -> Mapping[str, object]:
    if not isinstance(figures, list | tuple) or len(figures) != 2:
        raise PositionedValueError("between needs a list of two values, [low, high]", ("between",))
    return {"low": figures[0], "high": figures[1]}


def _at(parse: Parse, value: object, path: Path) -> float:
    try:
        return parse(value)
    except ValueError as error:
        raise PositionedValueError(str(error), path) from None


def _days(value: object) -> Dist:
    return parse_dist(value, units.parse_days)


def _number(value: object) -> Dist:
    return parse_dist(value, units.parse_number, signed=True)


def _fraction(value: object) -> Dist:
    return parse_dist(value, units.parse_fraction, high=1.0)


DaysDist = Annotated[
    Dist,
    PlainValidator(_days),
    PlainSerializer(lambda dist: write_dist(dist, units.write_days), when_used="json"),
    WithJsonSchema(schemas.RANDOM_DAYS),
]
"""A random duration in days."""
NumberDist = Annotated[
    Dist,
    PlainValidator(_number),
    PlainSerializer(lambda dist: write_dist(dist, float), when_used="json"),
    WithJsonSchema(schemas.RANDOM_NUMBER),
]
"""A random number of either sign."""
FractionDist = Annotated[
    Dist,
    PlainValidator(_fraction),
    PlainSerializer(lambda dist: write_dist(dist, float), when_used="json"),
    WithJsonSchema(schemas.RANDOM_SHARE),
]
"""A random share from 0 to 1."""
ChoiceDist = Annotated[
    Choice,
    PlainValidator(parse_choice),
    PlainSerializer(write_choice, when_used="json"),
    WithJsonSchema(schemas.CHOICE),
]
"""A random name."""
