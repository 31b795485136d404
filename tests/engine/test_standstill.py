"""A daemon that stands still in the middle of a transaction keeps its locks no longer than a lease (PostgreSQL)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connections, transaction
from django.db.backends.signals import connection_created

from accounts.models import Organisation
from dialer.engine import database

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
WAIT_LIMIT_S = 20.0


def test_what_it_had_locked_is_free_again_and_it_learns_that_it_was_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "STANDSTILL_MS", 200)
    Organisation.objects.create(name="Test")
    locked, woken = threading.Event(), threading.Event()
    errors: list[Exception] = []

    def stand_still() -> None:
        database.limit_standstill()
        try:
            with transaction.atomic():
                Organisation.objects.select_for_update().get()
                locked.set()
                woken.wait(WAIT_LIMIT_S)
                Organisation.objects.update(name="Too late")
        except DatabaseError as error:
            errors.append(error)
        finally:
            connections.close_all()

    sleeper = threading.Thread(target=stand_still)
    sleeper.start()
    assert locked.wait(WAIT_LIMIT_S)
    connection_created.disconnect(dispatch_uid="engine-standstill")
    with transaction.atomic():
        found: Any = Organisation.objects.select_for_update().get()
    woken.set()
    sleeper.join(WAIT_LIMIT_S)
    assert errors
    assert found.name == Organisation.objects.get().name == "Test"
