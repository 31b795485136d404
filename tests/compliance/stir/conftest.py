"""What every test of signing starts with."""

from __future__ import annotations

import pytest

from compliance.stir.signers import forget_signers


@pytest.fixture(autouse=True)
def _no_signer_is_known():
    """A process keeps its signers for a second, and the numbers of rows begin again in each test."""
    forget_signers()
