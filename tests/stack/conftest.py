"""One running installation for all tests of a module: starting it takes as long as most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .house import House


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The product with a practice carrier and four practice agents, calls up."""
    built = House()
    try:
        built.open()
        yield built
    finally:
        built.close()
