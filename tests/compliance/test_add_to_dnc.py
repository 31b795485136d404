"""Numbers that asked not to be called are on the list, and announced, from the moment of the commit."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from accounts.models import Organisation
from compliance import announce
from compliance.models import DncEntry
from compliance.numbers import InvalidNumbers
from compliance.services.add_to_dnc import add_to_dnc
from dialer.bus import names, schemas
from dialer.bus.streams import FIELD

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def organisation():
    return Organisation.objects.create(name="Acme")


@pytest.fixture
def stops(redis_url, settings):
    settings.REDIS_URL = redis_url
    announce._redis.cache_clear()
    client = announce._redis()
    client.delete(names.STOPS_STREAM)

    def read():
        decode = schemas.decoder(schemas.RoomMessage).decode
        return [decode(fields[FIELD]) for _, fields in client.xrange(names.STOPS_STREAM)]

    return read


def test_a_number_is_added_once_however_often_it_is_sent(organisation):
    assert add_to_dnc(organisation.id, ["+12025550123", "(202) 555-0123"], "manual", actor="ann") == 1
    assert add_to_dnc(organisation.id, ["+12025550123"], "import") == 0
    entry = DncEntry.objects.get()
    assert (entry.number, entry.source, entry.created_by) == (12025550123, "manual", "ann")


def test_numbers_that_cannot_be_read_are_named_and_nothing_is_written(organisation):
    with pytest.raises(InvalidNumbers) as caught:
        add_to_dnc(organisation.id, ["+12025550123", "hello", "12"], "manual")
    assert caught.value.numbers == ["hello", "12"]
    assert not DncEntry.objects.exists()


def test_an_unknown_source_is_an_error(organisation):
    with pytest.raises(ValueError):
        add_to_dnc(organisation.id, ["+12025550123"], "rumour")


def test_more_numbers_than_one_query_takes_are_all_added(organisation):
    numbers = [f"+1202555{line:04}" for line in range(1203)]
    assert add_to_dnc(organisation.id, numbers, "import") == 1203
    assert DncEntry.objects.count() == 1203


def test_every_daemon_hears_of_it_after_the_commit(organisation, stops, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        add_to_dnc(organisation.id, ["+12025550123", "+12025550124"], "disposition")
        assert stops() == []
    assert stops() == [
        schemas.StopNumber(organisation=organisation.id, number="+12025550123"),
        schemas.StopNumber(organisation=organisation.id, number="+12025550124"),
    ]


def test_redis_being_down_does_not_lose_the_entry(
    organisation, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    announce._redis.cache_clear()
    with django_capture_on_commit_callbacks(execute=True):
        add_to_dnc(organisation.id, ["+12025550123"], "manual")
    announce._redis.cache_clear()
    assert DncEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_may_add_the_same_numbers_in_another_order(organisation):
    batches = [[f"+1202555{batch}{n:02}" for n in range(100)] for batch in range(10, 25)]
    added = []

    def add(order):
        try:
            added.extend([add_to_dnc(organisation.id, order(numbers), "manual") for numbers in batches])
        finally:
            connections.close_all()

    workers = [threading.Thread(target=add, args=[order]) for order in (list, lambda n: n[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(added) == 2 * len(batches)
    assert DncEntry.objects.count() == sum(len(numbers) for numbers in batches)
