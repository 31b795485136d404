"""Plots of several lines: one scale, dashes of their own, gaps where nothing is known."""

from __future__ import annotations

import pytest

from accounts.line_plots import BOTTOM, HEIGHT, LEFT, TONES, TOP, WIDTH, lines_plot

pytestmark = pytest.mark.unit
LABELS = [f"{hour}:00" for hour in range(6)]


def points(line):
    return [tuple(map(float, point.split(","))) for run in line.runs for point in run.split()]


def test_lines_share_one_scale_and_stay_inside_the_box():
    plot = lines_plot("Wait", LABELS, [("Now", [0, 1, 2, 3, 4, 5]), ("Then", [10] * 6)], unit=" s")
    now, then = plot.lines
    assert points(now)[0][1] == HEIGHT - BOTTOM
    assert {y for _, y in points(then)} == {TOP}
    assert all(LEFT <= x <= WIDTH for x, _ in points(now))
    assert [x for x, _ in points(now)] == [x for x, _ in points(then)]
    assert [tick.words for tick in plot.across] == ["0 s", "5 s", "10 s"]


def test_each_line_has_a_tone_of_its_own_and_a_gap_breaks_it():
    series = [(str(number), [1.0, None, 2.0, 3.0, None, 4.0]) for number in range(4)]
    plot = lines_plot("Lines", LABELS, series)
    assert tuple(line.tone for line in plot.lines) == TONES
    assert [len(run.split()) for run in plot.lines[0].runs] == [1, 2, 1]


def test_resting_on_a_place_tells_every_known_value_there():
    plot = lines_plot("Share", LABELS[:2], [("Now", [12.345, None]), ("Then", [50.0, None])], unit=" %")
    assert [band.words for band in plot.bands] == ["0:00: Now 12.3 %, Then 50 %"]


def test_a_limit_is_inside_the_box_though_all_values_are_far_below():
    plot = lines_plot("Abandoned", LABELS, [("Now", [0.1] * 6)], unit=" %", limit=3.0)
    assert plot.limit.words == "limit 3 %"
    assert TOP <= float(plot.limit.at) < points(plot.lines[0])[0][1]


def test_many_labels_have_few_words_below_and_no_value_is_no_line():
    plot = lines_plot("None", [str(n) for n in range(100)], [("Now", [None] * 100)])
    assert len(plot.below) <= 8
    assert plot.lines[0].runs == ()
    assert plot.bands == ()
