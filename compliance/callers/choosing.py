"""Which of the campaign's caller IDs a call shows."""

from __future__ import annotations

from ..values import CallerIdOffer, DialRequest
from .facts import CallerFacts, Choice
from .queues import Queues


def choose(request: DialRequest, callers: CallerFacts) -> Choice | None:
    """One of the called party's area code, else of its state, else any; among these the least used today.

    Never one that rests, is over its daily limit or is switched off; then the choice holds no number. None
    where the campaign offers none that is switched on. Nothing is counted: that does ``take``.
    """
    if not request.caller_ids:
        return None
    queues = callers.queues_of(request.organisation, request.caller_ids)
    found = queues.next_for(request.number)
    if found is not None:
        number, near = found
        choice = Choice(request, number, f"{number.number}, {near}, {number.use_today()}")
    elif queues.offered():
        choice = Choice(request, None, _why_none(queues), queues.opens_at())
    else:
        return None
    callers.last = choice
    return choice


def take(request: DialRequest, callers: CallerFacts) -> CallerIdOffer | None:
    """What was chosen, counted for those behind it in the batch; None: the trunk's own number is shown."""
    last = callers.last
    choice = last if last is not None and last.request is request else choose(request, callers)
    if choice is None or choice.number is None:
        return None
    number = choice.number
    number.dials += 1
    return number.offer()


def _why_none(queues: Queues) -> str:
    total, resting = len(queues.offered()), queues.resting()
    return (
        f"No caller ID of the campaign may be shown now ({resting} resting, {total - resting} at the daily limit). "
        "Add numbers to the campaign, or wake one on the page of caller IDs."
    )
