"""Lists in a data directory of the test's own, and files as they are delivered."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from compliance.lists.registry import THE_REGISTRY
from compliance.services.create_list import create_list
from compliance.services.load_list import load_list

TODAY = date(2026, 11, 20)
"""The day of ``NOON_IN_NEW_YORK``."""


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Files of lists rest here; what the process has open of the test before is forgotten."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    THE_REGISTRY.forget()
    yield settings.DATA_DIR
    THE_REGISTRY.forget()


@pytest.fixture
def deliver(tmp_path):
    """Writes a file with this content and gives its path."""
    counter = itertools.count(1)

    def write(content: bytes, name: str = "") -> Path:
        path = tmp_path / (name or f"delivered-{next(counter)}.txt")
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def lines(deliver):
    """Writes a file of numbers, one a line."""

    def write(*numbers: object) -> Path:
        return deliver("".join(f"{number}\n" for number in numbers).encode())

    return write


@pytest.fixture
def make_list(organisation, lines):
    """A list with these numbers on it."""

    def make(kind="internal", numbers=(), as_of=TODAY, name="", **fields):
        made = create_list(organisation, "test", name=name or f"A {kind} list", kind=kind, **fields)
        if numbers:
            load_list(made, lines(*numbers), as_of, "test")
        return made

    return make
