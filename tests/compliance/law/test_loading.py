"""A file of law that is wrong says where, and stops the start."""

from __future__ import annotations

import pytest
from django.apps import apps

from compliance.law import checking
from compliance.law.holidays import Holiday
from compliance.law.loading import BadLawData, Row, read
from compliance.law.windows import Hours

pytestmark = pytest.mark.unit

HEAD = "version: 2026-11-22\nrows:\n"
ROW = """\
  - id: us-xx
    where: [US-XX]
    applies_to: [sales]
    effective: 2020-01-01
    citation: 1 X.S. 2
    retrieved: 2026-11-22
"""
HOURS = ROW + '    opens: "08:00"\n    closes: "20:00"\n'


def load(tmp_path, text, kind=Row):
    path = tmp_path / "law.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path, kind)


def test_a_whole_file_is_read_with_its_version(tmp_path):
    found = load(tmp_path, HEAD + ROW)
    assert found.version == "2026-11-22"
    assert [row.id for row in found.rows] == ["us-xx"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("effective: 2020-01-01", "effective: soon"), ["law.yaml", "entry 1", "us-xx", "effective"]),
        (("applies_to: [sales]", "applies_to: [selling]"), ["us-xx", "selling", "applies_to"]),
        (("    citation: 1 X.S. 2\n", ""), ["us-xx", "citation"]),
        (("    citation", "    source"), ["us-xx", "source"]),
        (("id: us-xx", "name: us-xx"), ["entry 1", "without id"]),
        (("where: [US-XX]", "where: US-XX"), ["us-xx", "where"]),
        (("citation: 1 X.S. 2", "citation: 1 X.S. 2\n    ends: 2019-01-01"), ["us-xx", "ends"]),
        (("citation: 1 X.S. 2", "citation: 1 X.S. 2\n    citation: other"), ["citation stands twice"]),
        (("rows:", "rowes:"), ["version and rows"]),
        (("version: 2026-11-22", "version: 3"), ["version must be a date"]),
        (("where: [US-XX]", "where: [US-XX"), ["law.yaml"]),
        (("citation: 1 X.S. 2", "citation: !!python/object/apply:os.getcwd []"), ["law.yaml"]),
    ],
)
def test_what_is_wrong_is_named_with_file_entry_and_field(tmp_path, change, told):
    with pytest.raises(BadLawData) as caught:
        load(tmp_path, (HEAD + ROW).replace(*change))
    for word in told:
        assert word in str(caught.value)


def test_an_id_stands_once(tmp_path):
    with pytest.raises(BadLawData, match="us-xx stands twice"):
        load(tmp_path, HEAD + ROW + ROW)


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path):
    with pytest.raises(BadLawData, match=r"nowhere\.yaml"):
        read(tmp_path / "nowhere.yaml", Row)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadLawData, match=r"bytes\.yaml"):
        read(tmp_path / "bytes.yaml", Row)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("opens", '"8:00"'),
        ("opens", "08:00:00"),
        ("closes", '"24:01"'),
        ("on", '"17531"'),
        ("holidays", "US"),
    ],
)
def test_hours_are_written_in_one_way(tmp_path, field, wrong):
    lines = [line for line in HOURS.splitlines() if not line.strip().startswith(f"{field}:")]
    with pytest.raises(BadLawData, match=field):
        load(tmp_path, HEAD + "\n".join([*lines, f"    {field}: {wrong}"]) + "\n", Hours)


def test_the_traps_of_yaml_are_closed(tmp_path):
    text = HEAD + ROW.replace("[US-XX]", "[NO, ON, 'Y']").replace("1 X.S. 2", "21:00")
    (row,) = load(tmp_path, text).rows
    assert (row.where, row.citation) == (("NO", "ON", "Y"), "21:00")


def test_a_holiday_needs_exactly_one_way_of_finding_its_day():
    def holiday(**how):
        common = {
            "id": "x",
            "name": "X",
            "where": ("US",),
            "citation": "",
            "effective": None,
            "retrieved": None,
        }
        return Holiday(**common, **how)

    assert holiday(month=7, day=4).is_whole()
    assert holiday(month=5, weekday=1, nth=-1).is_whole()
    assert holiday(easter=-47).is_whole()
    for how in (
        {},
        {"month": 7},
        {"month": 7, "day": 4, "easter": 1},
        {"month": 2, "day": 29},
        {"weekday": 1},
    ):
        assert not holiday(**how).is_whole()


def test_no_process_starts_with_a_wrong_file(monkeypatch):
    def wrong():
        raise BadLawData("holidays.yaml, entry 3 (king): …")

    monkeypatch.setattr(checking, "FACTS", (wrong,))
    with pytest.raises(BadLawData, match="king"):
        apps.get_app_config("compliance").ready()
