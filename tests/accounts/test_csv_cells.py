"""No cell of an export is a formula."""

from __future__ import annotations

import pytest

from accounts.csv_cells import harmless

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(first):
    assert harmless(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), ("", ""), (486, "486"), ("Grace = Hopper", "Grace = Hopper"), ("żółć", "żółć")],
)
def test_everything_else_stays_as_it_is(value, cell):
    assert harmless(value) == cell


def test_a_negative_figure_is_text_too():
    assert harmless(-5) == "'-5"
