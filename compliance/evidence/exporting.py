"""Decisions in a file that proves itself: a line with the head they end at, then one decision a line with its digest.

The digest of each is worked out from its own line and the digest before it, without the database (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

import msgspec

from accounts.models import Organisation

from ..models import Decision
from .chain import EPOCH, MICROSECOND, Entry
from .verifying import Head, Link, Progress, Verdict, check, links

FORMAT = 1
MOMENTS = ("retry_at", "at")
"""Written as microseconds since 1970, as they are hashed."""
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode


class BadFile(ValueError):
    """The file is none that ``export`` wrote."""


def export(
    organisation: Organisation, before: datetime, file: IO[bytes], progress: Progress | None = None
) -> Head:
    """Write the decisions from the first to the last one before ``before``; returns the head they end at.

    Nothing is deleted. Raises ``ValueError`` where there is none.
    """
    earlier = Decision.objects.filter(organisation=organisation, at__lt=before)
    last = earlier.order_by("-sequence").values_list("sequence", "digest").first()
    if last is None:
        raise ValueError(f"There is no decision before {before:%Y-%m-%d}.")
    end = Head(last[0], bytes(last[1]))
    file.write(_line({"format": FORMAT, "organisation": organisation.name, "head": str(end)}))
    for link in links(organisation.pk, end.sequence):
        file.write(_line(_as_json(link)))
        if progress is not None:
            progress(link.sequence, end.sequence)
    return end


def verify_file(lines: Iterable[bytes], anchors: Iterable[Head] = ()) -> Verdict:
    """Check a file that ``export`` wrote, a line at a time. Raises ``BadFile`` where it is none."""
    rest = iter(lines)
    try:
        title = _decode(next(rest))
        head = Head.read(title["head"])
        if title["format"] != FORMAT:
            raise BadFile(f"This version reads format {FORMAT}, not {title['format']}.")
        noted = [anchor for anchor in anchors if anchor.sequence <= head.sequence]
        return check(_links(rest), head, noted)
    except (StopIteration, msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(
            "This is no file that “manage.py evidence export” wrote, or a line of it is cut."
        ) from error


def _line(content: dict[str, Any]) -> bytes:
    return _encode(content) + b"\n"


def _as_json(link: Link) -> dict[str, Any]:
    content = {name: getattr(link.entry, name) for name in Entry.__slots__}
    for name in MOMENTS:
        content[name] = None if content[name] is None else (content[name] - EPOCH) // MICROSECOND
    return {"sequence": link.sequence, **content, "digest": link.digest.hex()}


def _links(lines: Iterator[bytes]) -> Iterator[Link]:
    for line in lines:
        content = _decode(line)
        sequence, digest = content.pop("sequence"), bytes.fromhex(content.pop("digest"))
        for name in MOMENTS:
            if content[name] is not None:
                content[name] = EPOCH + content[name] * MICROSECOND
        yield Link(sequence, Entry(**content), digest)
