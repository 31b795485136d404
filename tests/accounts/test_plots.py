"""Plots that the server draws: geometry that fits its box, gaps where nothing is known."""

from __future__ import annotations

from itertools import pairwise

import pytest

from accounts.plots import HEIGHT, WIDTH, bar_plot, line_plot, nice_top, spark_line

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.3, 0.3), (1, 1), (7, 8), (10, 10), (11, 20), (99, 100), (310, 400)]
)
def test_the_top_of_a_plot_is_a_round_figure_that_holds_its_values(value, top):
    assert nice_top(value) == pytest.approx(top)


def test_bars_stand_on_the_ground_inside_the_box_and_the_highest_reaches_its_figure():
    plot = bar_plot("Dials", ["a", "b", "c"], [0, 5, 10])
    ground = {float(mark.y) + float(mark.height) for mark in plot.marks}
    assert ground == {float(plot.across[0].at)}
    assert [mark.words for mark in plot.marks] == ["a: 0", "b: 5", "c: 10"]
    assert plot.marks[2].y == plot.across[-1].at
    assert all(0 <= float(mark.x) <= WIDTH - float(mark.width) for mark in plot.marks)
    assert max(ground) < HEIGHT


def test_a_day_without_figures_leaves_a_gap_in_a_line():
    plot = line_plot("Rate", list("abcde"), [1, 2, None, 3, 4], unit="%")
    assert [len(line.split()) for line in plot.lines] == [2, 2]
    assert plot.marks[0].words == "a: 1%"
    assert len(plot.marks) == 4


def test_a_thousand_bars_do_not_overlap_and_have_few_words_below():
    plot = bar_plot("Pool", [str(n) for n in range(1000)], [float(n) for n in range(1000)])
    edges = [(float(mark.x), float(mark.x) + float(mark.width)) for mark in plot.marks]
    assert all(end <= start + 0.02 for (_, end), (start, _) in pairwise(edges))
    assert len(plot.below) <= 8


def test_a_spark_of_nothing_is_nothing_and_one_of_zeros_is_flat():
    assert spark_line([None, None]) == ()
    assert spark_line([]) == ()
    (flat,) = spark_line([0, 0, 0])
    assert {point.partition(",")[2] for point in flat.split()} == {"22.0"}


def test_a_limit_lies_inside_the_box_and_only_what_is_above_it_stands_out():
    plot = bar_plot("Share", list("abc"), [1, 3, 4], unit=" %", limit=3)
    assert [mark.over for mark in plot.marks] == [False, False, True]
    assert (plot.limit.words, plot.limit.at) == ("limit 3 %", plot.marks[1].y)
    far = bar_plot("Share", ["a"], [0.1], limit=3)
    assert far.across[-1].at <= far.limit.at < far.marks[0].y
    assert bar_plot("Dials", ["a"], [1]).limit is None
