"""Random quantities: forms, moments, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sim.scenario.errors import PositionedValueError
from sim.scenario.values.distributions import Choice, ChoiceDist, DaysDist, Dist, FractionDist, NumberDist


class Sample(BaseModel):
    days: DaysDist = Dist("fixed", 1.0)
    number: NumberDist = Dist("fixed", 1.0)
    share: FractionDist = Dist("fixed", 0.5)
    name: ChoiceDist = Choice(("a",), (1.0,))


@pytest.mark.parametrize(
    ("value", "dist"),
    [
        ("12 d", Dist("fixed", 12.0)),
        ({"lognormal": {"median": "2 weeks", "sigma": 0.5}}, Dist("lognormal", math.log(14), 0.5)),
        ({"lognormal": {"mu": 2.5, "sigma": 0.5}}, Dist("lognormal", 2.5, 0.5)),
        ({"uniform": {"low": "1 d", "high": "11 d"}}, Dist("uniform", 1.0, 11.0)),
        ({"between": ["1 d", "11 d"]}, Dist("uniform", 1.0, 11.0)),
        ({"exponential": {"mean": "1 week"}}, Dist("exponential", 7.0)),
    ],
)
def test_forms(value: object, dist: Dist) -> None:
    assert Sample.model_validate({"days": value}).days == dist


def test_a_lognormal_keeps_its_mean_and_spread() -> None:
    dist = Sample.model_validate({"days": {"lognormal": {"mean": "12 d", "sd": "6 d"}}}).days
    assert dist.mean() == pytest.approx(12, rel=1e-14)
    assert dist.mean() * math.sqrt(math.expm1(dist.b**2)) == pytest.approx(6, rel=1e-14)


@pytest.mark.parametrize(
    ("dist", "mean", "nominal"),
    [
        (Dist("fixed", 3.0), 3.0, 3.0),
        (Dist("normal", -2.0, 0.7), -2.0, -2.0),
        (Dist("lognormal", math.log(10), 1.0), 10 * math.exp(0.5), 10.0),
        (Dist("uniform", 1.0, 4.0), 2.5, 2.5),
        (Dist("exponential", 30.0), 30.0, 30 * math.log(2)),
    ],
)
def test_mean_and_median(dist: Dist, mean: float, nominal: float) -> None:
    assert dist.mean() == pytest.approx(mean)
    assert dist.nominal() == pytest.approx(nominal)


@pytest.mark.parametrize(
    ("field", "value", "place", "message"),
    [
        ("days", {"lognormal": {"mean": 12, "sd": "6 d"}}, ("lognormal", "mean"), "give a unit, for instance 6 weeks"),
        ("days", {"lognormal": {"median": "0 d", "sigma": 1}}, ("lognormal", "median"), "the median must be above 0"),
        ("days", {"lognormal": {"median": "1 d", "sigma": -1}}, ("lognormal",), "the spread must be 0 or more"),
        ("days", {"uniform": {"low": "2 d", "high": "1 d"}}, ("uniform",), "low must not be above high"),
        ("days", {"between": ["2 d", 3]}, ("between", 1), "give a unit, for instance 6 weeks"),
        ("days", {"between": ["2 d"]}, ("between",), "between needs a list of two values, [low, high]"),
        ("days", {"exponential": {"mean": "0 d"}}, ("exponential", "mean"), "the mean must be above 0"),
        ("days", {"exponential": "3 d"}, ("exponential",), "exponential needs a mapping such as {mean: ...}"),
        (
            "days",
            {"normal": {"mean": "12 d", "sd": "6 d"}},
            ("normal",),
            "no distribution normal fits here; use one of: lognormal, uniform, between, exponential",
        ),
        (
            "share",
            {"lognormal": {"median": 0.5, "sigma": 1}},
            ("lognormal",),
            "no distribution lognormal fits here; use one of: uniform, between",
        ),
        ("number", {"normal": {"mean": 0, "sd": -1}}, ("normal",), "the spread must be 0 or more"),
        (
            "number",
            {"normal": {"mean": 0, "sdd": 1}},
            ("normal", "sdd"),
            "normal knows no sdd; it takes {mean, sd} (did you mean sd?)",
        ),
        (
            "number",
            {"lognormal": {"median": 1}},
            ("lognormal",),
            "lognormal takes {median, sigma} or {mean, sd} or {mu, sigma}",
        ),
        (
            "number",
            {"normall": {"mean": 0}},
            ("normall",),
            "no distribution normall is known; use one of: lognormal, uniform, between, exponential, normal"
            " (did you mean normal?)",
        ),
        ("name", {"choice": {"a": -1}}, ("choice", "a"), "-1 is negative: an amount must be 0 or more"),
        ("name", {"choice": {"a": 0}}, ("choice",), "at least one weight must be above 0"),
        ("name", {"choice": []}, ("choice",), "choice needs a mapping of names to weights"),
    ],
)
def test_what_is_refused_and_where(field: str, value: object, place: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        Sample.model_validate({field: value})
    (details,) = error.value.errors()
    cause = details["ctx"]["error"]
    assert isinstance(cause, PositionedValueError)
    assert (cause.at, str(cause)) == (place, message)


def test_two_distributions_at_once() -> None:
    with pytest.raises(ValidationError, match="a distribution has exactly one key"):
        Sample.model_validate({"days": {"uniform": {}, "exponential": {}}})


def test_choices() -> None:
    assert Sample.model_validate({"name": "beijing"}).name == Choice(("beijing",), (1.0,))
    drawn = Sample.model_validate({"name": {"choice": {"beijing": 3, "guangdong": 1}}}).name
    assert drawn == Choice(("beijing", "guangdong"), (0.75, 0.25))
    assert drawn.nominal() == "beijing"


FINITE = st.floats(-1e6, 1e6)
DISTS = st.one_of(
    st.builds(Dist, st.just("fixed"), FINITE),
    st.builds(Dist, st.just("normal"), FINITE, st.floats(0, 1e6)),
    st.builds(Dist, st.just("lognormal"), st.floats(-20, 20), st.floats(0, 5)),
    st.tuples(FINITE, FINITE).map(lambda ends: Dist("uniform", min(ends), max(ends))),
    st.builds(Dist, st.just("exponential"), st.floats(1e-300, 1e6)),
)


@given(DISTS, st.dictionaries(st.text(min_size=1), st.floats(0.1, 10), min_size=1))
def test_a_model_survives_its_own_json(dist: Dist, weights: dict[str, float]) -> None:
    sample = Sample.model_validate({"number": dist, "name": {"choice": weights}})
    again = Sample.model_validate_json(sample.model_dump_json())
    assert again == sample
