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
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from sim.scenario.errors import Path, PositionedValueError
from sim.scenario.values import json_types as schemas
from sim.scenario.values import units
from sim.suggest import did_you_mean

Parse = Callable[[object], float]

_NON_NEGATIVE = ("lognormal", "uniform", "between", "exponential")
_SIGNED = (*_NON_NEGATIVE, "normal")
_BOUNDED = ("uniform", "between")
_MOST_EXPONENTIAL = 54.0 * math.log(2.0)
_MOST_NORMAL = math.sqrt(2.0 * _MOST_EXPONENTIAL)


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

    def greatest(self) -> float:
        """The largest value that the generator, whose uniforms have 53 bits, can draw."""
        if self.kind == "exponential":
            return self.a * _MOST_EXPONENTIAL
        if self.kind in ("normal", "lognormal"):
            most = self.a + self.b * _MOST_NORMAL
            return most if self.kind == "normal" else math.exp(min(most, 700.0))
        return self.b if self.kind == "uniform" else self.a

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


def parse_dist(value: object, parse: Parse, kinds: tuple[str, ...]) -> Dist:
    """Read a random quantity: one value of it, which `parse` reads into the program's unit, or one of the kinds.

    Raises `PositionedValueError` with the place inside.
    """
    if isinstance(value, Dist):
        return value
    if not isinstance(value, Mapping):
        return Dist("fixed", parse(value))
    kind, figures = _only_kind(value, kinds)
    try:
        return _interval(figures, parse) if kind == "between" else _read(kind, figures, parse)
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
    _, table = _only_kind(value, ("choice",))
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
    names = _FORMS[dist.kind][0].names
    return {dist.kind: {name: write(figure) for name, figure in zip(names, (dist.a, dist.b), strict=False)}}


def write_choice(choice: Choice) -> object:
    """The plain data that `parse_choice` reads back."""
    if len(choice.options) == 1:
        return choice.options[0]
    return {"choice": dict(zip(choice.options, choice.weights, strict=True))}


def _from_mean_and_sd(mean: float, sd: float) -> Dist:
    """For mean m and standard deviation s, sigma^2 = ln(1 + (s/m)^2) and ln median = ln m - sigma^2 / 2."""
    if sd < 0:
        raise PositionedValueError("the spread must be 0 or more", ("lognormal", "sd"))
    variance = math.log1p((sd / mean) ** 2)
    return Dist("lognormal", math.log(mean) - variance / 2, math.sqrt(variance))


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a distribution: its figures, what they make, which have no unit, which must be above 0."""

    names: tuple[str, ...]
    make: Callable[..., Dist]
    plain: Mapping[str, schemas.Schema] = field(default_factory=dict)
    positive: str = ""


_SPREAD: schemas.Schema = {"type": "number", "minimum": 0}
_FORMS: Mapping[str, tuple[_Form, ...]] = {
    "uniform": (_Form(("low", "high"), partial(Dist, "uniform")),),
    "lognormal": (
        _Form(
            ("median", "sigma"),
            lambda median, sigma: Dist("lognormal", math.log(median), sigma),
            {"sigma": _SPREAD},
            positive="median",
        ),
        _Form(("mean", "sd"), _from_mean_and_sd, positive="mean"),
        _Form(("mu", "sigma"), partial(Dist, "lognormal"), {"mu": {"type": "number"}, "sigma": _SPREAD}),
    ),
    "exponential": (_Form(("mean",), partial(Dist, "exponential"), positive="mean"),),
    "normal": (_Form(("mean", "sd"), partial(Dist, "normal")),),
}


def _read(kind: str, figures: object, parse: Parse) -> Dist:
    if not isinstance(figures, Mapping):
        wanted = " or ".join("{" + ", ".join(f"{name}: ..." for name in form.names) + "}" for form in _FORMS[kind])
        raise PositionedValueError(f"{kind} needs a mapping such as {wanted}", (kind,))
    form = _form(kind, figures)
    numbers = []
    for name in form.names:
        numbers.append(_at(units.parse_number if name in form.plain else parse, figures[name], (kind, name)))
        if name == form.positive and numbers[-1] <= 0:
            raise PositionedValueError(f"the {name} must be above 0", (kind, name))
    return form.make(*numbers)


def _form(kind: str, figures: Mapping[str, object]) -> _Form:
    """The form whose names are exactly those given."""
    for form in _FORMS[kind]:
        if set(figures) == set(form.names):
            return form
    wanted = " or ".join("{" + ", ".join(form.names) + "}" for form in _FORMS[kind])
    known = {name for form in _FORMS[kind] for name in form.names}
    for name in figures:
        if name not in known:
            hint = did_you_mean(name, known)
            raise PositionedValueError(f"{kind} knows no {name}; it takes {wanted}{hint}", (kind, name))
    raise PositionedValueError(f"{kind} takes {wanted}", (kind,))


def _interval(ends: object, parse: Parse) -> Dist:
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise PositionedValueError("between needs a list of two values, [low, high]", ("between",))
    return Dist("uniform", *(_at(parse, end, ("between", index)) for index, end in enumerate(ends)))


def _only_kind(value: Mapping[Any, object], kinds: tuple[str, ...]) -> tuple[str, Any]:
    """The one key of a distribution and what stands under it."""
    allowed = ", ".join(kinds)
    if len(value) != 1:
        raise ValueError(f"a distribution has exactly one key, one of: {allowed}")
    ((kind, figures),) = value.items()
    if kind not in kinds:
        known = kind in (*_FORMS, "between")
        hint = "" if known else did_you_mean(kind, kinds)
        why = "fits here" if known else "is known"
        raise PositionedValueError(f"no distribution {kind} {why}; use one of: {allowed}{hint}", (kind,))
    return kind, figures


def _at(parse: Parse, value: object, path: Path) -> float:
    try:
        return parse(value)
    except ValueError as error:
        raise PositionedValueError(str(error), path) from None


def _schema(value: schemas.Schema, kinds: tuple[str, ...]) -> schemas.Schema:
    """JSON Schema of a random quantity whose single values obey the schema `value`."""

    def wrapped(kind: str, inner: schemas.Schema) -> schemas.Schema:
        outer = {"properties": {kind: inner}, "required": [kind], "additionalProperties": False}
        return {"type": "object", "title": kind, **outer}

    options = [value]
    for kind, forms in _FORMS.items():
        for form in forms if kind in kinds else ():
            figures = {name: form.plain.get(name, value) for name in form.names}
            inner = {"type": "object", "properties": figures, "required": [*figures], "additionalProperties": False}
            options.append(wrapped(kind, inner))
        if kind == "uniform":
            options.append(wrapped("between", {"type": "array", "items": value, "minItems": 2, "maxItems": 2}))
    return {"anyOf": options, "description": "A value, or a distribution to draw it from."}


RANDOM_DAYS = _schema(schemas.DAYS, _NON_NEGATIVE)
RANDOM_NUMBER = _schema(schemas.NUMBER, _SIGNED)
RANDOM_SHARE = _schema(schemas.FRACTION, _BOUNDED)


def _in_file(
    parse: Parse, write: Callable[[float], object], kinds: tuple[str, ...], schema: schemas.Schema
) -> tuple[PlainValidator, PlainSerializer, WithJsonSchema]:
    """How a random quantity is read and written, and what editors are told of it."""
    return (
        PlainValidator(lambda value: parse_dist(value, parse, kinds)),
        PlainSerializer(lambda dist: write_dist(dist, write), when_used="json"),
        WithJsonSchema(schema),
    )


DaysDist = Annotated[Dist, *_in_file(units.parse_days, units.write_days, _NON_NEGATIVE, RANDOM_DAYS)]
"""A random duration in days."""
NumberDist = Annotated[Dist, *_in_file(units.parse_number, float, _SIGNED, RANDOM_NUMBER)]
"""A random number of either sign."""
FractionDist = Annotated[Dist, *_in_file(units.parse_fraction, float, _BOUNDED, RANDOM_SHARE)]
"""A random share from 0 to 1."""
_AS_CHOICE = PlainSerializer(write_choice, when_used="json")
ChoiceDist = Annotated[Choice, PlainValidator(parse_choice), _AS_CHOICE, WithJsonSchema(schemas.CHOICE)]
"""A random name."""
