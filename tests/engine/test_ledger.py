"""Journal lines leave the same rows whether they are written together or one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from accounts.models import OutboxEvent
from agents.models import AgentStateChange
from campaigns.models import Lead, LeadPhone
from compliance.models import CallerResult, Contact, DncEntry
from dialer.calls.models import Call, CallEvent
from dialer.engine import fence, projection
from dialer.engine.projection import Page, project

from .test_daemon import seed

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
AT = 1_790_000_000.0
EPOCH = 10
ROWS = (
    (Call, "id", ()),
    (CallEvent, "id", ("id",)),
    (Lead, "id", ()),
    (LeadPhone, "id", ()),
    (AgentStateChange, "session", ("id",)),
    (Contact, "call", ("id",)),
    (CallerResult, "call", ("id",)),
    (DncEntry, "number", ("id", "created_at")),
    (OutboxEvent, "at", ("id",)),
)
TALK = {"code": 200, "reason": "", "ended_by": "agent", "quality": {"mos": 4.1}, "outcome": "connected"}
NOBODY = {"code": 487, "reason": "Cancel", "ended_by": "engine", "quality": {}, "outcome": "no_answer"}
LEFT_ALONE = {"code": 0, "reason": "", "ended_by": "node", "quality": {}, "outcome": "abandoned"}


class Floor:
    """One campaign whose leads are each in a call, and the lines of its journal."""

    def __init__(self) -> None:
        self.campaign, people, self.rules = seed.func(leads=6, agents=2)
        self.sessions = [session for _, session in people]
        self.agents = [agent for agent, _ in people]
        fence.begin(self.campaign, EPOCH, "me")
        self.lines: list[tuple[str, dict[str, Any]]] = []
        self.calls = [self._in_call(lead) for lead in Lead.objects.order_by("id")]

    def _in_call(self, lead: Lead) -> Call:
        call = f"{lead.pk:032x}"
        Lead.objects.filter(pk=lead.pk).update(
            live_call=call, status="dialing", claimed_from="new", attempts=1
        )
        return Call.objects.create(
            id=call,
            organisation_id=lead.organisation_id,
            campaign_id=self.campaign,
            lead=lead,
            number=LeadPhone.objects.get(lead=lead).number,
            kind="auto",
            caller_id="+12125550199",
            placed_at=projection.moment(AT),
        )

    def note(self, line: str, call: Call | None = None, /, **more: Any) -> None:
        """One more line, a second after the one before."""
        number = len(self.lines) + 1
        record = {"t": line, "at": AT + number, "call": call.pk if call else "", **more}
        self.lines.append((f"{number}-0", record))

    def ends(self, call: Call, how: dict[str, Any]) -> None:
        self.note("ended", call, lead=call.lead_id, number=call.number, counted=True, **how)

    def disposed(self, call: Call, code: str) -> None:
        said = {"callback": 0, "callback_at": None, "callback_mine": False, "notes": "said so"}
        rule, agent = self.rules[code], self.agents[0]
        self.note(
            "disposed", call, lead=call.lead_id, number=call.number, disposition=rule, agent=agent, **said
        )

    def moves(self, who: int, sequence: int, before: str, after: str, event: str) -> None:
        more = {"session": self.sessions[who], "sequence": sequence, "event": event, "reason": ""}
        self.note("agent", **more, **{"from": before, "to": after})

    def talk(self, call: Call) -> None:
        self.note("ringing", call, early_media=True)
        self.note("answered", call, crossed_cancel=False)
        self.note("connected", call, agent=self.agents[0], waited=0.0)
        self.note("heard", call, agent=self.agents[0], node="media-1")
        self.note("shown", call)


def a_day() -> Floor:
    """Every kind of line, with some that do not fit and some that change what others have just written."""
    floor = Floor()
    sold, closing, unmet, pressed, late, stopped = floor.calls
    floor.moves(0, 1, "offline", "ready", "sign_in")
    floor.talk(sold)
    floor.ends(sold, TALK)
    floor.disposed(sold, "sale")
    floor.moves(0, 2, "wrapup", "ready", "dispose")
    floor.talk(closing)
    floor.disposed(closing, "later")
    floor.ends(closing, TALK)
    floor.ends(unmet, NOBODY)
    floor.note("message", pressed, by_node=False)
    floor.note("event", pressed, kind="digit", data={"digit": "9"})
    floor.ends(pressed, LEFT_ALONE)
    floor.ends(late, NOBODY)
    floor.note("late_answer", late)
    floor.talk(stopped)
    floor.ends(stopped, TALK)
    floor.disposed(stopped, "later")
    floor.disposed(stopped, "dnc")
    floor.moves(1, 1, "offline", "ready", "sign_in")
    return floor


def rows_after(floor: Floor, pages: list[Page]) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold once the pages are written; then it is as before."""
    with transaction.atomic():
        for page in pages:
            project([page])
        found = {
            model.__name__: [
                {name: value for name, value in row.items() if name not in but}
                for row in model.objects.order_by(order, "pk").values()
            ]
            for model, order, but in ROWS
        }
        transaction.set_rollback(True)
    return found


def assert_the_same(floor: Floor) -> dict[str, list[dict[str, Any]]]:
    together = rows_after(floor, [Page(floor.campaign, EPOCH, floor.lines)])
    one_by_one = rows_after(floor, [Page(floor.campaign, EPOCH, [line]) for line in floor.lines])
    assert together == one_by_one
    return together


def test_a_day_is_the_same_written_at_once_or_line_by_line() -> None:
    rows = assert_the_same(a_day())
    assert [call["outcome"] for call in rows["Call"]][:3] == ["connected", "connected", "no_answer"]
    assert len(rows["OutboxEvent"]) == 4
    assert {lead["live_call"] for lead in rows["Lead"]} == {""}


def test_lines_that_do_not_fit_spoil_no_others() -> None:
    floor = a_day()
    floor.note("agent", session="nobody", sequence=1, event="ready", reason="", **{"from": "a", "to": "b"})
    floor.moves(0, 2, "ready", "pause", "pause")
    floor.note("disposed", floor.calls[0], disposition=0)
    floor.note("unheard of")
    rows = assert_the_same(floor)
    assert [change["sequence"] for change in rows["AgentStateChange"]] == [1, 2, 3, 1]


def test_a_page_that_is_written_twice_counts_once() -> None:
    floor = a_day()
    page = Page(floor.campaign, EPOCH, floor.lines)
    assert rows_after(floor, [page, page]) == rows_after(floor, [page])


def test_who_was_followed_writes_no_line_that_it_had_read_before() -> None:
    floor = a_day()
    stale = Page(floor.campaign, EPOCH, floor.lines)
    fence.begin(floor.campaign, EPOCH + 1, "the next")
    with pytest.raises(fence.Superseded):
        project([stale])
    assert not CallEvent.objects.exists()
    project([stale._replace(epoch=EPOCH + 1)])
    assert CallEvent.objects.exists()
