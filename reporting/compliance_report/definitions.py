"""What the report's words mean. They stand in every form of it: a figure is only as good as its definition."""

from __future__ import annotations

DEFINITIONS: tuple[tuple[str, str], ...] = (
    (
        "Answered live",
        "A call that was answered, and not by a machine. A call taken for a machine counts as answered live unless the "
        "agent who heard it said that it was one. Calls cut off after the answer by a failure of ours count too. The "
        "moment of the answer decides the hour and the day, on the organisation's clock.",
    ),
    (
        "Abandoned",
        "Answered live, and nobody was connected within the time that the campaign waits (at most 2 seconds, "
        "16 CFR 310.4(b)(4)(iii)); the person heard the recorded message.",
    ),
    ("Share", "Abandoned calls divided by calls answered live, each counted in the same span of time."),
    (
        "Window of the law",
        "The span of time over which a law measures the share, ending at each midnight of the organisation; on the "
        "last day of a month that still runs, now. It may reach into the month before. Where several laws hold for "
        "the organisation's country and the campaign's purpose, the strictest.",
    ),
    (
        "Limit",
        "The largest share that the law allows, never above 3 %, which is our own ceiling. A campaign may keep a "
        "tighter one.",
    ),
    (
        "Refused",
        "An answer of the gate that forbade a dial, or that kept a lead from being dialed when leads were looked "
        "through beforehand. One lead may be refused more than once. The first rule that forbids gives the reason.",
    ),
    ("Permitted", "A dial that the gate let through. Without it no line can ring."),
    (
        "List version",
        "The full load of a list that the gate asked at that time; its date is the registry's. Changes are files that "
        "were applied to it within the month.",
    ),
    (
        "Attestation",
        "What was claimed when the call was signed (ATIS-1000074): A the customer and the right to the number are "
        "known, B the customer is known, C neither. Where the carrier signs, what it was asked to claim.",
    ),
    (
        "Chain",
        "Each decision is kept with a digest (SHA-256) over itself and the digest before it. The head is the digest "
        "of the last one: noted here, on paper, it shows later whether anything before it was changed.",
    ),
)
"""(term, meaning)."""
