"""Gates in several threads and processes never take the last dial of a cap twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import uuid
from dataclasses import replace

import pytest
from django.db import connection, connections

import compliance.gate
from compliance.choices import Purpose
from compliance.gate import Gate, Granted
from compliance.models import Decision
from compliance.rules import attempts, cap, locked_out

from ..conftest import KEY, NOON_IN_NEW_YORK, TEMPLATE, SetClock

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

CAP_OF_FLORIDA = 3
THREADS, DIALS_EACH = 6, 4
WORKER = """
import sys, django
django.setup()
from tests.compliance.law import test_caps_at_once
test_caps_at_once.dial_in_a_process(int(sys.argv[1]), sys.argv[2])
"""


def sale(organisation, subject):
    """A sales call to one number in Florida, of whatever lead."""
    return replace(
        TEMPLATE,
        call=uuid.uuid4().hex,
        organisation=organisation,
        subject=subject,
        number="+13055550123",
        purpose=Purpose.SALES,
        topic="roofs",
        caller_ids=(),
        trunk_presents_caller_id=True,
    )


def dial(organisation, name, answers):
    """What one worker does: a decision at a time, each about another lead with the same number."""
    gate = Gate(KEY, clock=SetClock(NOON_IN_NEW_YORK))
    for turn in range(DIALS_EACH):
        answers += gate.decide([sale(organisation, f"lead:{name}-{turn}")])
    connections.close_all()


def dial_in_a_process(organisation, name):
    """The same in a process of its own, by the same rules as in the tests."""
    compliance.gate.RULES = (attempts.RULE, cap.RULE, locked_out.RULE)
    dial(organisation, name, [])


def test_threads_share_a_cap(organisation, rules_that_count):
    answers = []
    workers = [threading.Thread(target=dial, args=(organisation.pk, n, answers)) for n in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(answers) == THREADS * DIALS_EACH
    assert sum(isinstance(answer, Granted) for answer in answers) == CAP_OF_FLORIDA
    assert Decision.objects.filter(reason="").count() == CAP_OF_FLORIDA


def database_of_the_test():
    """As ``DATABASE_URL`` is written: the configured server, where there is one, with another name."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{server}/{name}"


def test_processes_share_a_cap(organisation, rules_that_count):
    environment = os.environ | {"DATABASE_URL": database_of_the_test()}
    command = [sys.executable, "-c", WORKER, str(organisation.pk)]
    workers = [subprocess.Popen([*command, name], env=environment) for name in ("a", "b")]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    granted = Decision.objects.filter(organisation=organisation, reason="")
    assert granted.count() == CAP_OF_FLORIDA
    assert Decision.objects.filter(reason="cap").count() == 2 * DIALS_EACH - CAP_OF_FLORIDA
