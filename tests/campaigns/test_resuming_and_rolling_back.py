"""An import survives being cut off, being run twice and being taken back."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from campaigns.choices import Duplicates, ImportStatus
from campaigns.importing import pieces, runs
from campaigns.importing.commit import commit
from campaigns.importing.validate import validate
from campaigns.models import ImportJob, Lead, LeadChange, LeadPhone
from campaigns.services.roll_back_import import CannotRollBack, roll_back_import
from campaigns.services.run_import import cancel_import, start_commit
from campaigns.services.stage_import import same_file_before

from .files import GOOD, brought_in, checked, counts, staged
from .makers import make_lead

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TEN = "Name,Phone\n" + "".join(f"Ada,21255501{line:02d}\n" for line in range(10))


class Cut(Exception):
    """The worker dies here."""


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE_ROWS", 3)


def ready(leads, text=TEN):
    job = checked(leads, text)
    start_commit(job, "test")
    return job


def die_after(rows):
    def progress(job):
        if job.rows_done >= rows:
            raise Cut

    return progress


@pytest.mark.usefixtures("small_pieces")
def test_a_commit_that_was_cut_off_goes_on_where_it_was(leads):
    job = ready(leads)
    with pytest.raises(Cut):
        commit(job.pk, die_after(6))
    assert Lead.objects.count() == 6
    done = commit(job.pk)
    assert counts(done) == (10, 0, 0, 0)
    assert LeadPhone.objects.values("number").distinct().count() == Lead.objects.count() == 10


@pytest.mark.usefixtures("small_pieces")
def test_a_piece_that_fails_leaves_neither_leads_nor_counts(leads, monkeypatch):
    job = ready(leads)

    def fail(*args):
        raise Cut

    monkeypatch.setattr(runs, "write_tally", fail)
    with pytest.raises(Cut):
        commit(job.pk)
    monkeypatch.undo()
    assert Lead.objects.count() == 0
    assert counts(commit(job.pk)) == (10, 0, 0, 0)


@pytest.mark.usefixtures("small_pieces")
def test_of_two_runs_of_one_commit_the_first_stops_and_no_row_comes_twice(leads):
    job = ready(leads)

    def second_run(first):
        if first.rows_done == 3:
            commit(job.pk)

    assert counts(commit(job.pk, second_run)) == (10, 0, 0, 0)
    assert Lead.objects.count() == 10


@pytest.mark.usefixtures("small_pieces")
def test_a_check_that_was_cut_off_begins_anew(leads):
    job = staged(leads, TEN + "Bad,1\n")
    ImportJob.objects.filter(pk=job.pk).update(status=ImportStatus.VALIDATING)
    with pytest.raises(Cut):
        validate(job.pk, die_after(6))
    assert counts(validate(job.pk)) == (10, 0, 0, 1)


def test_a_finished_import_run_again_does_nothing(leads):
    job = brought_in(leads)
    assert counts(commit(job.pk)) == counts(validate(job.pk)) == (2, 0, 0, 0)
    assert Lead.objects.count() == 2


@pytest.mark.usefixtures("small_pieces")
def test_a_cancelled_commit_stops_at_the_next_piece_and_can_be_taken_back(leads, sue):
    job = ready(leads)

    def cancel(running):
        if running.rows_done == 6:
            cancel_import(running, sue)

    assert commit(job.pk, cancel).status == ImportStatus.CANCELLED
    assert Lead.objects.count() == 6
    assert roll_back_import(job.pk, sue) == 6
    assert not Lead.objects.exists()


def test_a_roll_back_puts_updated_leads_back_as_they_were(leads, sue):
    lead = make_lead(leads, "+12125550101", first_name="A.", custom={"a": "1"})
    job = brought_in(
        leads,
        "First Name,Phone,Mobile\nAda,2125550101,2125550102\nBo,2125550103,\n",
        duplicates=Duplicates.UPDATE,
    )
    assert roll_back_import(job.pk, sue) == 1
    lead.refresh_from_db()
    assert (lead.first_name, lead.custom, lead.phones.count()) == ("A.", {"a": "1"}, 1)
    assert not LeadChange.objects.exists()


@pytest.mark.parametrize("values", [{"attempts": 1}, {"live_call": "c1"}])
def test_once_a_lead_was_dialed_the_import_stays(leads, sue, values):
    job = brought_in(leads)
    Lead.objects.filter(first_name="Ada").update(**values)
    with pytest.raises(CannotRollBack, match="dialed already"):
        roll_back_import(job.pk, sue)
    assert Lead.objects.count() == 2


def test_the_same_bytes_are_recognised(leads):
    first = brought_in(leads)
    assert same_file_before(staged(leads, GOOD)) == first
    assert same_file_before(staged(leads, GOOD + "\n")) is None


def test_the_command_brings_a_file_in_and_reports(leads, tmp_path, capsys):
    path = tmp_path / "x.csv"
    path.write_text(GOOD)
    call_command("import_leads", str(path), "--list", "New", "--campaign", "Spring")
    assert "2 rows read from x.csv: 2 created" in capsys.readouterr().out
    assert Lead.objects.filter(lead_list__name="New", lead_list__campaign__name="Spring").count() == 2


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"PK\x03\x04....", [], "Excel workbook"),
        (b"Name,City\nAda,Rome\n", [], "No column holds the phone"),
        (GOOD.encode(), ["--map", "Nope=phone"], "names no column"),
        (GOOD.encode(), ["--map", "Phone=shoe"], "is not a field"),
        (b'Name,Phone\nA,2125550101\n"B,2125550102\n', [], "never closed"),
        (GOOD.encode(), ["--campaign", "None"], "no campaign"),
        (GOOD.encode(), ["--organisation", "None"], "no organisation"),
    ],
)
def test_the_command_says_what_is_wrong_and_brings_nothing_in(leads, tmp_path, content, arguments, words):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_leads", str(path), "--list", "Leads", *arguments)
    assert not Lead.objects.exists()


def test_the_command_maps_columns_by_name(leads, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Who,Reach,Plan\nAda,2125550101,gold\n")
    call_command(
        "import_leads", str(path), "--list", "Leads", "--map", "who=first_name", "--map", "Plan=custom"
    )
    lead = Lead.objects.get()
    assert (lead.first_name, lead.custom) == ("Ada", {"Plan": "gold"})


def test_a_file_that_is_not_there_is_said_so(leads, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_leads", str(tmp_path / "none.csv"), "--list", "Leads")
