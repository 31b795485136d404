"""Pages of campaigns, lists, leads and imports, as each role meets them."""

from __future__ import annotations

import io
import json
import wave

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts.models import AuditEntry, Organisation
from campaigns.choices import CampaignStatus, ImportStatus, LeadStatus
from campaigns.models import Callback, Campaign, ImportJob, Lead, LeadList
from campaigns.services.prepare_prompt import prepare_prompt
from campaigns.services.save_campaign import all_facts
from compliance.models import CallerId
from dialer.celery import app

from .files import GOOD, brought_in
from .makers import NOW, in_call, make_campaign, make_lead, make_list, make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def page(client, sue):
    """A browser in which a supervisor is signed in."""
    client.force_login(sue)
    return client


@pytest.fixture
def reader(client, organisation):
    """A browser in which somebody is signed in who may only look."""
    client.force_login(make_user(organisation, "rita", "reader"))
    return client


@pytest.fixture
def at_once():
    """Background work is done in the request."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


SEEN = ("campaign", "dispositions", "recycling", "message")


@pytest.mark.parametrize("who", ["page", "reader"])
def test_every_page_opens_for_those_who_may_see_it(who, request, campaign, leads):
    browser = request.getfixturevalue(who)
    lead = make_lead(leads, "+12125550101", first_name="Ada")
    pages = [url(name, campaign.pk) for name in SEEN]
    pages += [
        url("campaigns"),
        url("lists"),
        url("list", leads.pk),
        url("leads"),
        url("lead", lead.pk),
        url("callbacks"),
    ]
    assert [browser.get(address).status_code for address in pages] == [200] * len(pages)


def test_a_reader_sees_masked_numbers_and_changes_nothing(reader, campaign, leads):
    lead = make_lead(leads, "+12125550101", first_name="Ada")
    for address in (url("lead", lead.pk), url("leads")):
        assert "+12125550101" not in reader.get(address).content.decode()
    refused = [
        reader.post(url("campaign", campaign.pk)),
        reader.post(url("dispositions", campaign.pk)),
        reader.post(url("recycling", campaign.pk)),
        reader.post(url("message", campaign.pk)),
        reader.post(url("step", campaign.pk), {"step": "start"}),
        reader.post(url("list", leads.pk)),
        reader.post(url("lead", lead.pk)),
        reader.get(url("imports")),
        reader.get(url("new_import")),
    ]
    assert {answer.status_code for answer in refused} == {403}


def test_objects_of_another_organisation_are_not_there(page):
    theirs = make_campaign(Organisation.objects.create(name="Theirs"))
    lead = make_lead(make_list(theirs))
    job = brought_in(lead.lead_list)
    for name, pk in (
        ("campaign", theirs.pk),
        ("list", lead.lead_list_id),
        ("lead", lead.pk),
        ("import", job.pk),
    ):
        assert page.get(url(name, pk)).status_code == 404


def test_a_campaign_is_made_with_its_defaults_and_its_message(page):
    answer = page.post(url("new_campaign"), {"name": "Autumn", "method": "progressive"})
    campaign = Campaign.objects.get()
    assert answer.url == url("campaign", campaign.pk)
    assert campaign.dispositions.count() == 8
    assert len(campaign.safe_harbour_prompt) == 64
    again = page.post(url("new_campaign"), {"name": "Autumn", "method": "progressive"})
    assert "already exists" in again.content.decode()


def settings_of(campaign, **changed):
    values = {
        "name": campaign.name,
        "method": campaign.method,
        "opens": "09:00",
        "closes": "20:00",
        "weekdays": ["1", "2", "3"],
        "line_limit": 50,
        "max_attempts": 3,
        "ring_limit_s": 20,
        "answer_wait_s": 1.5,
        "wrapup_limit_s": 30,
        "preview_limit_s": 30,
        "abandon_percent": 2.5,
        "script": "Hello {{ first_name }}",
        "purpose": campaign.purpose,
        "consent_need": campaign.consent_need,
        "seen": json.dumps(all_facts(Campaign.objects.get(pk=campaign.pk))),
    }
    return values | changed


def test_settings_are_saved_and_audited_with_both_sides(page, campaign, organisation):
    shown = CallerId.objects.create(organisation=organisation, number="+12125550100", proof="contract")
    page.post(url("campaign", campaign.pk), settings_of(campaign, caller_ids=[shown.pk]))
    campaign.refresh_from_db()
    assert (campaign.weekdays, campaign.abandon_limit, campaign.ring_limit_s) == ("123", 0.025, 20)
    assert list(campaign.caller_ids.all()) == [shown]
    entry = AuditEntry.objects.get(action="campaign.changed")
    assert (entry.before["max_attempts"], entry.after["max_attempts"]) == (5, 3)
    assert entry.after["caller_ids"] == ["+12125550100"]


@pytest.mark.parametrize(
    "wrong", [{"abandon_percent": 3.1}, {"ring_limit_s": 14}, {"answer_wait_s": 2.1}, {"weekdays": []}]
)
def test_settings_that_break_the_law_are_refused(page, campaign, wrong):
    answer = page.post(url("campaign", campaign.pk), settings_of(campaign, **wrong))
    assert "field-errors" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.max_attempts == 5


def test_another_organisations_caller_id_cannot_be_chosen(page, campaign):
    theirs = CallerId.objects.create(
        organisation=Organisation.objects.create(name="T"), number="+12125550199"
    )
    page.post(url("campaign", campaign.pk), settings_of(campaign, caller_ids=[theirs.pk]))
    assert not campaign.caller_ids.exists()


def test_starting_without_a_trunk_says_what_is_missing(page, campaign):
    answer = page.post(url("step", campaign.pk), {"step": "start"}, follow=True)
    assert "There is no enabled trunk" in answer.content.decode()
    page.post(url("step", campaign.pk), {"step": "explode"})
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.STOPPED


def formset(campaign, **changed):
    rows = list(campaign.dispositions.all())
    data = {"form-TOTAL_FORMS": len(rows) + 1, "form-INITIAL_FORMS": len(rows)}
    for place, row in enumerate(rows):
        data |= {
            f"form-{place}-{name}": getattr(row, name) for name in ("id", "name", "code", "meaning", "key")
        }
        data[f"form-{place}-retry_after_min"] = row.retry_after_min
        data |= {
            f"form-{place}-{name}": "on"
            for name in ("is_machine", "is_default", "active")
            if getattr(row, name)
        }
    new = f"form-{len(rows)}-"
    return (
        data
        | {new + "retry_after_min": 0, new + "active": "on"}
        | {k.replace("new-", new): v for k, v in changed.items()}
    )


def test_a_disposition_is_added_in_the_last_row(page, campaign):
    added = {"new-name": "Moved", "new-code": "moved", "new-meaning": "final", "new-key": "7"}
    page.post(url("dispositions", campaign.pk), formset(campaign, **added))
    assert campaign.dispositions.filter(code="moved", key="7", position=8).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"form-1-key": "1"}, "same key"),
        ({"form-0-is_default": "on"}, "Exactly one"),
        ({"form-6-meaning": "final"}, "do not call"),
    ],
)
def test_a_table_of_dispositions_that_does_not_work_is_refused(page, campaign, changed, words):
    before = list(campaign.dispositions.values())
    answer = page.post(url("dispositions", campaign.pk), formset(campaign, **changed))
    assert words in answer.content.decode()
    assert list(campaign.dispositions.values()) == before


def test_recycling_rules_are_replaced(page, campaign):
    page.post(url("recycling", campaign.pk), {"busy_minutes": 7, "busy_attempts": 2})
    assert list(campaign.recycle_rules.values_list("outcome", "retry_after_min", "max_attempts")) == [
        ("busy", 7, 2)
    ]
    answer = page.post(url("recycling", campaign.pk), {"busy_minutes": 7})
    assert "give both values" in answer.content.decode()


def tone():
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(range(0, 250, 5)) * 800)
    return out.getvalue()


def test_the_message_is_recorded_heard_and_bad_files_change_nothing(page, campaign):
    prepare_prompt(campaign, "sue")
    spoken = campaign.safe_harbour_prompt
    bad = SimpleUploadedFile("x.wav", b"not a sound")
    assert (
        "not a WAV" in page.post(url("message", campaign.pk), {"text": "", "recording": bad}).content.decode()
    )
    campaign.refresh_from_db()
    assert campaign.safe_harbour_prompt == spoken
    page.post(url("message", campaign.pk), {"text": "", "recording": SimpleUploadedFile("x.wav", tone())})
    campaign.refresh_from_db()
    assert campaign.safe_harbour_recorded
    audio = b"".join(page.get(url("message_audio", campaign.pk)).streaming_content)
    assert audio.startswith(b"RIFF")


def test_lists_are_made_moved_and_recycled(page, campaign):
    page.post(url("new_list"), {"name": "June", "campaign": campaign.pk, "priority": 3, "active": "on"})
    made = LeadList.objects.get()
    assert (made.campaign, made.priority, made.active) == (campaign, 3, True)
    lead = make_lead(made, status=LeadStatus.EXHAUSTED, attempts=5)
    said_no = make_lead(made, status=LeadStatus.DO_NOT_CALL)
    page.post(url("recycle_list", made.pk))
    lead.refresh_from_db()
    said_no.refresh_from_db()
    assert (lead.status, lead.attempts, said_no.status) == (LeadStatus.NEW, 0, LeadStatus.DO_NOT_CALL)


def test_a_list_with_a_lead_in_a_call_does_not_move(page, leads):
    in_call(make_lead(leads))
    answer = page.post(
        url("list", leads.pk), {"name": leads.name, "campaign": "", "priority": 0, "active": "on"}
    )
    assert "is in a call" in answer.content.decode()
    leads.refresh_from_db()
    assert leads.campaign is not None


@pytest.mark.parametrize("q", ["212 555 0101", "+12125550101", "Ada", "Ada Ki", "Kin", "Acme", "X-7"])
def test_a_lead_is_found_by_number_name_company_or_id(page, leads, q):
    make_lead(leads, "+12125550101", first_name="Ada", last_name="King", company="Acme", external_id="X-7")
    make_lead(leads, "+12125550102", first_name="Bo", last_name="Lee")
    found = page.get(url("leads"), {"q": q}).content.decode()
    assert "+12125550101" in found
    assert "+12125550102" not in found


def lead_values(**changed):
    return {"first_name": "Ada", "country": "US", "numbers": "212 555 0101\n(305) 555-0102"} | changed


def test_a_lead_is_added_changed_and_taken_out_by_hand(page, leads):
    page.post(url("new_lead", leads.pk), lead_values())
    lead = Lead.objects.get()
    assert [phone.number for phone in lead.phones.all()] == ["+12125550101", "+13055550102"]
    lead.phones.filter(position=1).update(attempts=4)
    page.post(url("lead", lead.pk), lead_values(numbers="305 555 0102", last_name="King"))
    assert [(phone.number, phone.attempts) for phone in lead.phones.all()] == [("+13055550102", 4)]
    page.post(url("retire_lead", lead.pk))
    lead.refresh_from_db()
    assert (lead.last_name, lead.status) == ("King", LeadStatus.FINAL)


@pytest.mark.parametrize("numbers", ["", "12345", "212 555 0101\nnope"])
def test_a_lead_needs_numbers_that_can_be_dialed(page, leads, numbers):
    answer = page.post(url("new_lead", leads.pk), lead_values(numbers=numbers))
    assert "field-errors" in answer.content.decode()
    assert not Lead.objects.exists()


def test_a_callback_is_closed_and_its_lead_waits_again(page, leads):
    lead = make_lead(leads, status=LeadStatus.CALLBACK)
    row = Callback.objects.create(
        organisation=lead.organisation, campaign=leads.campaign, lead=lead, due_at=NOW
    )
    assert "Due" in page.get(url("callbacks")).content.decode()
    page.post(url("close_callback", row.pk))
    lead.refresh_from_db()
    assert lead.status == LeadStatus.RETRY


def upload(page, content=GOOD, **values):
    file = SimpleUploadedFile("../../leads.csv", content if isinstance(content, bytes) else content.encode())
    return page.post(url("new_import"), {"file": file, "new_list": "Fresh"} | values)


CHECK = {
    "country": "us",
    "duplicates": "skip",
    "scope": "list",
    "column-0": "first_name",
    "column-1": "custom",
}


@pytest.mark.usefixtures("at_once")
def test_a_file_goes_from_upload_to_leads_and_back(page):
    answer = upload(page, GOOD + "Bad,Row,n/a,\n")
    job = ImportJob.objects.get()
    assert (answer.url, job.file_name, job.lead_list.name) == (url("import", job.pk), "leads.csv", "Fresh")
    assert "Check the rows" in page.get(answer.url).content.decode()
    page.post(url("check_import", job.pk), CHECK | {"column-2": "phone"})
    assert "Bring them in" in page.get(answer.url).content.decode()
    assert not Lead.objects.exists()
    page.post(url("commit_import", job.pk))
    assert Lead.objects.order_by("id").first().custom == {"Last Name": "King"}
    state = page.get(url("import_progress", job.pk)).json()
    assert (state["status"], state["running"], state["rows_done"]) == ("done", False, 3)
    rows = b"".join(page.get(url("rejected_rows", job.pk)).streaming_content).decode()
    assert "Bad,Row,n/a" in rows
    page.post(url("roll_back_import", job.pk))
    assert not Lead.objects.exists()


@pytest.mark.usefixtures("at_once")
def test_a_mapping_without_a_phone_is_sent_back_with_the_words(page):
    upload(page)
    job = ImportJob.objects.get()
    answer = page.post(url("check_import", job.pk), CHECK)
    assert answer.status_code == 422
    assert "No column holds the phone number" in answer.content.decode()


def test_a_bad_file_is_refused_on_the_upload_page_and_leaves_nothing(page):
    answer = upload(page, b"PK\x03\x04" + b"x" * 99)
    assert "Excel workbook" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_an_upload_needs_a_list(page):
    assert "Choose a list, or name a new one" in upload(page, new_list="").content.decode()


@pytest.fixture
def no_broker(monkeypatch):
    """No message for a worker gets through."""

    def refuse(*args, **options):
        raise OperationalError("refused")

    monkeypatch.setattr(app, "send_task", refuse)
    monkeypatch.setattr(app.amqp, "send_task_message", refuse)


@pytest.mark.usefixtures("no_broker")
def test_when_no_worker_can_be_reached_the_import_waits_and_can_be_cancelled(page):
    upload(page)
    job = ImportJob.objects.get()
    answer = page.post(url("check_import", job.pk), CHECK | {"column-2": "phone"}, follow=True)
    assert "cannot be reached" in answer.content.decode()
    page.post(url("cancel_import", job.pk))
    job.refresh_from_db()
    assert job.status == ImportStatus.CANCELLED
