"""A row of a large file costs no more than a row of a small one."""

from __future__ import annotations

import time

import pytest

from campaigns.models import Lead

from .files import brought_in
from .makers import make_list

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SMALL, LARGE = 4_000, 40_000
MOST_TIMES_DEARER = 2.5
"""Generous, for a busy machine; work that grows with the square would come to ten."""


def rows(count):
    lines = (f"Ann{n},Bee,212{n + 2_000_000},{n % 90_000 + 10_000}\n" for n in range(count))
    return "First Name,Last Name,Phone,ZIP\n" + "".join(lines)


def seconds_a_row(campaign, count):
    started = time.process_time()
    job = brought_in(make_list(campaign, f"list of {count}"), rows(count))
    return (time.process_time() - started) / job.rows_done


def test_the_cost_of_a_row_does_not_grow_with_the_file(campaign):
    seconds_a_row(campaign, 500)
    small, large = seconds_a_row(campaign, SMALL), seconds_a_row(campaign, LARGE)
    assert Lead.objects.filter(lead_list__name=f"list of {LARGE}").count() == LARGE
    assert large < MOST_TIMES_DEARER * small
