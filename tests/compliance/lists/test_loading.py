"""Loads and changes as a whole: in force or not at all, in their order, and good again after a crash."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from compliance.lists import files, health
from compliance.lists.problems import BadFile, Busy, Damaged
from compliance.lists.registry import THE_REGISTRY, Registry
from compliance.models import DncChange, DncList, DncVersion
from compliance.services import recover_list as recovery
from compliance.services.apply_changes import apply_changes
from compliance.services.load_list import load_list
from compliance.services.recover_list import recover_lists
from tests.compliance.conftest import NOON_IN_NEW_YORK

from .conftest import TODAY

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

OLD, NEW = "2125550101", "2125550102"


def on(dnc_list, number):
    THE_REGISTRY.forget()
    standing = next(s for s in THE_REGISTRY.standings(dnc_list.organisation_id) if s.listed.id == dnc_list.pk)
    return standing.numbers.has(int("1" + number))


@pytest.fixture
def registry(make_list):
    return make_list("national", [OLD], name="FTC")


def test_a_load_replaces_the_version_before_and_is_in_the_audit_log(registry, lines):
    version = load_list(registry, lines(NEW, "2125550103"), TODAY, "ann")
    assert (version.number, version.entries, version.status) == (2, 2, "ready")
    assert (on(registry, OLD), on(registry, NEW)) == (False, True)
    assert registry.versions.get(number=1).status == "retired"
    assert AuditEntry.objects.filter(action="list.loaded", actor="ann").exists()


def test_a_bad_file_leaves_the_old_version_in_force_and_keeps_its_words(registry, deliver, data_dir):
    before = set(files.names_of(registry.pk))
    with pytest.raises(BadFile, match="No phone numbers"):
        load_list(registry, deliver(b"hello\nworld\n"), TODAY, "ann")
    assert on(registry, OLD)
    failed = registry.versions.get(number=2)
    assert failed.status == "failed"
    assert "No phone numbers" in failed.message
    assert files.names_of(registry.pk) == before


def test_a_list_that_shrinks_to_less_than_half_needs_a_word(make_list, lines):
    made = make_list("national", [f"21255501{last:02}" for last in range(9)])
    with pytest.raises(BadFile, match="less than half"):
        load_list(made, lines(NEW), TODAY, "ann")
    assert load_list(made, lines(NEW), TODAY, "ann", accept_shrink=True).entries == 1


def test_a_file_of_changes_is_not_taken_for_a_whole_list(registry, deliver):
    with pytest.raises(BadFile, match="file of changes"):
        load_list(registry, deliver(b"212,5550101,2026-11-20,A\n212,5550102,2026-11-20,D\n"), TODAY, "ann")


def test_changes_add_and_delete_and_make_the_list_young(registry, deliver):
    later = TODAY + timedelta(days=1)
    change = apply_changes(
        registry, deliver(b"212,5550102,x,A\n212,5550101,x,D\n"), later, "ann", accept_shrink=True
    )
    assert (change.sequence, change.added, change.removed) == (1, 1, 1)
    assert (on(registry, OLD), on(registry, NEW)) == (False, True)
    version = DncVersion.objects.get()
    assert (version.change, version.fresh_as_of, version.as_of, version.entries) == (1, later, TODAY, 1)


def test_of_a_number_that_comes_twice_the_last_line_holds(registry, deliver):
    apply_changes(registry, deliver(b"212,5550102,x,A\n212,5550102,x,D\n"), TODAY, "ann", accept_shrink=True)
    assert not on(registry, NEW)


def test_changes_that_come_too_late_are_refused_in_words(registry, lines):
    apply_changes(registry, lines(NEW), TODAY + timedelta(days=1), "ann", adding=True)
    with pytest.raises(BadFile, match="in the order of their dates"):
        apply_changes(registry, lines("2125550103"), TODAY, "ann", adding=True)


def test_the_same_changes_are_not_applied_twice(registry, lines):
    path = lines(NEW)
    apply_changes(registry, path, TODAY, "ann", adding=True)
    with pytest.raises(BadFile, match="applied before, as change 1"):
        apply_changes(registry, path, TODAY, "ann", adding=True)


def test_changes_that_do_not_say_what_they_are_ask_for_it(registry, lines):
    with pytest.raises(BadFile, match="Say which"):
        apply_changes(registry, lines(NEW), TODAY, "ann")


def test_a_change_that_was_cut_short_is_finished_later(registry, lines, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(recovery, "change_sorted", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            apply_changes(registry, lines(NEW), TODAY, "ann", adding=True)
    assert DncChange.objects.get().applied_at is None
    assert not on(registry, NEW)
    assert recover_lists() == 1
    assert on(registry, NEW)
    assert DncChange.objects.get().applied_at is not None
    assert recover_lists() == 0


def test_a_damaged_journal_is_told_and_a_full_load_helps(registry, lines, data_dir, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(recovery, "change_sorted", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            apply_changes(registry, lines(NEW), TODAY, "ann", adding=True)
    journal = data_dir / "lists" / DncChange.objects.get().journal
    journal.write_bytes(journal.read_bytes()[:-1])
    with pytest.raises(Damaged, match="Load the list in full"):
        apply_changes(registry, lines("2125550103"), TODAY, "ann", adding=True)
    load_list(registry, lines(NEW), TODAY, "ann")
    assert on(registry, NEW)


def test_one_list_has_one_writer(registry, lines):
    with files.only_writer(registry.pk), pytest.raises(Busy):
        load_list(registry, lines(NEW), TODAY, "ann")


def test_another_process_sees_a_new_version_within_a_second(registry, lines):
    now = [0.0]
    other = Registry(lambda: now[0])
    standing = other.standings(registry.organisation_id)[0]
    load_list(registry, lines(NEW), TODAY, "ann")
    assert other.standings(registry.organisation_id)[0] is standing
    now[0] += 1.0
    assert other.standings(registry.organisation_id)[0].listed.version == 2


def test_supervisors_are_told_before_and_after_a_list_is_too_old(registry):
    told = [
        health.problems(registry.organisation_id, NOON_IN_NEW_YORK + timedelta(days=days))
        for days in (0, 26, 27, 31, 32)
    ]
    assert told[:2] == [[], []]
    assert told[2] == ["FTC is too old in 5 days. Load a newer file under Lists."]
    assert told[3] == ["FTC is too old tomorrow. Load a newer file under Lists."]
    assert told[4][0].startswith("FTC: its data are 32 days old, at most 31 are allowed. No sales call to US")


def test_the_command_loads_changes_and_checks(organisation, lines, capsys, data_dir):
    call_command("dnc", "load", str(lines(OLD)), "--list", "FTC", "--kind", "national")
    call_command("dnc", "apply", "FTC", str(lines(NEW)), "--add")
    call_command("dnc", "check", NEW)
    call_command("dnc", "check")
    call_command("dnc", "status")
    told = capsys.readouterr().out
    assert "on FTC v1+1" in told
    assert "2 numbers, all as written" in told
    file = data_dir / "lists" / DncList.objects.get().current.file
    file.write_bytes(file.read_bytes()[:-1])
    THE_REGISTRY.forget()
    with pytest.raises(CommandError, match="Calls are refused"):
        call_command("dnc", "status")
    with pytest.raises(CommandError, match="cannot be relied on"):
        call_command("dnc", "check")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["load", "/nowhere/x", "--list", "FTC", "--kind", "national"], "No such file"),
        (["load", __file__, "--list", "FTC"], "Say of which --kind"),
        (["load", __file__, "--list", "FTC", "--kind", "state"], "Give the state"),
        (["apply", "FTC", __file__], "There is no list"),
        (["check", "hello"], "not a phone number"),
    ],
)
def test_the_command_says_what_to_give(organisation, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("dnc", *arguments)
