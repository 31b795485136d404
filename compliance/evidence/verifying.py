"""Whether an organisation's decisions are still what was written: every digest worked out again, in order.

Rows are read in pages, so a chain of any length needs the memory of one page. What a chain cannot show by itself is
that its end was cut off and its head set back, or that all of it was written anew: for that a head that was noted
elsewhere (a printed report, a log) is given as an anchor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Max

from ..choices import Finding
from ..models import Chain, Decision
from .chain import Entry, digest_of

PAGE_ROWS = 2_000
START = b""
"""The digest before the first decision."""
COLUMNS = tuple(
    "organisation_id" if name == "organisation" else name for name in ("sequence", *Entry.__slots__, "digest")
)

Progress = Callable[[int, int], None]
"""Called with how many decisions were checked, of how many."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: written down elsewhere it is an anchor."""

    sequence: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest.hex()}"

    @classmethod
    def read(cls, text: str) -> Head:
        """A head as ``str`` writes it. Raises ``ValueError`` for anything else."""
        sequence, _, digest = text.strip().partition(":")
        try:
            head = cls(int(sequence), bytes.fromhex(digest))
        except ValueError:
            head = cls(0, START)
        if head.sequence < 1 or len(head.digest) != 32:
            raise ValueError("Write a head as SEQUENCE:DIGEST, as “manage.py evidence head” prints it.")
        return head


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: nothing wrong, or the first place that is."""

    checked: int
    """Decisions whose digest is right, from the first on."""
    head: Head
    """Where the chain stood when the check began."""
    finding: Finding | None = None
    sequence: int = 0
    """The place that the finding is about."""

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.finding is None

    @property
    def words(self) -> str:
        """The result for a person."""
        if self.finding is None:
            return f"Intact: {self.checked:,} decisions, each as it was written."
        return f"Not intact at decision {self.sequence:,}: {self.finding.label.lower()}."


@dataclass(frozen=True, slots=True)
class Link:
    """One decision of a chain, from the database or from a file."""

    sequence: int
    entry: Entry
    digest: bytes


def head_of(organisation_id: int) -> Head:
    """Where the organisation's chain stands now."""
    row = Chain.objects.filter(organisation=organisation_id).values_list("sequence", "digest").first()
    return Head(row[0], bytes(row[1])) if row else Head(0, START)


def verify(organisation_id: int, anchors: Iterable[Head] = (), progress: Progress | None = None) -> Verdict:
    """Check the whole chain up to where it stands now; decisions that are written meanwhile do no harm."""
    head = head_of(organisation_id)
    verdict = check(links(organisation_id, head.sequence), head, anchors, progress)
    if verdict.intact and (behind := _behind_the_head(organisation_id)):
        return Verdict(verdict.checked, head, Finding.BEHIND_HEAD, behind)
    return verdict


def check(
    chain: Iterable[Link],
    head: Head,
    anchors: Iterable[Head] = (),
    progress: Progress | None = None,
    start: Head = Head(0, START),
) -> Verdict:
    """Walk ``chain`` from behind ``start`` to ``head`` and stop at the first decision that does not fit."""
    noted = {anchor.sequence: anchor.digest for anchor in anchors}
    before, expected = start.digest, start.sequence + 1
    for link in chain:
        if finding := _wrong(link, expected, before, noted):
            return Verdict(expected - start.sequence - 1, head, finding, min(link.sequence, expected))
        before, expected = link.digest, expected + 1
        if progress is not None and link.sequence % PAGE_ROWS == 0:
            progress(link.sequence, head.sequence)
    checked = expected - start.sequence - 1
    return _at_the_end(checked, Head(expected - 1, before), head, noted)


def links(organisation_id: int, until: int, since: int | None = None) -> Iterator[Link]:
    """The decisions behind ``since`` up to ``until``, in order; without ``since`` also what never had a place."""
    rows = Decision.objects.filter(organisation=organisation_id, sequence__lte=until).order_by("sequence")
    while True:
        page = rows if since is None else rows.filter(sequence__gt=since)
        found = list(page.values_list(*COLUMNS)[:PAGE_ROWS])
        for sequence, *values, digest in found:
            yield Link(sequence, Entry(**dict(zip(Entry.__slots__, values, strict=True))), bytes(digest))
        if len(found) < PAGE_ROWS:
            return
        since = found[-1][0]


def _wrong(link: Link, expected: int, before: bytes, noted: dict[int, bytes]) -> Finding | None:
    if link.sequence > expected:
        return Finding.MISSING
    if link.sequence < expected:
        return Finding.INSERTED
    if link.digest != digest_of(before, link.sequence, link.entry):
        return Finding.CHANGED
    if noted.get(link.sequence, link.digest) != link.digest:
        return Finding.REWRITTEN
    return None


def _at_the_end(checked: int, last: Head, head: Head, noted: dict[int, bytes]) -> Verdict:
    if last.sequence < head.sequence:
        return Verdict(checked, head, Finding.MISSING, last.sequence + 1)
    if last.digest != head.digest:
        return Verdict(checked, head, Finding.HEAD_DIFFERS, head.sequence)
    beyond = [sequence for sequence in noted if sequence > last.sequence]
    if beyond:
        return Verdict(checked, head, Finding.CUT_OFF, min(beyond))
    return Verdict(checked, head)


def _behind_the_head(organisation_id: int) -> int:
    """The last decision, where the head does not know of it: a row and its head are written together."""
    last = Decision.objects.filter(organisation=organisation_id).aggregate(last=Max("sequence"))["last"] or 0
    return last if last > head_of(organisation_id).sequence else 0
