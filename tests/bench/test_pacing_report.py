"""The table, the picture and the verdicts of ``bench pacing``."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from bench.pacing import days
from bench.pacing.__main__ import main
from bench.pacing.decisions import DecisionTime, Size, build
from bench.pacing.figures import Figures
from bench.pacing.methods import HINDSIGHT, METHODS, OURS
from bench.pacing.plot import LEFT, RIGHT, WIDTH, plot, x_of
from bench.pacing.report import Report, optima_of
from bench.pacing.room import Tally

pytestmark = pytest.mark.unit

SVG = "{http://www.w3.org/2000/svg}"
PROJECT = Path(__file__).resolve().parents[2]


def figures(scenario, method, occupancy, abandoned=0.02, **fields):
    given = {"worst_day": abandoned, "worst_hour": 0.04, "idle_s": 9.5, "decision_us": 40.0, **fields}
    return Figures(scenario, method, 2, occupancy, abandoned, **given)


def report(ours=0.9, hindsight=0.87, decisions=(), **fields):
    rows = [
        figures("sales-20", "progressive", 0.65, 0.0),
        figures("sales-20", "vicidial-3.0", 0.66, 0.031),
        figures("sales-20", "vicidial-1.5", 0.71, 0.03),
        figures("sales-20", HINDSIGHT, hindsight, ratio=3.3),
        figures("sales-20", OURS, ours, **fields),
        figures("memoryless-20", OURS, 0.88),
    ]
    return Report(rows, {"memoryless-20": 0.886}, list(decisions))


def missed(found):
    return [(verdict.scenario, verdict.promise) for verdict in found.verdicts if not verdict.kept]


def test_days_become_means_and_worsts():
    first = Tally(answered=100, connected=98, abandoned=2, busy_s=70, signed_in_s=100, idle_s=980)
    second = replace(first, abandoned=4, busy_s=90, hours={0: [60, 3], 1: [49, 49]})
    row = Figures.of("sales-20", OURS, [first, second])
    assert (row.occupancy, row.abandoned, row.worst_day) == (pytest.approx(0.8), pytest.approx(0.03), 0.04)
    assert row.worst_hour == 0.05, "an hour of fewer than fifty answers says nothing"
    assert row.idle_s == 10.0


def test_all_promises_kept_is_told_and_ends_well():
    found = report()
    assert missed(found) == []
    assert "PASS" in found.text()
    assert "MISS" not in found.text()


@pytest.mark.parametrize(
    ("fields", "promise"),
    [
        ({"ours": 0.885}, "points above hindsight"),
        ({"worst_day": 0.0301}, "abandoned on the worst day"),
        ({"abandoned": 0.0301, "worst_day": 0.03}, "abandoned over all days"),
        ({"worst_hour": 0.061}, "abandoned in the worst hour"),
    ],
)
def test_each_promise_is_missed_alone(fields, promise):
    assert missed(report(**fields)) == [("sales-20", promise)]


def test_a_room_below_its_optimum_is_a_miss():
    assert missed(replace(report(), optima={"memoryless-20": 0.95})) == [
        ("memoryless-20", "of the exact optimum")
    ]


def test_a_room_of_five_may_end_a_day_a_little_higher_and_has_no_worst_hour():
    rows = [figures("memoryless-5", OURS, 0.8, abandoned=0.029, worst_day=0.0325, worst_hour=0.09)]
    assert missed(Report(rows, {"memoryless-5": 0.79}, [])) == []


def test_a_slow_decision_is_a_miss():
    slow = DecisionTime(60, 150, most_us=200.0, decision_us=260.0, snapshot_us=65.0)
    assert slow.snapshots == 4.0
    assert missed(report(decisions=[slow])) == [("60 agents, 150 lines", "µs a decision")]


def test_the_table_has_a_line_for_each_method_with_its_figures():
    (line,) = [line for line in report().text().splitlines() if "best ratio of hindsight, 3.3" in line]
    assert line.split()[5:] == ["0.8700", "2.00", "%", "2.00", "%", "4.00", "%", "9.5", "s", "40", "µs"]


def test_json_is_read_back_as_it_was():
    found = report(decisions=[DecisionTime(60, 150, 200.0, 120.0, 60.0)])
    again = Report.read(found.to_json())
    assert again.text() == found.text()
    assert json.loads(found.to_json())["missed"] == 0


def test_an_optimum_that_was_computed_can_be_written_and_judged():
    rows = [figures("memoryless-5", OURS, 0.5)]
    found = json.loads(Report(rows, optima_of(["memoryless-5", "pair"]), []).to_json())
    assert found["optima"] == {"memoryless-5": pytest.approx(0.7945, abs=5e-5)}
    assert found["verdicts"][0]["kept"] is False


@pytest.mark.parametrize("text", ["{}", "nothing", '{"figures": [1], "decisions": [], "optima": {}}'])
def test_another_file_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(SystemExit, match=r"other\.json"):
        main(["--results", str(path)])


def test_the_picture_has_a_dot_for_each_method_where_its_occupancy_lies():
    drawn = ElementTree.fromstring(plot(report().figures, {"memoryless-20": 0.886}))
    dots = {
        dot.findtext(f"{SVG}title"): dot
        for dot in drawn.iter(f"{SVG}circle")
        if dot.find(f"{SVG}title") is not None
    }
    ours = next(dot for title, dot in dots.items() if title.startswith("Paceline: 90.0 %"))
    assert float(ours.get("cx")) == pytest.approx(LEFT + (0.9 - 0.2) / 0.8 * (WIDTH - LEFT - RIGHT), abs=0.1)
    assert len(dots) == 5, "of VICIdial's two levels the better; no one else in the room without memory"
    assert any("71.0 %" in title for title in dots)


def test_a_method_that_broke_the_limit_is_hollow():
    drawn = plot([figures("sales-20", "expected", 0.86, 0.05), figures("sales-20", OURS, 0.9)], {})
    fills = [line for line in drawn.splitlines() if "<title>" in line and "circle" in line]
    assert 'fill="none"' in fills[0]
    assert 'fill="none"' not in fills[1]


def test_what_lies_below_the_scale_is_drawn_at_its_start():
    assert x_of(0.1) == LEFT
    assert x_of(1.0) == WIDTH - RIGHT


def test_the_readmes_picture_is_drawn_from_the_figures_beside_it():
    kept = Report.read((PROJECT / "bench" / "pacing" / "figures.json").read_text())
    assert (PROJECT / "docs" / "images" / "pacing.svg").read_text() == plot(kept.figures, kept.optima)


def test_jobs_become_figures_whoever_finishes_first():
    methods = ["progressive", HINDSIGHT, OURS]
    jobs = days.jobs_for(["pair", "small-room"], methods, seeds=2, hours=0.05)
    assert len(jobs) == 2 * (1 + 1 + 2), "ours a day at a time"
    told = io.StringIO()
    found = days.measure(jobs, processes=1, told=told)
    assert set(found) == {(room, method) for room in ("pair", "small-room") for method in methods}
    assert {row.days for row in found.values()} == {2}
    assert found["pair", HINDSIGHT].ratio >= 1.0
    assert "[  8/8] " in told.getvalue()


def test_the_snapshot_that_is_timed_has_the_size_asked_for():
    size = Size(3, 5, 200.0, 1)
    snapshot = build(100.0, [("ready", 4.0)] * size.agents, [7.0] * size.lines)
    assert (len(snapshot.agents), len(snapshot.lines)) == (3, 5)
    assert snapshot.agents[0].since == 96.0
    assert snapshot.lines[0].placed_at == 93.0


def test_an_unknown_room_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["--only", "moon"])
    assert "no moon here; there are memoryless-5" in capsys.readouterr().err


def test_every_method_has_a_name_for_people():
    assert len({method.label for method in METHODS.values()}) == len(METHODS)
