"""One running installation for all tests of a module: starting it takes as long as most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .browser import Hire, running_chromium
from .house import House
from .office import Office


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The product with a practice carrier and four practice agents, calls up."""
    built = House()
    try:
        built.open()
        yield built
    finally:
        built.close()


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """The product with a practice carrier, and nobody signed in."""
    built = Office()
    try:
        built.open()
        yield built
    finally:
        built.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all; each person has windows of their own."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def hire(chromium: Browser, office: Office) -> Iterator[Hire]:
    """Gives people a browser of their own."""
    hired = Hire(chromium, office)
    yield hired
    hired.let_go()
