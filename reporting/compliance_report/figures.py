"""The figures of one month and organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from compliance.law import abandonment as law

from . import records
from .abandonment import Abandonment, abandonment
from .month import Month
from .records import Answers, ChainState, ListVersion, RuleChange


@dataclass(frozen=True, slots=True)
class Report:
    """Plain values: every form of the report shows these and nothing else. No number of anybody is in it."""

    organisation: str
    zone: ZoneInfo
    month: Month
    made_at: datetime
    running: bool
    """The month is not over: figures will still change."""
    abandonment: tuple[Abandonment, ...]
    abandonment_law: str
    """The version of the data of law."""
    answers: Answers
    lists: tuple[ListVersion, ...]
    rule_changes: tuple[RuleChange, ...]
    consents: tuple[tuple[str, str, int], ...]
    stop_requests: tuple[tuple[str, int], ...]
    chain: ChainState


def build(organisation: Organisation, month: Month, now: datetime) -> Report:
    """Count everything; ``now`` is the real time. Reads only, and writes nothing."""
    zone = ZoneInfo(organisation.time_zone)
    since, until = month.bounds(zone)
    pk = organisation.pk
    return Report(
        organisation=organisation.name,
        zone=zone,
        month=month,
        made_at=now,
        running=now < until,
        abandonment=tuple(abandonment(organisation, month, now)),
        abandonment_law=law.version(),
        answers=records.answers(pk, since, until),
        lists=tuple(records.list_versions(pk, since, until)),
        rule_changes=tuple(records.rule_changes(pk, since, until, month.days())),
        consents=tuple(records.consents(pk, since, until)),
        stop_requests=tuple(records.stop_requests(pk, since, until)),
        chain=records.chain_state(pk),
    )
