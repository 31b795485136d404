"""Pages of the ledger: who may, what is shown, and that files from outside stay harmless."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from compliance import tasks
from compliance.models import Consent, ConsentImport, ReassignedAnswer
from compliance.services.import_consents import import_consents
from tests.compliance.conftest import TEMPLATE

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NUMBER = TEMPLATE.number
ENTRY = {
    "number": "(212) 555-0123",
    "kind": "written",
    "given_at": "2026-03-01T14:05",
    "means": "web",
    "text": "I agree",
}
PDF = b"%PDF-1.7 signed"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def signed_in(client, organisation):
    def sign_in(role=Role.SUPERVISOR, of=organisation):
        person = User.objects.create_user(f"{role}-{of.pk}", password="p", organisation=of, role=role)
        client.force_login(person)
        return client

    return sign_in


def page(name="consent", *args):
    return reverse(f"compliance:{name}", args=args)


@pytest.mark.parametrize("role", [Role.AGENT, Role.READER])
def test_roles_that_may_not_manage_lists_see_nothing(signed_in, role):
    client = signed_in(role)
    for name in ("consent", "consent_imports", "export_consents", "reassigned_queries"):
        assert client.get(page(name)).status_code == 403
    assert client.post(page("record_consent"), ENTRY).status_code == 403
    assert client.post(page("revoke_consent"), {"number": NUMBER, "means": "voice"}).status_code == 403
    assert not Consent.objects.exists()


def test_an_empty_ledger_says_the_next_step(signed_in):
    assert "Bring a file in" in signed_in().get(page()).content.decode()


def test_an_entry_is_recorded_with_its_proof_and_shown(signed_in, organisation):
    client = signed_in()
    file = SimpleUploadedFile("../../evil.html", PDF, "text/html")
    answer = client.post(page("record_consent"), ENTRY | {"proof": file}, follow=True)
    assert "In force" in answer.content.decode()
    entry = Consent.objects.get()
    assert (entry.number, entry.organisation_id) == (12125550123, organisation.pk)
    assert entry.given_at.isoformat() == "2026-03-01T19:05:00+00:00"
    assert entry.proof_sha256 == hashlib.sha256(PDF).hexdigest()
    assert entry.proof.name.startswith("consent/")
    assert entry.proof.name.endswith(".pdf")
    assert "evil" not in entry.proof.name


def test_a_proof_is_given_out_as_an_attachment_only(signed_in):
    client = signed_in()
    client.post(page("record_consent"), ENTRY | {"proof": SimpleUploadedFile("a.pdf", PDF)})
    answer = client.get(page("consent_proof", Consent.objects.get().pk))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == PDF


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00\x03", "Only PDF"),
        (b"\x89PNG" + b"\0" * (10 * 1024 * 1024), "larger than 10 MB"),
        (b"\x00\x01\x02\x03", "Only PDF"),
    ],
)
def test_a_proof_that_is_none_is_refused_and_nothing_is_written(signed_in, content, words):
    answer = signed_in().post(page("record_consent"), ENTRY | {"proof": SimpleUploadedFile("a.pdf", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "12"}, "This is no phone number"),
        ({"given_at": "2190-01-01T00:00"}, "lies in the future"),
        ({"text": ""}, "needs the wording"),
        ({"kind": "revoked"}, "Select a valid choice"),
        ({"expires_at": "2020-01-01T00:00"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_entered_is_told_beside_its_field(signed_in, changes, words):
    answer = signed_in().post(page("record_consent"), ENTRY | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_number_is_revoked_from_its_page(signed_in, enter):
    enter("written", text="I agree")
    client = signed_in()
    client.post(page("revoke_consent"), {"number": NUMBER, "means": "voice", "text": "Stop"})
    assert Consent.objects.get(kind="revoked").text == "Stop"
    shown = client.get(page(), {"number": NUMBER}).content.decode()
    assert "Ends all before it" in shown
    assert "In force" not in shown


def test_the_page_says_what_each_purpose_may(signed_in, enter, organisation):
    enter("express", source="form")
    ReassignedAnswer.objects.create(
        organisation=organisation,
        number=int(NUMBER[1:]),
        consent_date="2026-03-01",
        answer="yes",
        answered_at="2026-03-02T00:00Z",
    )
    shown = signed_in().get(page(), {"number": "212-555-0123"}).content.decode()
    assert "Needs written consent (47 CFR 64.1200(a)(2), (a)(3))" in shown
    assert "By express consent" in shown
    assert "Reassigned Numbers Database, asked about 1 Mar 2026" in shown
    assert "Nothing here lifts a do-not-call registry." in shown


def test_another_organisations_ledger_is_not_to_be_seen(signed_in, enter, other_organisation):
    entry = enter("written", text="secret wording", proof="consent/x.pdf")
    job = ConsentImport.objects.create(organisation=entry.organisation, file_name="x", digest="0")
    client = signed_in(of=other_organisation)
    assert "secret wording" not in client.get(page(), {"number": NUMBER}).content.decode()
    assert client.get(page("consent_proof", entry.pk)).status_code == 404
    assert client.get(page("consent_import", job.pk)).status_code == 404
    assert client.get(page("consent_import_progress", job.pk)).status_code == 404
    assert client.post(page("resume_consent_import", job.pk)).status_code == 404
    export = b"".join(client.get(page("export_consents")).streaming_content).decode()
    assert "secret wording" not in export


def test_a_file_is_handed_to_the_background_and_its_page_follows_it(signed_in, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.enter_consents, "apply_async", lambda args, **_: sent.append(args))
    client = signed_in()
    file = SimpleUploadedFile(
        "c.csv", b"number,kind,given_at,source\n2125550123,express,2026-03-01,form\nx,y,z,\n"
    )
    answer = client.post(page("upload_consents"), {"kind": "consents", "file": file})
    job = ConsentImport.objects.get()
    assert answer.url == page("consent_import", job.pk)
    assert sent == [(job.pk,)]
    assert 'id="progress"' in client.get(answer.url).content.decode()
    assert client.get(page("consent_import_progress", job.pk)).json()["running"] is True
    import_consents(job.pk)
    done = client.get(answer.url).content.decode()
    assert "This is no phone number" in done
    assert client.get(page("consent_import_progress", job.pk)).json()["running"] is False
    assert client.get(page("consent_imports")).status_code == 200


def test_a_file_that_is_none_is_told_on_the_form(signed_in):
    answer = signed_in().post(
        page("upload_consents"), {"kind": "consents", "file": SimpleUploadedFile("c.csv", b"a,b\n1,2\n")}
    )
    assert answer.status_code == 422
    assert "The first line must name the columns" in answer.content.decode()
