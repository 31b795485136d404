"""What else the report counts: the gate's answers, lists, changes of law, consents, the chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from campaigns.models import Campaign
from compliance.evidence.places import places_between
from compliance.evidence.verifying import Head, head_of
from compliance.law.pages import change_words
from compliance.models import ChainCheck, Consent, Decision, DncEntry, DncVersion, Override

REMOVED = "(removed)"


@dataclass(frozen=True, slots=True)
class Answers:
    """The gate's answers of the month, by what they were."""

    refused: dict[tuple[str, str], int]
    """(campaign's name, reason) → how often."""
    permitted: dict[str, int]
    """Campaign's name → dials."""
    attested: dict[tuple[str, str], int]
    """(level, signer) → permitted dials; an empty level: none was claimed by us."""

    @property
    def all_permitted(self) -> int:
        """Dials that were permitted."""
        return sum(self.permitted.values())

    @property
    def all_refused(self) -> int:
        """Refusals, of scrubs and of dials."""
        return sum(self.refused.values())

    def by_reason(self) -> list[tuple[str, int]]:
        """Reasons of all campaigns together, the most frequent first."""
        counted: Counter[str] = Counter()
        for (_, reason), count in self.refused.items():
            counted[reason] += count
        return counted.most_common()


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A version of a list, and when in the month it was the one that the gate asked."""

    name: str
    kind: str
    version: int
    as_of: date
    entries: int
    since: datetime
    """When it came into force, at the earliest the month's beginning."""
    until: datetime
    """When another replaced it, at the latest the month's end."""
    changes: int
    """Files of changes that were applied to it in the month."""
    source_sha256: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule of law as the organisation has changed it."""

    rule: str
    value: dict[str, Any]
    loosens: bool
    effective: date
    ends: date | None
    withdrawn_at: datetime | None
    proposed_by: str
    approved_by: str
    reason: str

    @property
    def words(self) -> str:
        """The new values, each with the law's own."""
        return change_words(self.rule, self.value)


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where the chain stands, and what the last check found."""

    head: Head
    checked_at: datetime | None
    checked: int
    checked_head: str
    finding: str
    """In words; empty: intact, or not checked."""
    found_at: int


def answers(organisation_id: int, since: datetime, until: datetime) -> Answers:
    """One walk over the month's part of the chain."""
    first, last = places_between(organisation_id, since, until)
    rows = Decision.objects.filter(
        organisation=organisation_id, sequence__gte=first, sequence__lte=last, at__gte=since, at__lt=until
    )
    columns = ("campaign", "reason", "attestation", "signer")
    counted = list(rows.order_by().values_list(*columns).annotate(n=Count("id")))
    names = dict(Campaign.objects.filter(organisation=organisation_id).values_list("pk", "name"))
    refused: Counter[tuple[str, str]] = Counter()
    permitted: Counter[str] = Counter()
    attested: Counter[tuple[str, str]] = Counter()
    for campaign, reason, level, signer, count in counted:
        name = names.get(campaign, REMOVED)
        if reason:
            refused[name, reason] += count
        else:
            permitted[name] += count
            attested[level, signer] += count
    return Answers(dict(refused), dict(permitted), dict(attested))


def list_versions(organisation_id: int, since: datetime, until: datetime) -> list[ListVersion]:
    """Every version that was in force at some time of the month, by list and in order."""
    versions = DncVersion.objects.filter(
        dnc_list__organisation=organisation_id, ready_at__isnull=False, ready_at__lt=until
    )
    by_list: dict[int, list[Any]] = {}
    in_month = Q(changes__applied_at__gte=since, changes__applied_at__lt=until)
    counted = versions.select_related("dnc_list").annotate(applied=Count("changes", filter=in_month))
    for version in counted.order_by("dnc_list__name", "ready_at", "number"):
        by_list.setdefault(version.dnc_list_id, []).append(version)
    return [found for rows in by_list.values() for found in _in_force(rows, since, until)]


def _in_force(versions: list[Any], since: datetime, until: datetime) -> Iterable[ListVersion]:
    for version, follower in zip(versions, [*versions[1:], None], strict=True):
        begin = version.ready_at or since
        end = (follower.ready_at if follower else None) or until
        if end <= since:
            continue
        yield ListVersion(
            name=version.dnc_list.name,
            kind=version.dnc_list.get_kind_display(),
            version=version.number,
            as_of=version.as_of,
            entries=version.entries,
            since=max(begin, since),
            until=end,
            changes=version.applied,
            source_sha256=version.source_sha256,
        )


def rule_changes(
    organisation_id: int, since: datetime, until: datetime, days: list[date]
) -> list[RuleChange]:
    """Overrides that held on some day of the month, oldest first."""
    rows = Override.objects.filter(
        Q(ends=None) | Q(ends__gt=days[0]),
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=since),
        Q(loosens=False, proposed_at__lt=until) | Q(approved_at__lt=until),
        organisation=organisation_id,
        effective__lte=days[-1],
    )
    return [
        RuleChange(
            rule=row.rule,
            value=row.value,
            loosens=row.loosens,
            effective=row.effective,
            ends=row.ends,
            withdrawn_at=row.withdrawn_at,
            proposed_by=row.proposed_by.display_name,
            approved_by=row.approved_by.display_name if row.approved_by else "",
            reason=row.reason,
        )
        for row in rows.select_related("proposed_by", "approved_by").order_by("effective", "id")
    ]


def consents(organisation_id: int, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
    """(kind, means, how many) of the entries that were given or revoked in the month."""
    rows = Consent.objects.filter(organisation=organisation_id, given_at__gte=since, given_at__lt=until)
    counted = rows.order_by().values_list("kind", "means").annotate(n=Count("id"))
    return sorted((kind, means, count) for kind, means, count in counted)


def stop_requests(organisation_id: int, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """(source, how many) of the numbers that came onto the own do-not-call list in the month."""
    rows = DncEntry.objects.filter(organisation=organisation_id, created_at__gte=since, created_at__lt=until)
    return sorted(rows.order_by().values_list("source").annotate(n=Count("id")))


def chain_state(organisation_id: int) -> ChainState:
    """As it stands now, with the newest check."""
    check = ChainCheck.objects.filter(organisation=organisation_id).order_by("-at", "-id").first()
    return ChainState(
        head=head_of(organisation_id),
        checked_at=check.at if check else None,
        checked=check.checked if check else 0,
        checked_head=str(Head(check.sequence, bytes(check.digest))) if check else "",
        finding=check.get_finding_display() if check else "",
        found_at=check.found_at if check else 0,
    )
