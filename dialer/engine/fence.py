"""The fence in the database: a daemon that another has followed writes no call any more.

Redis refuses its commands and journal lines (``keeping``). But a call is on paper before it is ordered: without this
a daemon that stood still in between would claim leads for calls that nobody will ever place, behind the back of the
one that has cleared such calls away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from compliance.gate import Gate
from dialer.calls.services.place_calls import NotPlaced, Placed, Wish, place_calls

from .models import Holding, JournalPosition


class Superseded(Exception):
    """Another daemon has held the campaign since."""


def newest_epoch(campaign: int) -> int:
    """The highest epoch under which the campaign was ever held, 0 for never."""
    found = JournalPosition.objects.filter(campaign_id=campaign).values_list("epoch", flat=True).first()
    return found or 0


@transaction.atomic
def begin(campaign: int, epoch: int, holder: str) -> None:
    """From now on only this epoch may write. Raises ``Superseded`` where one that is no older was here first."""
    JournalPosition.objects.get_or_create(campaign_id=campaign)
    won = JournalPosition.objects.filter(campaign_id=campaign, epoch__lt=epoch).update(epoch=epoch)
    if not won:
        raise Superseded
    Holding.objects.create(campaign_id=campaign, epoch=epoch, holder=holder[:120], at=datetime.now(UTC))


def stand(campaign: int, epoch: int) -> None:
    """Lock the fence in the caller's transaction, before any lead or chain. Raises ``Superseded``."""
    kept = JournalPosition.objects.select_for_update().filter(campaign_id=campaign, epoch=epoch)
    if not list(kept.values_list("pk")):
        raise Superseded


@transaction.atomic
def place(campaign: int, epoch: int, wishes: Sequence[Wish], gate: Gate) -> list[Placed | NotPlaced]:
    """``place_calls`` behind the fence. Raises ``Superseded``, and nothing was written."""
    stand(campaign, epoch)
    return place_calls(wishes, gate)
