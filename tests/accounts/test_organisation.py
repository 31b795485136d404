"""The organisation's settings, its clock on pages, its audit log, its switch that stops dialing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.choices import Role
from accounts.models import AuditEntry, Organisation
from accounts.services.record_audit import record_audit
from accounts.services.stop_dialing import resume_dialing, stop_dialing

from .makers import client_of, make_organisation

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 20, 15, 4, tzinfo=UTC)


def test_name_and_zone_change_and_stand_in_the_log(admin):
    client_of(admin).post("/organisation/", {"name": "Harbour", "time_zone": "America/Denver"})
    stored = Organisation.objects.get()
    assert (stored.name, stored.time_zone) == ("Harbour", "America/Denver")
    entry = AuditEntry.objects.get()
    assert entry.before == {"name": "Harbour Energy", "time_zone": "America/New_York"}
    assert entry.after == {"name": "Harbour", "time_zone": "America/Denver"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Harbour", "time_zone": "Mars/Base"}, "time_zone"),
        ({"name": "", "time_zone": "America/Denver"}, "name"),
        ({"name": "Elsewhere", "time_zone": "America/Denver"}, "name"),
    ],
)
def test_settings_that_do_not_fit_are_refused(values, field, admin):
    make_organisation("Elsewhere")
    answer = client_of(admin).post("/organisation/", values)
    assert field in answer.context["form"].errors
    assert Organisation.objects.filter(name="Harbour Energy", time_zone="America/New_York").exists()


def test_dialing_stops_once_and_everybody_who_watches_is_told(organisation, people):
    supervisor = people[Role.SUPERVISOR]
    assert stop_dialing(organisation, supervisor, NOW) is True
    assert stop_dialing(organisation, people[Role.ADMINISTRATOR], NOW) is False
    assert (organisation.dialing_stopped_at, organisation.dialing_stopped_by) == (NOW, "the-supervisor")
    page = client_of(supervisor).get("/profile/").content.decode()
    assert "All dialing is stopped since 10:04 by the-supervisor" in page, "in the zone of the organisation"
    assert "All dialing is stopped" not in client_of(people[Role.AGENT]).get("/profile/").content.decode()


def test_dialing_goes_on_once(organisation, people):
    stop_dialing(organisation, people[Role.SUPERVISOR], NOW)
    assert resume_dialing(organisation, people[Role.ADMINISTRATOR]) is True
    assert resume_dialing(organisation, people[Role.ADMINISTRATOR]) is False
    assert organisation.dialing_stopped_at is None
    log = AuditEntry.objects.order_by("id").values_list("action", "actor")
    assert list(log) == [("dialing.stopped", "the-supervisor"), ("dialing.resumed", "the-administrator")]


def test_the_log_is_searched_by_person_and_by_kind_of_change(admin, organisation):
    record_audit(organisation, "amy", "lead.changed", "Lead 7", {"city": "Troy"}, {"city": "Albany"})
    record_audit(organisation, "key pk_1", "hook.created", "https://example.com/hook")
    record_audit(make_organisation("Elsewhere"), "amy", "lead.changed", "Lead 8")
    client = client_of(admin)
    everything = client.get("/audit/").context["page_obj"].object_list
    assert [entry.target for entry in everything] == ["https://example.com/hook", "Lead 7"]
    assert [entry.target for entry in client.get("/audit/?actor=AMY").context["page_obj"]] == ["Lead 7"]
    assert [entry.target for entry in client.get("/audit/?action=hook").context["page_obj"]] == [
        "https://example.com/hook"
    ]
    assert b"Nothing was found" in client.get("/audit/?actor=zoe").content


def test_a_target_that_is_too_long_is_cut(organisation):
    record_audit(organisation, "amy", "lead.changed", "x" * 500)
    assert len(AuditEntry.objects.get().target) == 160
