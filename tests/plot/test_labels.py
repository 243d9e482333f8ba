"""Labels keep their distance from each other and from lines, and long ones are shortened."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.plot.labels import NAME_WIDTH, crosses, fit, free_box, leader_line, push_apart, text_width, wrap

heights = st.lists(st.floats(-20, 120), min_size=1, max_size=8)


@given(heights)
def test_spread_keeps_distance_order_and_limits(positions: list[float]) -> None:
    moved = push_apart(positions, 11.0, 0.0, 100.0)
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    steps = np.diff([moved[i] for i in order])
    assert (steps >= 11.0 - 1e-9).all()
    assert min(moved) >= -1e-9
    assert max(moved) <= 100.0 + 1e-9


def test_spread_leaves_what_has_room_and_shares_the_shift() -> None:
    assert push_apart([10.0, 50.0, 30.0], 11.0, 0.0, 100.0) == [10.0, 50.0, 30.0]
    assert push_apart([50.0, 50.0], 10.0, 0.0, 100.0) == [45.0, 55.0]
    assert push_apart([0.0, 0.0, 90.0], 10.0, 0.0, 100.0) == [0.0, 10.0, 90.0]


def test_spread_fills_the_interval_when_there_is_no_room() -> None:
    assert push_apart([5.0, 5.0, 5.0], 80.0, 0.0, 100.0) == pytest.approx([0.0, 50.0, 100.0])
    assert push_apart([], 10.0, 0.0, 1.0) == []


def test_wrap_breaks_at_plain_spaces_and_keeps_every_word() -> None:
    words = "Domestic share fell from 92\u00a0% to 0 by 1\u00a0Nov\u00a02017"
    lines = wrap(words, 120.0, 8.5)
    assert " ".join(lines) == words
    assert len(lines) > 1
    assert all(text_width(line) <= 120.0 for line in lines)


def test_bold_and_large_words_are_wider() -> None:
    assert text_width("Huobi", 8.5) < text_width("Huobi", 8.5, "bold") < text_width("Huobi", 11.0, "bold")
    assert text_width("") == 0.0


def test_a_curve_crosses_a_box_between_its_points_too() -> None:
    slope = np.array([[0.0, 0.0], [100.0, 100.0]])
    assert crosses((40.0, 45.0, 60.0, 55.0), slope)
    assert not crosses((40.0, 65.0, 60.0, 75.0), slope)
    assert not crosses((110.0, 0.0, 120.0, 200.0), slope)


def test_a_name_stands_at_the_end_of_its_line_if_nothing_is_there() -> None:
    end, line = np.array([50.0, 50.0]), np.array([[0.0, 50.0], [50.0, 50.0]])
    box = free_box(end, 40.0, [line], [], (0, 0, 200, 100))
    assert not crosses(box, line)
    assert np.hypot(*(leader_line(end, box)[1] - leader_line(end, box)[0])) < 12


def test_names_of_lines_that_end_together_are_apart() -> None:
    end, line = np.array([50.0, 50.0]), np.array([[0.0, 50.0], [50.0, 50.0]])
    taken: list[tuple[float, float, float, float]] = []
    for _ in range(5):
        taken.append(free_box(end, 40.0, [line], taken, (0, 0, 200, 100)))
    for i, a in enumerate(taken):
        assert not crosses(a, line)
        assert a[0] >= 0
        assert a[3] <= 100
        for b in taken[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_name_with_no_room_stands_right_of_the_end() -> None:
    end = np.array([50.0, 50.0])
    assert free_box(end, 400.0, [], [], (0, 0, 200, 100)) == (60.0, 44.0, 464.0, 56.0)


def test_long_names_are_cut_in_their_middle() -> None:
    short, _, width = fit("first " + "and then another " * 9 + "last")
    assert width <= NAME_WIDTH
    assert short.startswith("first")
    assert short.endswith("last")
    assert "\u2026" in short
    assert fit("payments_first")[0] == "payments_first"
