"""A process that is killed anywhere in a load or a change leaves the list whole, and the next one goes on."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connection, connections

from compliance.lists import building, changing, files
from compliance.lists.checking import check_whole
from compliance.lists.plans import NANP
from compliance.lists.registry import THE_REGISTRY
from compliance.models import DncChange, DncList, DncVersion
from compliance.services import apply_changes, load_list, recover_list

from .conftest import TODAY

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

OLD, NEW = "2125550101", "2125550102"
LOADING = [
    (load_list, "_show"),
    (building, "_seal"),
    (building, "publish"),
    (load_list, "_check_size"),
    (load_list, "record_audit"),
]
CHANGING = [
    (apply_changes, "write_journal"),
    (apply_changes, "carry_out"),
    (recover_list, "change_bits"),
    (changing, "_switch"),
    (changing, "_count"),
    (DncVersion, "save"),
]


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def killed_in(monkeypatch):
    """Does some work in a process of its own that is killed where it would call a certain function."""

    def run(module, name, work):
        connections.close_all()
        if connection.vendor == "postgresql":
            connection.close_pool()
        with monkeypatch.context() as patch:
            patch.setattr(module, name, die)
            child = os.fork()
            if child == 0:
                try:
                    work()
                finally:
                    os._exit(1)
            _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"{name} was never called"
        assert os.WTERMSIG(status) == signal.SIGKILL

    return run


@pytest.fixture
def registry(make_list, monkeypatch):
    """A registry that is a bit array, small as it is."""
    monkeypatch.setattr(building, "LARGE", 1)
    return make_list("national", [OLD], name="FTC")


def on(number):
    THE_REGISTRY.forget()
    return THE_REGISTRY.standings(DncList.objects.get().organisation_id)[0].numbers.has(int("1" + number))


@pytest.mark.parametrize(("module", "name"), LOADING)
def test_a_load(module, name, registry, lines, killed_in):
    killed_in(module, name, lambda: load_list.load_list(registry, lines(NEW), TODAY, "ann"))
    assert (on(OLD), on(NEW)) == (True, False)
    version = load_list.load_list(registry, lines(NEW), TODAY, "ann")
    assert (on(OLD), on(NEW)) == (False, True)
    assert registry.versions.get(number=2).status == "failed"
    assert "cut off" in registry.versions.get(number=2).message
    assert files.names_of(registry.pk) == {version.file}


@pytest.mark.parametrize(("module", "name"), CHANGING)
def test_a_change(module, name, registry, lines, killed_in):
    path = lines(NEW)

    def change():
        return apply_changes.apply_changes(registry, path, TODAY, "ann", adding=True)

    killed_in(module, name, change)
    assert on(OLD)
    recover_list.recover_lists()
    if not DncChange.objects.exists():
        assert not on(NEW)
        change()
    assert on(NEW)
    version = DncList.objects.get().current
    assert check_whole(files.folder() / version.file) == version.entries == 2
    assert version.change == 1
    assert not files.names_of(registry.pk) - {version.file, DncChange.objects.get().journal}


def test_the_list_of_these_tests_is_a_bit_array(registry):
    assert THE_REGISTRY.standings(registry.organisation_id)[0].numbers.header.span == NANP.span
