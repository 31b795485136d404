"""Who can what, and which campaigns share which agents: plain values, as the database has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.choices import RANK_UNSET


@dataclass(frozen=True, slots=True)
class Roster:
    """What routing must know besides the room itself. Ranks and levels: 1 is best."""

    routing: str = "longest"
    """A key of ``routing.STRATEGIES``."""
    list_skills: Mapping[int, int] = field(default_factory=dict)
    """Each active list → the skill that its people ask for, 0 for none; empty where no list asks for one."""
    skill_names: Mapping[int, str] = field(default_factory=dict)
    levels: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    """Agent → skill → level, of the skills that lists of this campaign ask for."""
    places: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    """Agent → campaign → rank: the campaigns of the organisation that share the agent."""
    siblings: tuple[int, ...] = ()
    """Campaigns whose rooms may hand agents to this one and take them from it."""

    def rank(self, agent: int, campaign: int) -> int:
        """How well placed the agent is in a campaign; who is not on its list stands in the middle."""
        return self.places.get(agent, {}).get(campaign, RANK_UNSET)

    def level(self, agent: int, skill: int) -> int:
        """How good the agent is at a skill, 0 where they do not have it."""
        return self.levels.get(agent, {}).get(skill, 0)

    def can(self, agent: int, skill: int) -> bool:
        """Whether the agent may take somebody who asks for this skill (0: for none)."""
        return not skill or self.level(agent, skill) > 0
