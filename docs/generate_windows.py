"""Writes docs/windows.md from compliance/data/windows.yaml: ``python docs/generate_windows.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "compliance" / "data" / "windows.yaml"
TARGET = PROJECT / "docs" / "windows.md"
EVERY_DAY = "1234567"
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HEAD = """\
# Calling hours

Every row that is in force where the called party may be has to allow the call, on every clock there. This page is made
from `compliance/data/windows.yaml` by `python docs/generate_windows.py`; [law.md](law.md) says how the rows are used.

| rule | where | calls | hours | days | from | source | in doubt |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = yaml.load(SOURCE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["rows"]  # noqa: S506 (texts only)
    return HEAD + "".join(f"| {' | '.join(_cells(row))} |\n" for row in rows)


def _cells(row: dict[str, Any]) -> Iterator[str]:
    yield f"`{row['id']}`"
    yield ", ".join(row["where"])
    yield ", ".join(row["applies_to"]) + (f" ({', '.join(row['messages'])})" if "messages" in row else "")
    yield f"{row['opens']} to {row['closes']}"
    yield _days(row)
    yield row["effective"]
    yield row["citation"]
    yield row.get("disputed", "").strip()


def _days(row: dict[str, Any]) -> str:
    speaks_of = row.get("on", EVERY_DAY)
    allowed = [day for day in speaks_of if day in row.get("weekdays", EVERY_DAY)]
    text = (
        "every day"
        if len(allowed) == len(EVERY_DAY)
        else ", ".join(DAY_NAMES[int(day) - 1] for day in allowed)
    )
    never = [DAY_NAMES[int(day) - 1] for day in speaks_of if day not in allowed]
    notes = [f"never {', '.join(never)}"] if never else []
    notes += ["never on holidays"] if row.get("holidays") else []
    return "; ".join([text, *notes])


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
