"""The report as page, PDF and CSV: the same figures in each, for those who may see them, and no name is obeyed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import AuditEntry
from campaigns.models import Campaign
from dialer.calls.models import Call
from reporting.compliance_report import csv_file, pdf
from reporting.compliance_report.definitions import DEFINITIONS
from reporting.compliance_report.figures import build
from tests.accounts.makers import client_of, make_person

from .test_compliance_report import AFTERWARDS, NOVEMBER, answered
from .why_makers import NOON, gate_at, lead_of, request_for, running_campaign

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOSTILE = "=Fish & <b>Chips</b>"


@pytest.fixture
def report(organisation):
    """Three abandoned of forty answered, a permitted dial, and a refusal."""
    campaign = running_campaign(organisation, HOSTILE)
    Call.objects.bulk_create(
        [answered(campaign, NOON, "abandoned" if index < 3 else "connected") for index in range(40)]
    )
    gate_at(NOON).decide([request_for(campaign, lead_of(campaign), "a" * 32)])
    gate_at(NOON.replace(hour=9)).decide([request_for(campaign, lead_of(campaign), "b" * 32)])
    return build(organisation, NOVEMBER, AFTERWARDS)


def lines_of(report) -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    csv_file.write(report, file)
    return list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))


def words_of(report) -> str:
    """The words of the PDF, taken from its streams."""
    file = io.BytesIO()
    pdf.write(report, file, compress=False)
    assert file.getvalue().startswith(b"%PDF-")
    joined = file.getvalue().replace(b") Tj (", b"")
    shown = re.findall(rb"\((.*?)(?<!\\)\) Tj", joined, re.DOTALL)
    text = b" ".join(shown).decode("cp1252")
    return re.sub(r"\\([()\\])", r"\1", re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), text))


def test_the_csv_reads_back_to_the_figures(report):
    lines = lines_of(report)
    (account,) = report.abandonment

    def value(**wanted):
        found = [line for line in lines if wanted.items() <= line.items()]
        assert len(found) == 1, wanted
        return found[0]["value"]

    day = {"section": "abandonment", "item": "day", "period": "2026-11-20"}
    assert value(**day, measure="answered live") == "40"
    assert value(**day, measure="abandoned") == "3"
    assert value(**day, measure="share") == "0.075"
    month = {"section": "abandonment", "item": "month"}
    assert int(value(**month, measure="answered live")) == account.month.answered
    assert value(section="answers", item="permitted") == "1"
    assert value(section="refusals", item="window") == "1"
    assert value(section="attestation", item="B") == "1"
    assert value(section="chain", item="head") == str(report.chain.head)
    assert sum(line["section"] == "definition" for line in lines) == len(DEFINITIONS)
    assert {line["month"] for line in lines} == {"2026-11"}


def test_no_cell_of_the_csv_is_a_formula(report):
    lines = lines_of(report)
    assert f"'{HOSTILE}" in {line["campaign"] for line in lines}
    assert not [cell for line in lines for cell in line.values() if cell.startswith(("=", "+", "-", "@"))]


def test_the_pdf_holds_the_figures_and_their_definitions(report):
    text = words_of(report)
    assert "November 2026" in text
    assert "7.50 %" in text
    assert str(report.chain.head) in text
    assert "Page 1 of " in text
    for term, _ in DEFINITIONS:
        assert term in text


def test_a_name_is_shown_in_the_pdf_and_never_obeyed(report):
    text = words_of(report)
    assert "<b>Chips</b>" in text
    assert "&amp;" not in text


def test_a_picture_in_a_name_is_not_fetched(organisation, tmp_path):
    Campaign.objects.create(organisation=organisation, name='<img src="file:///etc/hosts"/>')
    campaign = Campaign.objects.get()
    Call.objects.bulk_create([answered(campaign, NOON, "abandoned")])
    assert "<img" in words_of(build(organisation, NOVEMBER, AFTERWARDS))


def test_letters_that_the_fonts_lack_do_not_stop_the_pdf(organisation):
    campaign = Campaign.objects.create(organisation=organisation, name="春 Printemps é")
    Call.objects.bulk_create([answered(campaign, NOON, "abandoned")])
    assert "? Printemps é" in words_of(build(organisation, NOVEMBER, AFTERWARDS))


def test_a_month_without_anything_is_a_report_too(organisation):
    report = build(organisation, NOVEMBER, AFTERWARDS)
    assert "Nobody answered a call in this month." in words_of(report)
    assert lines_of(report)


def test_pages_break_long_tables_and_number_themselves(organisation):
    for index in range(12):
        campaign = Campaign.objects.create(organisation=organisation, name=f"Campaign {index}")
        Call.objects.bulk_create(
            [answered(campaign, NOON.replace(day=day), "abandoned") for day in range(1, 31)]
        )
    text = words_of(build(organisation, NOVEMBER, AFTERWARDS))
    count = int(re.search(r"Page 1 of (\d+)", text)[1])
    assert count > 10
    assert f"Page {count} of {count}" in text


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.READER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("form", ["", "pdf/", "csv/"])
def test_whoever_sees_calls_sees_the_report_in_every_form(report, organisation, role, form):
    person = make_person(organisation, "pat", role)
    answer = client_of(person).get(f"/compliance/report/{form}?month=2026-11")
    assert answer.status_code == 200
    if form:
        assert f'filename="compliance-2026-11.{form[:-1]}"' in answer.headers["Content-Disposition"]
        assert AuditEntry.objects.filter(actor="pat", action="compliance_report.taken").exists()
    else:
        text = answer.content.decode()
        assert "7.50 %" in text
        assert "Fish &amp; &lt;b&gt;Chips" in text


def test_agents_do_not_see_it(organisation):
    agent = make_person(organisation, "amy", Role.AGENT)
    for form in ("", "pdf/", "csv/"):
        assert client_of(agent).get(f"/compliance/report/{form}").status_code == 403


@pytest.mark.parametrize("form", ["", "pdf/", "csv/"])
@pytest.mark.parametrize(
    ("month", "words"), [("2026-13", "Write the month as"), ("2099-01", "has not begun")]
)
def test_a_month_that_is_none_is_named(supervisor, form, month, words):
    answer = client_of(supervisor).get(f"/compliance/report/{form}?month={month}")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_command_writes_both_files(report, tmp_path, capsys):
    files = tmp_path / "report.pdf", tmp_path / "report.csv"
    call_command("compliance_report", "--month", "2026-11", "--pdf", files[0], "--csv", files[1], "--verify")
    assert files[0].read_bytes().startswith(b"%PDF-")
    lines = list(csv.DictReader(io.StringIO(files[1].read_text("utf-8-sig"), newline="")))
    assert [line["value"] for line in lines if line["item"] == "last check"] == ["2"]
    assert "Intact: 2 decisions" in capsys.readouterr().out


def test_the_command_says_what_it_needs(organisation, tmp_path):
    with pytest.raises(CommandError, match="--pdf FILE"):
        call_command("compliance_report", "--month", "2026-11")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("compliance_report", "--month", "2026-11", "--csv", tmp_path / "none" / "x.csv")
    with pytest.raises(CommandError, match="2026-11"):
        call_command("compliance_report", "--month", "November", "--csv", tmp_path / "x.csv")


def test_the_month_has_a_name_that_people_use():
    assert NOVEMBER.words == "November 2026"
    assert NOVEMBER.first == date(2026, 11, 1)
