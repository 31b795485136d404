"""The report as one tidy CSV file: a figure a line, named by section, campaign, item and period."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import IO

from accounts.csv_cells import harmless
from compliance.choices import ConsentKind, ConsentMeans, DncSource
from compliance.evidence.words import reason_label

from .abandonment import Abandonment, Counted
from .definitions import DEFINITIONS
from .figures import Report

HEADER = ("month", "section", "campaign", "item", "period", "measure", "value", "note")
Line = tuple[str, str, str, str, str, object, str]
"""Everything but the month."""
SHARE_DIGITS = 6


def write(report: Report, file: IO[str]) -> None:
    """The whole report; no cell is one that a spreadsheet would compute."""
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for line in _lines(report):
        writer.writerow([str(report.month), *(harmless(cell) for cell in line)])


def _lines(report: Report) -> Iterator[Line]:
    yield from _head(report)
    for account in report.abandonment:
        yield from _abandonment(report, account)
    yield from _answers(report)
    yield from _records(report)
    for term, meaning in DEFINITIONS:
        yield ("definition", "", term, "", "", "", meaning)


def _head(report: Report) -> Iterator[Line]:
    chain = report.chain
    yield ("report", "", "organisation", "", "", report.organisation, "")
    yield ("report", "", "time zone", "", "", report.zone.key, "")
    yield (
        "report",
        "",
        "made at",
        "",
        "",
        report.made_at.astimezone(report.zone).isoformat(timespec="seconds"),
        "",
    )
    yield ("report", "", "month is over", "", "", "no" if report.running else "yes", "")
    yield ("chain", "", "head", "", "", str(chain.head), "")
    checked = (
        chain.checked_at.astimezone(report.zone).isoformat(timespec="seconds") if chain.checked_at else ""
    )
    yield ("chain", "", "last check", checked, "decisions", chain.checked, chain.finding or "intact")


def _abandonment(report: Report, account: Abandonment) -> Iterator[Line]:
    name, rule = account.campaign_name, account.rule
    yield ("abandonment", name, "limit of the law", str(rule.window), "share", rule.limit, rule.citation)
    yield ("abandonment", name, "campaign's own limit", str(rule.window), "share", account.own_limit, "")
    yield from _counted("abandonment", name, "month", str(report.month), account.month)
    for window in account.windows:
        yield from _counted("abandonment", name, "window of the law", f"{window.day}", window.counted)
    for day in account.days:
        yield from _counted("abandonment", name, "day", f"{day.day}", day.counted)
    if account.worst_hour:
        hour, counted = account.worst_hour
        local = hour.astimezone(report.zone).isoformat(timespec="minutes")
        yield from _counted("abandonment", name, "worst hour", local, counted)


def _counted(section: str, campaign: str, item: str, period: str, counted: Counted) -> Iterator[Line]:
    yield (section, campaign, item, period, "answered live", counted.answered, "")
    yield (section, campaign, item, period, "abandoned", counted.abandoned, "")
    yield (section, campaign, item, period, "share", round(counted.share, SHARE_DIGITS), "")


def _answers(report: Report) -> Iterator[Line]:
    period = str(report.month)
    for campaign, count in sorted(report.answers.permitted.items()):
        yield ("answers", campaign, "permitted", period, "dials", count, "")
    for (campaign, reason), count in sorted(report.answers.refused.items()):
        yield ("refusals", campaign, reason, period, "refusals", count, reason_label(reason))
    for (level, signer), count in sorted(report.answers.attested.items()):
        yield ("attestation", "", level or "none", period, "dials", count, signer)


def _records(report: Report) -> Iterator[Line]:
    for version in report.lists:
        item = f"{version.name} v{version.version}"
        period = f"{version.since.astimezone(report.zone):%Y-%m-%d}/{version.until.astimezone(report.zone):%Y-%m-%d}"
        yield ("list", "", item, period, "numbers", version.entries, f"as of {version.as_of}")
        yield ("list", "", item, period, "changes applied", version.changes, version.source_sha256)
    for change in report.rule_changes:
        kind = "loosened" if change.loosens else "tightened"
        value = json.dumps(change.value, sort_keys=True)
        who = f"{change.proposed_by}; {change.approved_by or 'needs no second person'}: {change.reason}"
        yield ("override", "", change.rule, f"{change.effective}/{change.ends or ''}", kind, value, who)
    for kind, means, count in report.consents:
        yield ("consent", "", kind, str(report.month), "entries", count, _label(ConsentMeans, means))
    for source, count in report.stop_requests:
        yield ("own do-not-call", "", source, str(report.month), "numbers", count, _label(DncSource, source))


def _label(choices: type[ConsentMeans | ConsentKind | DncSource], value: str) -> str:
    return str(choices(value).label) if value in choices.values else value
