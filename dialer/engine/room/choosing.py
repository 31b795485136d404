"""Which lead next, where lists ask for a skill.

A lead of such a list is dialed only while a ready agent has the skill and no other line was placed for that agent: one
line for each of them, so that the person who answers meets somebody who can help. Leads whose skill nobody here has
stay in their list and hold up no others.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from agents.choices import AgentState
from dialer.calls.choices import Stage

from .model import LiveCall, Seat
from .room import Room

Due = dict[str, Any]
LOW_WATER = 60
"""Fetch more of a sort when fewer of its leads than this are left."""
NOBODY = "Nobody here has the skill {}: the leads that ask for it wait in their lists."


def promised(room: Room, but: LiveCall | None = None) -> set[int]:
    """Agents for whom a line is out that nobody has answered yet."""
    calls = room.calls.values() if room.config.roster.list_skills else ()
    return {
        call.meant_for
        for call in calls
        if call.meant_for and call is not but and call.stage in (Stage.PLACED, Stage.RINGING)
    }


def candidates(room: Room) -> Iterator[tuple[Due, int]]:
    """The leads that may be dialed now, in order, each with the agent whom it is meant for (0: for any)."""
    if not room.config.roster.list_skills:
        yield from ((due, 0) for due in room.hopper)
        return
    free = _specialists(room)
    for due in room.hopper:
        skill = room.skill_of(due["request"])
        if not skill:
            yield due, 0
        elif agent := next((agent for agent in free if room.config.roster.can(agent, skill)), 0):
            free.remove(agent)
            yield due, agent


def _specialists(room: Room) -> list[int]:
    """Ready agents for whom no line is out, the narrowest first: who can most is kept for what others cannot."""
    levels, taken = room.config.roster.levels, promised(room)
    free = [seat for seat in room.free_seats if seat.id not in taken]
    free.sort(key=lambda seat: (len(levels.get(seat.id, ())), seat.since, seat.id))
    return [seat.id for seat in free]


def at_hand(room: Room) -> int:
    """How many leads may be dialed now."""
    return sum(1 for _ in candidates(room)) if room.config.roster.list_skills else len(room.hopper)


def take_lead(room: Room) -> tuple[Due, int]:
    """Take the next lead that may be dialed out of the hopper, with the agent whom it is meant for.

    Raises ``StopIteration`` where there is none (``at_hand``).
    """
    found = next(candidates(room))
    _remove(room, found[0])
    return found


def take_lead_for(room: Room, seat: Seat) -> Due | None:
    """Take the next lead that this agent may be offered."""
    found = next((due for due in room.hopper if room.may_take(seat, due["request"])), None)
    if found is not None:
        _remove(room, found)
    return found


def _remove(room: Room, chosen: Due) -> None:
    if room.hopper[0] is chosen:
        room.hopper.popleft()
    else:
        room.hopper = deque(due for due in room.hopper if due is not chosen)


def skills_here(room: Room) -> set[int]:
    """What the room's agents can, 0 (what needs no skill) included."""
    levels = room.config.roster.levels
    here = [seat.id for seat in room.seats.values() if seat.state != AgentState.OFFLINE]
    return {0}.union(*(levels.get(agent, ()) for agent in here))


def shortage(room: Room) -> tuple[bool, frozenset[int]]:
    """Whether leads should be fetched, and from which lists none: their skill is not here, or there are plenty."""
    lists = room.config.roster.list_skills
    if not lists:
        return len(room.hopper) < LOW_WATER, frozenset()
    held = Counter(room.skill_of(due["request"]) for due in room.hopper)
    short = {skill for skill in skills_here(room) & set(lists.values()) if held[skill] < LOW_WATER}
    return bool(short), frozenset(list_id for list_id, skill in lists.items() if skill not in short)


def return_unwanted(room: Room) -> None:
    """Leads for whom the last agent has left go back to their list."""
    if not room.config.roster.list_skills:
        return
    here = skills_here(room)
    kept = [due for due in room.hopper if room.skill_of(due["request"]) in here]
    if len(kept) < len(room.hopper):
        room.hopper = deque(kept)


def notice(room: Room) -> str:
    """Why leads wait although agents are here, in words for the floor; empty where none do."""
    roster = room.config.roster
    missing = set(roster.list_skills.values()) - skills_here(room) if room.seats else set()
    names = ", ".join(f"“{roster.skill_names[skill]}”" for skill in sorted(missing))
    return NOBODY.format(names) if names else ""
