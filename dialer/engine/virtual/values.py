"""What is simulated, and what comes of it: plain values that JSON can hold (``msgspec.to_builtins``, ``convert``)."""

from __future__ import annotations

import msgspec


class Spell(msgspec.Struct, frozen=True):
    """One kind of length: lognormal, ``mean_s`` seconds with the coefficient of variation ``cv``; 1 kind in a
    mixture has ``weight`` of all."""

    mean_s: float
    cv: float
    weight: float = 1.0


class FarEnd(msgspec.Struct, frozen=True):
    """The people and machines that are called."""

    answer_share: tuple[float, ...] = (0.25,)
    """The share of dials that a person answers: one value for each hour of the shift, the last holds on."""
    machine_share: float = 0.25
    """The share that a machine answers; without detection an agent hears it."""
    busy_share: float = 0.08
    setup_s: float = 1.5
    """From the dial to the first ring."""
    rings: tuple[Spell, ...] = (Spell(9.0, 0.5),)
    """How long it rings until a person answers."""
    machine_rings: tuple[Spell, ...] = (Spell(18.0, 0.2),)
    detects_machines: bool = True
    """Whether machines are told apart before an agent hears them."""


class Crew(msgspec.Struct, frozen=True):
    """The agents."""

    agents: int = 20
    talks: tuple[Spell, ...] = (Spell(12.0, 0.6, 0.35), Spell(180.0, 0.8, 0.65))
    wrapups: tuple[Spell, ...] = (Spell(20.0, 0.6),)
    staffing: tuple[tuple[float, int], ...] = ()
    """(from second, agents signed in) where the number changes; whoever goes ends the call at hand first."""


class Scenario(msgspec.Struct, frozen=True):
    """A shift to simulate: who is called, who calls, and the campaign's settings."""

    name: str = "what if"
    crew: Crew = Crew()
    far_end: FarEnd = FarEnd()
    hours: float = 8.0
    leads: int | None = None
    """Leads in the list; None: more than the shift can dial."""
    method: str = "predictive"
    dial_ratio: float = 1.5
    abandon_limit: float = 0.03
    abandon_target: float | None = None
    line_limit: int = 1000
    calls_per_s: float = 100.0
    """What the trunk takes."""
    answer_wait_s: float = 2.0
    ring_limit_s: float = 25.0
    wrapup_limit_s: float = 600.0


class Minute(msgspec.Struct, frozen=True):
    """What one minute of the shift looked like, for plots."""

    at_s: float
    """Its end, seconds since the shift began."""
    occupancy: float
    """Talk and wrap-up over signed-in time, in this minute."""
    agents: int
    lines: float
    """Lines not yet joined, on average."""
    answered: int
    abandoned: int
    waits_s: tuple[float, ...] = ()
    """How long each agent who got a call had waited for it."""


class ShiftResult(msgspec.Struct, frozen=True):
    """What came of a simulated shift."""

    seed: int
    occupancy: float
    """Talk and wrap-up over signed-in time."""
    abandoned_share: float
    """Of the people who answered, as the campaign's account has them: see ``answered``."""
    worst_hour: float
    """The largest share of an hour with at least 50 answers."""
    placed: int
    answered: int
    """People who answered: all answers but those that an agent disposed of as a machine."""
    connected: int
    """Of them, those who talked with an agent."""
    abandoned: int
    """The others. ``answered`` is ``connected`` and ``abandoned``."""
    wait_mean_s: float
    """How long agents waited for a call."""
    wait_p90_s: float
    lines_mean: float
    """Lines in use at once, talking ones included: what the trunk must have."""
    lines_p95: float
    """Not exceeded in 95 % of the time."""
    lines_most: int
    minutes: tuple[Minute, ...]
    explained: tuple[tuple[float, str], ...]
    """(second, the pacer's own words) each quarter of an hour."""
    took_s: float
    """Real seconds: the one figure that differs between runs of the same scenario and seed."""
    machines: int = 0
    """Machines that an agent heard."""
