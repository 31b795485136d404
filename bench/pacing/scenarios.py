"""The rooms that methods are compared in: every difficulty of a real floor alone, so that a loss shows its cause."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from .room import HOUR_S, Plan

SELLING = ((0.35, 12.0, 0.6), (0.65, 180.0, 0.8))
"""Talks of a sales campaign: a third hang up at once."""


@dataclass(frozen=True)
class Scenario:
    """A room, and what the project's method must reach in it."""

    name: str
    about: str
    plan: Plan
    points: float = 2.0
    """Points of occupancy (hundredths) above the best ratio of hindsight."""
    of_optimum: float | None = None
    """Share of the exact optimum, where that can be computed; it stands in place of the points."""


def memoryless(agents: int, hours: float, of_optimum: float) -> Scenario:
    """A room whose optimum is known."""
    plan = Plan(
        agents,
        hours,
        people=0.25,
        ring=(12.0, 1.0),
        talks=((1.0, 120.0, 1.0),),
        patience_s=0.0,
        memoryless=True,
    )
    return Scenario(
        f"memoryless-{agents}", f"{agents} agents, no memory anywhere", plan, of_optimum=of_optimum
    )


def drift(now: float) -> float:
    """Answer rates that swing between 12 and 38 % twice in a day."""
    return 0.25 + 0.13 * math.sin(2 * math.pi * now / (4 * HOUR_S))


def steps(now: float) -> float:
    """Answer rates that jump each 40 minutes, as when a list ends and another begins."""
    return 0.4 if (now // 2400) % 2 else 0.1


def breaks(now: float) -> int:
    """Fifteen agents of whom six go for ten minutes in each hour."""
    return 9 if 1800 <= now % HOUR_S < 2400 else 15


def churn(now: float) -> int:
    """Agents come and go every five minutes, twelve to twenty of them."""
    return 16 + round(4 * math.sin(now // 300 * 1.7))


SALES = Plan(agents=20, hours=8, people=0.25, talks=SELLING)
SCENARIOS = (
    memoryless(5, 8, 0.98),
    memoryless(10, 8, 0.98),
    memoryless(20, 8, 0.99),
    memoryless(50, 4, 0.99),
    Scenario("pair", "2 agents", replace(SALES, agents=2), points=0.0),
    Scenario("small-room", "8 agents", replace(SALES, agents=8, people=0.22), points=1.5),
    Scenario("sales-20", "20 agents", SALES),
    Scenario("floor-60", "60 agents", replace(SALES, agents=60, hours=4, people=0.3)),
    Scenario(
        "collections",
        "30 agents, few answers, wrong numbers and long talks",
        replace(
            SALES, agents=30, hours=4, people=0.12, talks=((0.5, 8, 0.5), (0.5, 240, 0.9)), wrapup=(30, 0.7)
        ),
    ),
    Scenario("drift", "answer rates swing through the day", replace(SALES, people_at=drift), points=5.0),
    Scenario("steps", "answer rates jump between 10 and 40 %", replace(SALES, people_at=steps), points=10.0),
    Scenario("breaks", "6 of 15 agents pause each hour", replace(SALES, agents=15, crew_at=breaks)),
    Scenario("churn", "agents come and go", replace(SALES, crew_at=churn)),
    Scenario("few-lines", "20 agents and 14 lines", replace(SALES, line_limit=14)),
    Scenario("slow-detection", "machines told apart in 2.5 s", replace(SALES, detection_s=2.5)),
    Scenario(
        "short-talk", "talks of 20 s", replace(SALES, hours=4, talks=((1.0, 20.0, 0.7),), wrapup=(5.0, 0.5))
    ),
    Scenario("long-talk", "talks of 10 min", replace(SALES, talks=((1.0, 600.0, 0.7),), wrapup=(60.0, 0.5))),
)
