"""Random draws: the generator against NumPy's, distributions against theory, addresses against each other."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.compile import Entrance
from sim.kernels.library import load
from sim.kernels.philox import philox, unit
from sim.kernels.pointers import Shared
from sim.model.random import absent, draw, gumbel, normal, uniform
from sim.scenario.values.distributions import Dist
from sim.world.arrays import Keys
from sim.world.build.random_quantities import row
from tests.model.theory import ks_limit, ks_uniform

WORD = st.integers(0, 2**64 - 1)
COUNT = 20_000
KEY = np.array([12, 5], dtype=np.uint64)
AGENT = np.uint64(987654321)


@given(key=st.tuples(WORD, WORD), counter=st.tuples(WORD, WORD, WORD, WORD))
def test_philox_is_numpys(key, counter):
    """NumPy adds one to its counter before the first block, so its counter starts one lower."""
    words = philox(np.array(key, dtype=np.uint64), *(np.uint64(word) for word in counter))
    whole = sum(word << (64 * n) for n, word in enumerate(counter))
    before = (whole - 1) % 2**256
    limbs = np.array([(before >> (64 * n)) % 2**64 for n in range(4)], dtype=np.uint64)
    theirs = np.random.Philox(counter=limbs, key=np.array(key, dtype=np.uint64)).random_raw(4)
    assert [int(word) for word in words] == [int(word) for word in theirs]


class Words(NamedTuple):
    key: Keys
    counter: Keys
    found: Keys


def fill(words: Words) -> None:
    found = philox(words.key, words.counter[0], words.counter[1], words.counter[2], words.counter[3])
    words.found[0], words.found[1], words.found[2], words.found[3] = found


def test_compiled_code_has_the_same_words():
    """Counters at the ends of what a word holds, and some at random."""
    ends = [0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 1]
    cases = [*itertools.product(ends, repeat=4), *np.random.default_rng(5).integers(0, 2**64, (1000, 4), np.uint64)]
    words = Words(np.array([2**64 - 1, 7], np.uint64), np.zeros(4, np.uint64), np.zeros(4, np.uint64))
    compiled = Entrance(fill)
    load({compiled: (Shared(words),)})
    for case in cases:
        words.counter[:] = case
        compiled(Shared(words))
        assert words.found.tolist() == list(philox(words.key, *words.counter))


def many(function, count: int = COUNT) -> np.ndarray:
    return np.array([function(KEY, AGENT, 3, n) for n in range(count)])


@pytest.fixture(scope="module")
def uniforms() -> np.ndarray:
    return many(uniform)


def test_uniforms_are_uniform(uniforms):
    """Kolmogorov-Smirnov at one in a thousand; the seed is fixed, so this either holds or does not."""
    assert ks_uniform(uniforms) < ks_limit(COUNT)
    assert 0.0 < uniforms.min() < uniforms.max() < 1.0
    assert len(np.unique(uniforms)) == COUNT


def test_uniforms_of_neighbouring_addresses_are_independent(uniforms):
    """Correlations with the next occasion, agent, purpose, index, replication: within 4 / sqrt(n)."""
    others = [
        uniforms[1:],
        many(lambda key, agent, purpose, n: uniform(key, agent + np.uint64(1), purpose, n))[:-1],
        many(lambda key, agent, purpose, n: uniform(key, agent, purpose + 1, n))[:-1],
        many(lambda key, agent, purpose, n: unit(philox(key, agent, purpose, n, 1)[0]))[:-1],
        many(lambda key, *rest: uniform(key + np.array([0, 1], dtype=np.uint64), *rest))[:-1],
        many(lambda key, *rest: uniform(key + np.array([1, 0], dtype=np.uint64), *rest))[:-1],
    ]
    for other in others:
        assert abs(np.corrcoef(uniforms[:-1], other)[0, 1]) < 4.0 / math.sqrt(COUNT)


def test_normals_are_normal():
    """Mean, variance, skewness, kurtosis within 4 standard errors (1, 2, 6, 24 over n), and the distribution."""
    x = many(normal)
    assert abs(x.mean()) < 4.0 / math.sqrt(COUNT)
    assert abs(x.var() - 1.0) < 4.0 * math.sqrt(2.0 / COUNT)
    assert abs((x**3).mean()) < 4.0 * math.sqrt(15.0 / COUNT)
    assert abs((x**4).mean() - 3.0) < 4.0 * math.sqrt(96.0 / COUNT)
    assert ks_uniform(np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in x])) < ks_limit(COUNT)


def test_gumbels_are_gumbel():
    assert ks_uniform(np.exp(-np.exp(-many(lambda *address: gumbel(*address, 0))))) < ks_limit(COUNT)


@pytest.mark.parametrize(
    ("quantity", "mean", "sd"),
    [
        (Dist("fixed", 4.5), 4.5, 0.0),
        (Dist("uniform", -1.0, 3.0), 1.0, 4.0 / math.sqrt(12.0)),
        (Dist("normal", -2.0, 0.7), -2.0, 0.7),
        (Dist("lognormal", 1.0, 0.5), math.exp(1.125), math.exp(1.125) * math.sqrt(math.expm1(0.25))),
        (Dist("exponential", 12.0), 12.0, 12.0),
    ],
)
def test_moments_of_the_distributions(quantity, mean, sd):
    """Means within 4 standard errors; standard deviations within 4 % (a lognormal of sigma 0.5 has kurtosis 9)."""
    described = row(quantity)
    x = many(lambda *address: draw(described, *address), 20_000)
    assert abs(x.mean() - mean) <= 4.0 * sd / math.sqrt(len(x))
    assert x.std() == pytest.approx(sd, rel=0.04)
    assert x.mean() == pytest.approx(quantity.mean(), rel=0.05)


def test_a_quantity_that_is_not_there():
    assert absent(row(None))
    assert not absent(row(1.0))
    assert math.isnan(draw(row(None), KEY, AGENT, 1, 0))


def test_the_unit_interval_is_open_at_both_ends():
    """The largest word would round to 1, whose Gumbel and exponential are infinite."""
    words = [0, 1 << 11, 2**64 - 1 - (1 << 11), 2**64 - 1]
    numbers = [unit(np.uint64(word)) for word in words]
    assert numbers == sorted(numbers)
    assert numbers[0] > 0.0
    assert numbers[-1] == np.nextafter(1.0, 0.0)
