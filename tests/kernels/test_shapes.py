"""Declared shapes: what is declared of a record is how it is made and filled."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.kernels.shapes import Shape, along, empty, filled, known_lengths, sizes_of


class Ports(NamedTuple):
    open: Annotated[NDArray[np.bool_], Shape("P")]
    closing: Annotated[NDArray[np.float64], Shape("P", first=math.inf)]
    depth: Annotated[NDArray[np.int64], Shape("P", "Q + 1", 3, first=-1)]


class Coast(NamedTuple):
    ports: Ports
    tide: Annotated[NDArray[np.float64], Shape(2)]
    length: float


def test_an_empty_record_has_the_declared_kinds_shapes_and_first_values():
    coast = empty(Coast, {"P": 2, "Q": 4}, length=0.5)
    ports = coast.ports
    assert (ports.open.dtype, ports.closing.dtype, ports.depth.dtype) == (np.bool_, np.float64, np.int64)
    assert (ports.open.shape, ports.closing.shape, ports.depth.shape) == ((2,), (2,), (2, 5, 3))
    assert not ports.open.any()
    assert np.isinf(ports.closing).all()
    assert (ports.depth == -1).all()
    assert coast.tide.tolist() == [0.0, 0.0]
    assert coast.length == 0.5


def test_what_is_given_is_taken_and_what_nobody_declared_is_refused():
    tide = np.ones(2)
    assert empty(Coast, {"P": 1, "Q": 0}, length=1.0, tide=tide).tide is tide
    with pytest.raises(TypeError, match="tyde"):
        empty(Coast, {"P": 1, "Q": 0}, length=1.0, tyde=tide)
    with pytest.raises(KeyError, match="Q"):
        empty(Ports, {"P": 1})


def test_lists_become_arrays_of_the_declared_kind():
    ports = filled(Ports, {"P": 1, "Q": 0}, open=[1], closing=[3], depth=[[[1, 2, 3]]])
    assert (ports.open.dtype, ports.closing.dtype, ports.depth.shape) == (np.bool_, np.float64, (1, 1, 3))
    nothing = filled(Ports, {"P": 0, "Q": 2}, open=[], closing=[], depth=[])
    assert nothing.depth.shape == (0, 3, 3)


@pytest.mark.parametrize("depth", [[[1, 2, 3]], [[[1, 2]]], [[[1, 2, 3]], [[1, 2, 3]]]])
def test_another_shape_than_declared_is_refused(depth):
    with pytest.raises(ValueError, match=r"Ports.depth has the shape .*, declared is \(1, 1, 3\)"):
        filled(Ports, {"P": 1, "Q": 0}, open=[1], closing=[3], depth=depth)


def test_symbols_are_read_off_a_record():
    coast = empty(Coast, {"P": 2, "Q": 4}, length=0.5)
    assert sizes_of(coast) == {"P": 2}
    assert along(Ports, "P") == ["open", "closing", "depth"]


def test_kernels_are_compiled_for_the_numbers_at_the_end():
    assert known_lengths(Ports) == {"depth": (3,)}
    assert known_lengths(Coast) == {"tide": (2,)}
