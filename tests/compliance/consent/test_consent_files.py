"""Files of consents and answers: hostile ones lose nothing, good ones are entered once."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from compliance.choices import ConsentFile
from compliance.consent.exporting import begin_export
from compliance.consent.files import BadFile
from compliance.models import Consent, ConsentImport, ReassignedAnswer
from compliance.services import import_consents as importing
from compliance.services import stage_consents as staging
from compliance.services.import_consents import import_consents
from compliance.services.stage_consents import stage_consents

pytestmark = pytest.mark.integration

HEADER = "number,kind,given_at,text,source\n"
GOOD = (
    HEADER + "+12125550123,written,2026-03-01T14:05:00Z,I agree,form\n(212) 555-0124,express,3/2/2026,,call\n"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stage(organisation):
    def take_in(content, kind=ConsentFile.CONSENTS, **changes):
        data = content.encode() if isinstance(content, str) else content
        return stage_consents(organisation, None, kind, "../../etc/c.csv", [data[:9], data[9:]], **changes)

    return take_in


def test_a_file_is_entered_row_by_row(stage):
    job = import_consents(stage(GOOD).pk)
    assert (job.rows_done, job.rows_total, job.entered, job.rejected) == (2, 2, 2, 0)
    written, express = Consent.objects.order_by("number")
    assert (written.kind, written.given_at.isoformat()) == ("written", "2026-03-01T14:05:00+00:00")
    assert (express.kind, express.given_at.isoformat()) == ("express", "2026-03-02T05:00:00+00:00")


def test_a_relationship_gets_its_end(stage):
    import_consents(stage(HEADER + "2125550123,inquiry,2026-03-02T12:00:00Z,,call\n").pk)
    assert Consent.objects.get().expires_at.isoformat() == "2026-06-02T12:00:00+00:00"


def test_the_stored_file_has_a_name_that_nobody_chose(stage, tmp_path):
    job = stage(GOOD)
    assert job.file_name == "c.csv"
    assert "etc" not in job.file.name
    assert list(tmp_path.rglob("*.csv"))


def test_the_same_file_is_not_entered_twice(stage):
    import_consents(stage(GOOD).pk)
    with pytest.raises(BadFile, match="very same file"):
        stage(GOOD)
    assert import_consents(ConsentImport.objects.get().pk).entered == Consent.objects.count() == 2


def test_a_file_that_was_cut_off_goes_on_where_it_stood(stage, monkeypatch):
    monkeypatch.setattr(importing, "PIECE_ROWS", 1)
    job = stage(GOOD)

    def cut(job):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_consents(job.pk, cut)
    assert Consent.objects.count() == 1
    assert stage(GOOD).pk == job.pk
    assert import_consents(job.pk).entered == Consent.objects.count() == 2


def test_a_run_that_another_has_overtaken_writes_nothing(stage):
    job = stage(GOOD)
    piece = [(2, {"number": "2125550123", "kind": "inquiry", "given_at": "2026-03-01"})]
    ConsentImport.objects.filter(pk=job.pk).update(rows_done=2)
    with pytest.raises(importing.Superseded):
        importing._enter(job, piece)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("12,express,2026-03-01,,form", "This is no phone number"),
        ("2125550123,maybe,2026-03-01,,form", "no kind of consent"),
        ("2125550123,express,2026-02-30,,form", "is no date"),
        ("2125550123,written,2026-03-01,,form", "needs the wording"),
        ("2125550123,express,,,form", "date is missing"),
        ("=cmd|'/c calc'!A0,express,2026-03-01,,form", "This is no phone number"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_come_in(stage, row, words):
    job = import_consents(stage(GOOD + row + "\n").pk)
    assert (job.entered, job.rejected) == (2, 1)
    ((line, told),) = job.errors
    assert line == 4
    assert words in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("name,phone\nAda,2125550123\n", "kind, given_at is missing"),
        (HEADER.encode() + b"\xff\xfe\x00", "not UTF-8"),
        (HEADER + "2125550123,express,2026-03-01,\0,form\n", "NUL"),
        ("x" * 200_000, "longer than"),
        ("number,kind,given_at" + ",x" * 100 + "\n", "columns"),
    ],
)
def test_a_file_that_is_none_is_refused_and_nothing_is_kept(stage, content, words):
    with pytest.raises(BadFile, match=words):
        stage(content)
    assert not ConsentImport.objects.exists()


def test_what_stands_before_a_broken_quote_is_entered_and_the_break_is_told(stage):
    many = "".join(f"212555{number:04},inquiry,2026-03-01,,call\n" for number in range(1000, 2500))
    job = import_consents(stage(HEADER + many + '2125550123,express,2026-03-01,"never closed\n').pk)
    assert "Line 1502 cannot be read" in job.message
    assert job.entered == Consent.objects.count() == 1000


def test_a_file_that_is_too_large_is_refused_while_it_comes(stage, monkeypatch):
    monkeypatch.setattr(staging, "MAX_FILE_BYTES", 100)
    with pytest.raises(BadFile, match="larger than"):
        stage(GOOD * 2)


def test_answers_are_entered_with_the_day_they_were_given(stage):
    at = timezone.now() - timedelta(days=3)
    answers = "2125550123,2026-03-01,no\n2125550124,20260301,no_data\n2125550125,2026-03-01,perhaps\n"
    job = import_consents(stage(answers, ConsentFile.ANSWERS, answered_at=at).pk)
    assert (job.entered, job.rejected) == (2, 1)
    assert "must be yes, no or no_data" in job.errors[0][1]
    assert {answer.answered_at for answer in ReassignedAnswer.objects.all()} == {at}
    assert set(ReassignedAnswer.objects.values_list("number", "answer")) == {
        (12125550123, "no"),
        (12125550124, "no_data"),
    }


def test_what_is_exported_can_be_imported_and_no_cell_is_computed(organisation, stage, enter):
    enter("written", text='=HYPERLINK("http://x")', source="form")
    text = "".join(begin_export(organisation, "sue"))
    assert "'=HYPERLINK" in text
    assert AuditEntry.objects.get(action="consents.exported").actor == "sue"
    Consent.objects.all().delete()
    job = import_consents(stage(text.replace("'+1", "+1")).pk)
    assert (job.entered, job.rejected) == (1, 0)


def test_the_command_imports_exports_revokes_and_asks(organisation, tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(GOOD)
    out = io.StringIO()
    call_command("consent", "import", str(path), stdout=out)
    assert "2 rows read: 2 entered, 0 rejected." in out.getvalue()
    asked = io.StringIO()
    call_command("consent", "rnd-queries", stdout=asked)
    assert asked.getvalue().split() == ["2125550123,2026-03-01", "2125550124,2026-03-02"]
    call_command("consent", "revoke", "212 555 0123", "--means", "voice", stdout=io.StringIO())
    asked = io.StringIO()
    call_command("consent", "rnd-queries", stdout=asked)
    assert asked.getvalue().split() == ["2125550124,2026-03-02"]
    answers = tmp_path / "answers.csv"
    answers.write_text("2125550124,2026-03-02,no\n")
    call_command("consent", "rnd-answers", str(answers), stdout=io.StringIO())
    assert ReassignedAnswer.objects.get().answer == "no"
    call_command("consent", "export", str(tmp_path / "out.csv"))
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 4


def test_the_command_says_what_is_wrong(organisation, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("consent", "import", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="no campaign"):
        call_command("consent", "rnd-queries", "--campaign", "None")
