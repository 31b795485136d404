"""The report's figures as its page shows them: tones, words and plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.plots import Plot, bar_plot
from compliance.choices import ConsentKind, ConsentMeans, DncSource
from compliance.evidence.words import reason_label

from .abandonment import Abandonment, Counted
from .definitions import DEFINITIONS
from .figures import Report
from .records import ListVersion

AMBER_FROM = 0.8
"""Of the limit: from here on a share catches the eye, as it does on the floor."""
PERCENT_DIGITS = 2


def context(report: Report) -> dict[str, Any]:
    """What the template needs beside the form."""
    return {
        "report": report,
        "accounts": [_account(report, account) for account in report.abandonment],
        "refused": refused_by_campaign(report),
        "lists": [(version, in_force(report, version)) for version in report.lists],
        "most_refused": max((count for _, count in report.answers.by_reason()), default=0),
        "consents": [
            (label(ConsentKind, kind), label(ConsentMeans, means), count)
            for kind, means, count in report.consents
        ],
        "stop_requests": [(label(DncSource, source), count) for source, count in report.stop_requests],
        "attested": sorted(
            (level, signer, count) for (level, signer), count in report.answers.attested.items()
        ),
        "definitions": DEFINITIONS,
    }


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{100 * share:.{PERCENT_DIGITS}f} %"


def tone(account: Abandonment, share: float) -> str:
    """How a share looks beside the limit that holds."""
    if share > account.limit:
        return "bad"
    return "warn" if share >= AMBER_FROM * account.limit and share > 0 else "good"


def refused_by_campaign(report: Report) -> list[tuple[str, list[tuple[str, int]], int]]:
    """(campaign, its reasons in words with counts, the most frequent first, all of them), by name."""
    by_campaign: dict[str, list[tuple[str, int]]] = {}
    for (campaign, reason), count in report.answers.refused.items():
        by_campaign.setdefault(campaign, []).append((reason_label(reason), count))
    return [
        (name, sorted(reasons, key=lambda pair: (-pair[1], pair[0])), sum(count for _, count in reasons))
        for name, reasons in sorted(by_campaign.items())
    ]


def label(choices: Any, value: str) -> str:
    """The words of a choice; one that this version does not know stays as it is."""
    return str(choices(value).label) if value in choices.values else value


def in_force(report: Report, version: ListVersion) -> str:
    """When in the month the gate asked this version of a list."""
    since, until = report.month.bounds(report.zone)
    begins = f"{version.since.astimezone(report.zone):%-d %b}"
    if version.until < until:
        return f"{begins} to {version.until.astimezone(report.zone):%-d %b}"
    return "all month" if version.since <= since else f"from {begins}"


@dataclass(frozen=True, slots=True)
class Span:
    """One line of a campaign's account."""

    name: str
    when: str
    counted: Counted
    measured: bool = False
    """The law measures it: its share is compared with the limit."""

    @property
    def share(self) -> str:
        """In percent, as people write it."""
        return percent(self.counted.share)


def spans(report: Report, account: Abandonment) -> list[Span]:
    """The month, the windows of the law that matter, and the worst day and hour."""
    end, worst, day = account.at_the_end, account.worst_window, account.worst_day
    window = f"Window of the law ({account.rule.window})"
    rows = [
        Span("Month", report.month.words, account.month),
        Span(f"{window} at the end", f"{end.day:%-d %B}", end.counted, measured=True),
        Span(f"{window}, the highest", f"{worst.day:%-d %B}", worst.counted, measured=True),
    ]
    if day:
        rows.append(Span("Day with the most abandoned", f"{day.day:%-d %B}", day.counted))
    if account.worst_hour:
        hour, counted = account.worst_hour
        when = f"{hour.astimezone(report.zone):%-d %B, %H:%M}"
        rows.append(Span("Hour with the most abandoned", when, counted))
    return rows


def _account(report: Report, account: Abandonment) -> dict[str, Any]:
    return {
        "account": account,
        "worst_tone": tone(account, account.worst_window.counted.share),
        "law_limit": percent(account.rule.limit),
        "own_limit": percent(account.own_limit),
        "rows": spans(report, account),
        "days": [
            (day.day, day.counted, percent(day.counted.share), window.counted, percent(window.counted.share))
            for day, window in zip(account.days, account.windows, strict=True)
            if day.counted.answered
        ],
        "plot": _plot(account),
    }


def _plot(account: Abandonment) -> Plot:
    days = [day.day.strftime("%-d %b") for day in account.days]
    shares = [100 * day.counted.share if day.counted.answered else None for day in account.days]
    return bar_plot("Share abandoned by day", days, shares, unit=" %", limit=100 * account.limit)
