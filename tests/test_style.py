"""What the linters do not see: sizes, leftovers, pins, markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "accounts", "agents", "bench", "campaigns", "compliance", "dialer", "docs",
    "integrations", "reporting", "static", "templates", "tests",
)  # fmt: skip
SUFFIXES = {".py", ".html", ".css", ".js", ".mjs"}
LINES_MAX = 400
LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PINNED = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==\S+", re.IGNORECASE)


def sources() -> Iterator[Path]:
    """Every file that a person wrote."""
    for folder in FOLDERS:
        for path in (PROJECT / folder).rglob("*"):
            written = "vendor" not in path.parts and "migrations" not in path.parts
            if path.suffix in SUFFIXES and written and path != Path(__file__):
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_no_file_is_longer_than_a_person_reads_at_once():
    long = {name(path): lines for path in sources() if (lines := path.read_text().count("\n")) > LINES_MAX}
    assert not long


def test_nothing_is_left_for_later_in_the_code():
    assert not [name(path) for path in sources() if LEFTOVER.search(path.read_text())]


def test_no_name_of_a_developers_machine_is_in_the_code():
    home = re.compile(r"(/home/\w+|/Users/\w+|/root/)")
    assert not [name(path) for path in sources() if home.search(path.read_text())]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_its_hashes(file):
    entries = re.split(r"\n(?=\S)", (PROJECT / file).read_text())
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert len(packages) > 50
    assert not [entry for entry in packages if not PINNED.match(entry) or "--hash=sha256:" not in entry]


def test_every_direct_requirement_has_its_reason():
    lines = (PROJECT / "requirements.in").read_text().splitlines()
    assert not [line for line in lines if line and not line.startswith("#") and "  # " not in line]


def test_every_test_module_says_what_it_needs():
    modules = (PROJECT / "tests").rglob("test_*.py")
    assert not [name(path) for path in modules if "pytestmark" not in path.read_text()]
