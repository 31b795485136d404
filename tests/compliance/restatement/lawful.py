"""A world in which dials are granted, and what may happen in it without making a difference."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from compliance.choices import DialKind, Purpose
from compliance.gate import DialRequest

from . import ledger, places
from .dials import CALLER_IDS, HOT, LAWFUL, NOON, OURS, THEIRS
from .machine import Compliance

A_STRANGER = "+12015550123"
"""Nobody asks for it."""


@contextmanager
def a_world_at_noon() -> Iterator[Compliance]:
    """On a Wednesday, with the registries in order; nothing is left of it."""
    world = Compliance()
    try:
        world.begins(NOON)
        yield world
    finally:
        world.teardown()


def _needs_no_consent(dial: DialRequest) -> bool:
    return not ledger.needed(places.where(dial.number, dial.postal_code, dial.state)[0], dial)


def _dial(number: str, kind: DialKind, purpose: Purpose, attempts: int, topic: str) -> DialRequest:
    call = uuid.uuid4().hex
    return replace(
        LAWFUL, call=call, subject=f"lead:{call}", number=number, kind=kind, purpose=purpose, attempts=attempts,
        topic=topic,
    )  # fmt: skip


lawful_dials = st.builds(
    _dial,
    number=st.sampled_from(HOT),
    kind=st.sampled_from(list(DialKind)),
    purpose=st.sampled_from(list(Purpose)),
    attempts=st.sampled_from([0, 8]),
    topic=st.sampled_from(["roofs", ""]),
).filter(_needs_no_consent)
"""At noon nothing forbids them."""
lawful_batches = st.lists(lawful_dials, min_size=1, max_size=6, unique_by=lambda dial: dial.number)


def somebody_else_is_listed(world: Compliance, _: str) -> None:
    """Whom nobody asks for."""
    world.they_ask_not_to_be_called(OURS, {A_STRANGER})
    world.loads_list(OURS, ("litigator", "", "", None), {A_STRANGER}, 0)
    world.loads_list(OURS, ("internal", "", "", None), {A_STRANGER}, 1)


def another_organisation_may_not_call(world: Compliance, number: str) -> None:
    """Its lists are its own."""
    world.they_ask_not_to_be_called(THEIRS, {number})
    world.loads_list(THEIRS, ("litigator", "", "", None), {number}, 0)
    world.prefix_is_blocked(THEIRS, number[:5], None)


def another_campaign_may_not_call(world: Compliance, number: str) -> None:
    """Its blocked beginnings are its own."""
    world.prefix_is_blocked(OURS, number[:5], 8)


def a_request_was_taken_back(world: Compliance, number: str) -> None:
    """It held, and holds no more."""
    world.they_ask_not_to_be_called(OURS, {number})
    world.request_is_taken_back(OURS, number)


def somebody_else_was_talked_to(world: Compliance, number: str) -> None:
    """Of another lead at another number; and the same number for another organisation."""
    world.a_call_ends(OURS, A_STRANGER, "lead:2", talked=True)
    world.a_call_ends(THEIRS, number, "lead:1", talked=False)


def one_caller_id_rests(world: Compliance, _: str) -> None:
    """The others are shown."""
    world.caller_id_rests_or_wakes(OURS, CALLER_IDS[0], 1, wakes=False)


def an_hour_passes(world: Compliance, _: str) -> None:
    """It is still light everywhere."""
    world.time_passes(timedelta(hours=1))


harmless = st.lists(
    st.sampled_from(
        [
            somebody_else_is_listed,
            another_organisation_may_not_call,
            another_campaign_may_not_call,
            a_request_was_taken_back,
            somebody_else_was_talked_to,
            one_caller_id_rests,
            an_hour_passes,
        ]
    ),
    max_size=4,
    unique=True,
)
