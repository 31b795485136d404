"""The pages of lists: who may enter, what an upload does, and what a person is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Organisation, User
from compliance import tasks
from compliance.forms.lists import LoadForm
from compliance.models import DncChange, DncList, DncVersion, Wildcard
from compliance.services.create_list import create_list

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = datetime.now(UTC).date()


@pytest.fixture
def client_as(organisation):
    """A client who is signed in with a role."""

    def sign_in(role=Role.SUPERVISOR, of=None):
        client = Client()
        client.force_login(
            User.objects.create_user(
                f"{role}-{of}", password="secret words", role=role, organisation=of or organisation
            )
        )
        return client

    return sign_in


@pytest.fixture
def worker(monkeypatch):
    """What was handed to the background; ``run`` does it."""
    sent = []
    monkeypatch.setattr(tasks.load_list_version, "apply_async", lambda args, **_: sent.append(args))

    def run():
        while sent:
            tasks.load_list_version(*sent.pop(0))

    return run


def upload(content=b"212,5550101\n212,5550102\n", **fields):
    return {"file": SimpleUploadedFile("../../etc/dnc.txt", content), "as_of": TODAY.isoformat(), **fields}


@pytest.fixture
def registry(organisation):
    return create_list(organisation, "test", name="FTC", kind="national")


def test_an_empty_page_says_the_next_step(client_as):
    page = client_as().get("/compliance/lists/").content.decode()
    assert "No lists yet" in page
    assert "The national do-not-call registry of US is missing" in page


def test_a_list_is_made_and_loaded_in_the_background(client_as, worker):
    client = client_as()
    made = client.post("/compliance/lists/new/", {"name": "FTC", "kind": "national", "country": "US"})
    dnc_list = DncList.objects.get()
    assert made.url == f"/compliance/lists/{dnc_list.pk}/"
    client.post(f"{made.url}load/", upload())
    state = client.get(f"{made.url}progress/").json()
    assert state == {"running": True, "loading": False, "done": 0, "total": 24}
    assert 'id="progress"' in client.get(made.url).content.decode()
    worker()
    assert client.get(f"{made.url}progress/").json() == {"running": False}
    version = DncVersion.objects.get()
    assert (version.status, version.entries, version.source_name) == ("ready", 2, "dnc.txt")
    assert "In force" in client.get("/compliance/lists/").content.decode()


def test_a_bad_file_is_kept_out_and_its_words_are_shown(client_as, worker, registry, data_dir):
    client = client_as()
    client.post(f"/compliance/lists/{registry.pk}/load/", upload(b"hello\nworld\n"))
    worker()
    assert "No phone numbers are found" in client.get(f"/compliance/lists/{registry.pk}/").content.decode()
    assert not list((data_dir / "lists" / "uploads").iterdir())


def test_a_file_over_the_limit_is_refused_and_not_kept(client_as, registry, settings, data_dir):
    settings.LIST_MAX_BYTES = 10
    answer = client_as().post(f"/compliance/lists/{registry.pk}/load/", upload())
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    assert not list((data_dir / "lists" / "uploads").iterdir())


def test_the_date_stands_ready_as_the_day_on_the_persons_own_calendar(monkeypatch):
    evening = datetime(2026, 11, 22, 2, 50, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    with timezone.override("America/New_York"):
        assert LoadForm()["as_of"].value() == date(2026, 11, 21)


def test_data_from_the_future_are_refused(client_as, registry):
    fields = upload() | {"as_of": (TODAY + timedelta(days=9)).isoformat()}
    assert (
        "yet to come" in client_as().post(f"/compliance/lists/{registry.pk}/load/", fields).content.decode()
    )


def test_changes_are_applied_at_once(client_as, worker, registry):
    client = client_as()
    client.post(f"/compliance/lists/{registry.pk}/load/", upload())
    worker()
    answer = client.post(f"/compliance/lists/{registry.pk}/change/", upload(b"2125550103\n", signs="add"))
    assert answer.status_code == 302
    assert DncChange.objects.get().added == 1
    assert "v1+1" in client.get(f"/compliance/lists/{registry.pk}/").content.decode()
    found = client.get("/compliance/lists/?number=2125550103").content.decode()
    assert "on FTC v1+1" in found
    assert "is on no list" in client.get("/compliance/lists/?number=2125550109").content.decode()


def test_a_prefix_is_blocked_and_freed(client_as, organisation):
    client = client_as()
    client.post("/compliance/lists/prefixes/add/", {"begins": "212-555", "note": "nobody there"})
    wildcard = Wildcard.objects.get()
    assert wildcard.prefix == 1212555
    assert client.post("/compliance/lists/prefixes/add/", {"begins": "12"}).status_code == 422
    client.post(f"/compliance/lists/prefixes/{wildcard.pk}/remove/")
    assert not Wildcard.objects.exists()


def test_what_was_uploaded_while_no_worker_was_is_loaded_later(client_as, registry, worker, monkeypatch):
    client = client_as()
    monkeypatch.setattr(tasks.load_list_version, "delay", tasks.load_list_version)
    client.post(f"/compliance/lists/{registry.pk}/load/", upload())
    tasks.tidy_lists()
    worker()
    assert DncVersion.objects.get().status == "ready"


def test_a_list_is_taken_out_of_use_and_back(client_as, registry):
    client = client_as()
    assert (
        "out of use"
        in client.post(
            f"/compliance/lists/{registry.pk}/switch/", {"active": "0"}, follow=True
        ).content.decode()
    )
    assert "Out of use:" in client.get("/compliance/lists/").content.decode()
    client.post(f"/compliance/lists/{registry.pk}/switch/", {"active": "1"})
    assert "Not loaded" in client.get("/compliance/lists/").content.decode()


def test_an_agent_may_not_enter(client_as, registry):
    client = client_as(Role.AGENT)
    for address in ("", "new/", f"{registry.pk}/", f"{registry.pk}/progress/"):
        assert client.get(f"/compliance/lists/{address}").status_code == 403


def test_another_organisations_lists_are_not_there(client_as, registry):
    stranger = client_as(of=Organisation.objects.create(name="Other"))
    assert stranger.get(f"/compliance/lists/{registry.pk}/").status_code == 404
    assert stranger.post(f"/compliance/lists/{registry.pk}/load/", upload()).status_code == 404
    assert "FTC" not in stranger.get("/compliance/lists/").content.decode()
