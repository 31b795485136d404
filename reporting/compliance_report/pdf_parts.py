"""The parts of the document, in their order."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from compliance.choices import ConsentKind, ConsentMeans, DncSource

from .abandonment import Abandonment
from .definitions import DEFINITIONS
from .figures import Report
from .page import in_force, label, percent, refused_by_campaign, spans, tone
from .pdf_chart import chart
from .pdf_style import CODE, SMALL, SUBHEADING, TITLE, Cell, heading, table, text, toned

GAP = Spacer(1, 3 * mm)
FIGURES = frozenset


def title(report: Report) -> list[Flowable]:
    """What this is, whose, and when it was made."""
    made = report.made_at.astimezone(report.zone)
    running = " The month is not over: figures will still change." if report.running else ""
    return [
        text("Compliance report", TITLE),
        text(f"{report.organisation} · {report.month.words}", SUBHEADING),
        text(f"Made on {made:%-d %B %Y, %H:%M} ({report.zone.key}).{running}", SMALL),
    ]


def summary(report: Report, width: float) -> list[Flowable]:
    """The month in a few figures."""
    worst = max(report.abandonment, key=lambda each: each.worst_window.counted.share, default=None)
    over = [each.campaign_name for each in report.abandonment if each.days_over]
    rows: list[list[Cell]] = [
        ["Dials permitted", report.answers.all_permitted],
        ["Refusals", report.answers.all_refused],
        ["Answered live", sum(each.month.answered for each in report.abandonment)],
        ["Abandoned", sum(each.month.abandoned for each in report.abandonment)],
        [
            "Highest share in a window of the law",
            f"{percent(worst.worst_window.counted.share)} ({worst.campaign_name})" if worst else "none",
        ],
        ["Campaigns above the limit at the end of a day", ", ".join(over) or "none"],
    ]
    return heading("Summary", table(["What", "Figure"], rows, [width * 0.55, width * 0.45], FIGURES({1})))


def abandonment(report: Report, width: float) -> list[Flowable]:
    """Every campaign with its chart and its days."""
    first = text(
        "The share of the people who answered and met nobody. Numerator and denominator stand beside each share; "
        "what each word means is said at the end.",
    )
    parts = heading("Abandonment", first)
    if not report.abandonment:
        return [*parts, GAP, text("Nobody answered a call in this month.")]
    for account in report.abandonment:
        parts += _campaign(report, account, width)
    return parts


def _campaign(report: Report, account: Abandonment, width: float) -> list[Flowable]:
    rule = account.rule
    words = (
        f"{account.purpose}. Limit {percent(rule.limit)} over {rule.window} ({rule.citation}; data of "
        f"{report.abandonment_law}); the campaign's own limit {percent(account.own_limit)}."
    )
    head = [
        text(account.campaign_name, SUBHEADING),
        text(words, SMALL),
        GAP,
        chart(account, width),
        GAP,
        _extremes(report, account, width),
    ]
    return [KeepTogether(head), GAP, _days(account, width)]


def _extremes(report: Report, account: Abandonment, width: float) -> Flowable:
    return table(
        ["", "When", "Answered live", "Abandoned", "Share"],
        [
            [
                span.name,
                span.when,
                span.counted.answered,
                span.counted.abandoned,
                toned(span.share, tone(account, span.counted.share)) if span.measured else span.share,
            ]
            for span in spans(report, account)
        ],
        [width * share for share in (0.4, 0.2, 0.15, 0.13, 0.12)],
        FIGURES({2, 3, 4}),
    )


def _days(account: Abandonment, width: float) -> Flowable:
    rows = [
        [
            f"{day.day:%a %-d %b}",
            day.counted.answered,
            day.counted.abandoned,
            percent(day.counted.share),
            window.counted.answered,
            window.counted.abandoned,
            toned(percent(window.counted.share), tone(account, window.counted.share)),
        ]
        for day, window in zip(account.days, account.windows, strict=True)
        if day.counted.answered
    ]
    heads = [
        "Day",
        "Answered",
        "Abandoned",
        "Share",
        f"{account.rule.window}: answered",
        "Abandoned",
        "Share",
    ]
    widths = [width * share for share in (0.17, 0.13, 0.13, 0.12, 0.2, 0.13, 0.12)]
    return table(heads, rows, widths, FIGURES({1, 2, 3, 4, 5, 6}))


def answers(report: Report, width: float) -> list[Flowable]:
    """Refusals by campaign and reason, beside the dials that were permitted."""
    rows = []
    for campaign, reasons, _ in refused_by_campaign(report):
        rows += [[campaign, reason, count] for reason, count in reasons]
    permitted = [[campaign, count] for campaign, count in sorted(report.answers.permitted.items())]
    parts = heading("Refusals", _or_none(["Campaign", "Reason", "Refusals"], rows, [0.3, 0.55, 0.15], width))
    return [
        *parts,
        *heading("Dials permitted", _or_none(["Campaign", "Dials"], permitted, [0.85, 0.15], width)),
    ]


def attestations(report: Report, width: float) -> list[Flowable]:
    """Levels that were claimed, and by whom they were signed."""
    rows = [
        [level or "none", signer or "not signed by us", count]
        for (level, signer), count in sorted(report.answers.attested.items())
    ]
    return heading("Attestations", _or_none(["Level", "Signer", "Dials"], rows, [0.15, 0.7, 0.15], width))


def lists(report: Report, width: float) -> list[Flowable]:
    """Versions of lists that the gate asked."""
    rows = [
        [
            f"{each.name} (version {each.version}, {each.kind.lower()})",
            f"{each.as_of:%-d %b %Y}",
            in_force(report, each),
            each.changes,
            each.entries,
        ]
        for each in report.lists
    ]
    heads = ["List", "Data of", "In force", "Changes", "Numbers"]
    return heading("Lists in force", _or_none(heads, rows, [0.42, 0.14, 0.18, 0.1, 0.16], width, (3, 4)))


def rule_changes(report: Report, width: float) -> list[Flowable]:
    """What the organisation changed about the law, and who agreed to it."""
    rows = [
        [
            each.rule,
            f"{'Looser' if each.loosens else 'Tighter'}: {each.words}",
            f"from {each.effective:%-d %b %Y}{f', ends {each.ends:%-d %b %Y}' if each.ends else ''}",
            f"{each.proposed_by}{f', {each.approved_by}' if each.approved_by else ''}: {each.reason}",
        ]
        for each in report.rule_changes
    ]
    heads = ["Rule", "Change", "In force", "Proposed, approved, why"]
    return heading("Changed rules", _or_none(heads, rows, [0.2, 0.28, 0.2, 0.32], width, figures=()))


def ledger(report: Report, width: float) -> list[Flowable]:
    """Consents, revocations, and requests not to be called."""
    rows = [
        [label(ConsentKind, kind), label(ConsentMeans, means), count]
        for kind, means, count in report.consents
    ]
    stops = [
        ["On your do-not-call list", label(DncSource, source), count]
        for source, count in report.stop_requests
    ]
    return heading(
        "Consents and requests", _or_none(["Entry", "How", "Entries"], rows + stops, [0.55, 0.3, 0.15], width)
    )


def chain(report: Report, width: float) -> list[Flowable]:
    """The head to compare with later, and what the last check found."""
    state = report.chain
    head = text(str(state.head) if state.head.sequence else "No decision was taken yet.", CODE)
    if state.checked_at is None:
        checked = text("The chain was not checked yet. Run: manage.py evidence verify")
    elif state.finding:
        words = f"Not intact at decision {state.found_at:,}: {state.finding.lower()}."
        checked = toned(words, "bad", SMALL)
    else:
        at = state.checked_at.astimezone(report.zone)
        checked = text(f"Intact: {state.checked:,} decisions, checked on {at:%-d %B %Y, %H:%M}.")
    return heading("Chain of decisions", text("Head when this report was made:"), head, checked)


def definitions(report: Report) -> list[Flowable]:
    """What the words mean."""
    parts = heading("Definitions")
    for term, meaning in DEFINITIONS:
        parts.append(KeepTogether([text(term, SUBHEADING), text(meaning, SMALL)]))
    return parts


def _or_none(
    heads: list[str], rows: list, shares: list[float], width: float, figures: tuple[int, ...] | None = None
) -> Flowable:
    """The table, its last column a figure; or that there is nothing to show."""
    if not rows:
        return text("None in this month.", SMALL)
    right = FIGURES({len(heads) - 1}) if figures is None else FIGURES(figures)
    return table(heads, rows, [width * share for share in shares], right)
