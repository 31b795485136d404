"""The fence in the database: a daemon that another has followed writes no call any more.

Redis refuses its commands and journal lines (``keeping``). But a call is on paper before it is ordered: without this
a daemon that stood still in between would claim leads for calls that nobody will ever place, behind the back of the
one that has cleared such calls away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from compliance.gate import Gate
from dialer.calls.services.place_calls import NotPlaced, Placed, Wish, place_calls

from .models import Holding, JournalPosition


class Superseded(Exception):
    """Another daemon has held the campaign since."""


def newest_epochs(campaigns: Collection[int]) -> dict[int, int]:
    """The highest epoch under which each campaign was ever held, 0 for never."""
    found = dict(JournalPosition.objects.filter(campaign__in=campaigns).values_list("campaign", "epoch"))
    return {campaign: found.get(campaign, 0) for campaign in campaigns}


def begin(campaign: int, epoch: int, holder: str) -> None:
    """From now on only this epoch may write. Raises ``Superseded`` where one that is no older was here first."""
    if not begin_all({campaign: epoch}, holder):
        raise Superseded


@transaction.atomic
def begin_all(epochs: dict[int, int], holder: str) -> set[int]:
    """The same for several campaigns; returns those that are ours. Fences are locked in the campaigns' order."""
    JournalPosition.objects.bulk_create(
        [JournalPosition(campaign_id=campaign) for campaign in sorted(epochs)], ignore_conflicts=True
    )
    rows = JournalPosition.objects.select_for_update().filter(pk__in=epochs).order_by("pk")
    won = [row for row in rows if row.epoch < epochs[row.campaign_id]]
    for row in won:
        row.epoch = epochs[row.campaign_id]
    JournalPosition.objects.bulk_update(won, ["epoch"])
    now = datetime.now(UTC)
    Holding.objects.bulk_create(
        Holding(campaign_id=row.campaign_id, epoch=row.epoch, holder=holder[:120], at=now) for row in won
    )
    return {row.campaign_id for row in won}


def stand(campaign: int, epoch: int) -> None:
    """Lock the fence in the caller's transaction, before any lead or chain. Raises ``Superseded``."""
    stand_for_all({(campaign, epoch)})


def stand_for_all(held: Collection[tuple[int, int]]) -> None:
    """The same for several (campaign, epoch), locked in the campaigns' order."""
    campaigns = {campaign for campaign, _ in held}
    rows = JournalPosition.objects.select_for_update().filter(pk__in=campaigns).order_by("pk")
    if set(rows.values_list("pk", "epoch")) != set(held):
        raise Superseded


class Order(NamedTuple):
    """What one room wants on paper."""

    campaign: int
    epoch: int
    wishes: Sequence[Wish]


def place(campaign: int, epoch: int, wishes: Sequence[Wish], gate: Gate) -> list[Placed | NotPlaced]:
    """``place_calls`` behind the fence. Raises ``Superseded``, and nothing was written."""
    return place_all([Order(campaign, epoch, wishes)], gate)[0]


@transaction.atomic
def place_all(orders: Sequence[Order], gate: Gate) -> list[list[Placed | NotPlaced]]:
    """The same for several rooms: an answer each wish, in order. Fences are locked in the campaigns' order."""
    stand_for_all({(order.campaign, order.epoch) for order in orders})
    answers = iter(place_calls([wish for order in orders for wish in order.wishes], gate))
    return [list(islice(answers, len(order.wishes))) for order in orders]
