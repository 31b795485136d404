"""Taking calls away as CSV: all of them, harmless, streamed, on record."""

from __future__ import annotations

import csv
import io

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from accounts.models import AuditEntry
from campaigns.models import Campaign
from reporting.services import export_calls
from tests.accounts.makers import BACKEND, make_organisation

from .makers import make_call, talk

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
FROM_NOON = "since=2026-11-20T12:00"


async def take(person, query=FROM_NOON) -> list[dict[str, str]]:
    """The lines of an export, and of how many pieces it came."""
    client = AsyncClient()
    await client.aforce_login(person, backend=BACKEND)
    answer = await client.get(f"/calls/export/?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.streaming
    text = b"".join([piece async for piece in answer.streaming_content]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_every_call_of_the_search_is_there_newest_first(campaign, supervisor, monkeypatch):
    monkeypatch.setattr(export_calls, "PIECE_CALLS", 3)
    calls = [await sync_to_async(make_call)(campaign, at=index // 2) for index in range(10)]
    await sync_to_async(make_call)(campaign, at=-9)
    lines = await take(supervisor)
    expected = sorted(calls, key=lambda call: (call.placed_at, call.pk), reverse=True)
    assert [line["call"] for line in lines] == [call.pk for call in expected]


async def test_a_line_says_what_the_record_says(campaign, supervisor):
    await sync_to_async(make_call)(campaign, agent=supervisor, notes="Call after 5\nat work", **talk())
    [line] = await take(supervisor)
    assert line["placed_at"] == "2026-11-20T12:00:00.000-05:00"
    assert line["connected_at"] == "2026-11-20T12:00:05.080-05:00"
    assert (line["agent"], line["outcome"], line["sip_code"]) == ("sam", "connected", "200")
    assert line["notes"] == "Call after 5\nat work"


async def test_no_cell_is_a_formula(campaign, organisation, supervisor):
    evil = await Campaign.objects.acreate(organisation=organisation, name="=HYPERLINK(A1)")
    await sync_to_async(make_call)(evil, notes="@SUM(1+1)", sip_reason="-1", caller_id="+18005550100")
    [line] = await take(supervisor)
    assert line["campaign"] == "'=HYPERLINK(A1)"
    assert line["notes"] == "'@SUM(1+1)"
    assert line["sip_reason"] == "'-1"
    assert line["number"] == "'+12125550123"
    assert line["caller_id"] == "'+18005550100"


async def test_an_export_stands_in_the_audit_log(campaign, supervisor):
    await take(supervisor, f"{FROM_NOON}&outcome=busy&campaign={campaign.pk}")
    entry = await AuditEntry.objects.aget()
    assert (entry.actor, entry.action) == ("sam", "calls.exported")
    assert entry.after == {"since": "2026-11-20T12:00:00-05:00", "outcome": "busy", "campaign": campaign.pk}


async def test_who_may_only_read_may_not_export(campaign, reader):
    client = AsyncClient()
    await client.aforce_login(reader, backend=BACKEND)
    assert (await client.get("/calls/export/")).status_code == 403
    with pytest.raises(PermissionError):
        await sync_to_async(export_calls.begin_export)(reader, export_calls.CallSearch())
    assert not await AuditEntry.objects.aexists()


async def test_nothing_of_another_organisation_is_exported(supervisor):
    theirs = await Campaign.objects.acreate(
        organisation=await sync_to_async(make_organisation)("Elsewhere"), name="Spring"
    )
    await sync_to_async(make_call)(theirs)
    assert await take(supervisor) == []
