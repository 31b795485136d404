"""A chain with decisions of several kinds."""

from __future__ import annotations

import pytest

from compliance.models import Decision


@pytest.fixture
def chain_of_five(gate, ask, organisation):
    """Five decisions, refusals among them; gives the organisation's id."""
    requests = [ask(subject=f"lead:{n}", number=f"+1212555010{n}") for n in range(4)]
    gate.decide([*requests, ask(number="+1911")])
    assert Decision.objects.count() == 5
    return organisation.id
