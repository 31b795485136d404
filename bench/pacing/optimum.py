"""The most that any method can reach in a memoryless room, exactly.

Rings and talks are exponential and nobody waits, so a room is its busy agents b and its lines in flight r: a Markov
decision process whose only action is to raise r. Wanted is the largest mean of b with abandoned ≤ limit · answered.
That constraint is priced (Altman, Constrained Markov Decision Processes, 1999): for a price λ a policy is worth
mean(b) + λ · mean(limit · answered - abandoned), policy iteration finds the best one, and the least over λ of that
worth is the constrained optimum. It is convex in λ and made of straight pieces, one a policy, so the crossing of the
best pieces known on both sides leads to it in a finite number of steps (Kelley, 1960).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .room import Plan

Floats = NDArray[np.float64]
Policy = NDArray[np.int64]
"""[b, r] → lines in flight after deciding."""
State = tuple[int, int]
"""(b, r)."""

LEAST_GAIN = 1e-10
"""Busy agents that a change of policy must promise; less is rounding."""
LEAST_PRICE = 1e-3
"""Seconds of an agent for a call abandoned: a limit that does not bind even here does not bind."""
CLOSE = 1e-7
"""Busy agents between the best policy's worth and what the straight pieces foretold: the optimum is found."""


@dataclass(frozen=True)
class Chain:
    """A memoryless room: agents, the most lines in flight, and rates a second."""

    agents: int
    lines: int
    answer_share: float
    ring_rate: float
    talk_rate: float
    limit: float

    @classmethod
    def of(cls, plan: Plan, limit: float) -> Chain:
        """The chain of a memoryless plan. Thrice as many lines in flight change the optimum by less than 1e-9."""
        ring_s, talk_s = plan.ring[0], plan.talks[0][1]
        steady = plan.agents * ring_s / (talk_s * plan.people)
        lines = math.ceil(2 * (steady + math.sqrt(plan.agents) / plan.people)) + 8
        return cls(plan.agents, lines, plan.people, 1 / ring_s, 1 / talk_s, limit)

    @property
    def answers(self) -> Floats:
        """[r] → answers a second."""
        return np.arange(self.lines + 1) * self.ring_rate * self.answer_share


@dataclass(frozen=True)
class Value:
    """What a policy is worth: means over time, and what each state promises above them."""

    busy: float
    slack: float
    """limit · answered - abandoned, a second."""
    busy_ahead: Floats
    slack_ahead: Floats

    def at(self, price: float) -> float:
        """Mean busy agents and priced slack."""
        return self.busy + price * self.slack


def optimum(chain: Chain) -> float:
    """The largest mean share of busy agents that keeps the limit."""
    price = 1.0 / chain.talk_rate
    policy, value = best_policy(chain, price, progressive(chain))
    within = over = value
    while within.slack < 0:
        price *= 2
        policy, within = best_policy(chain, price, policy)
    while over.slack >= 0:
        price /= 2
        if price < LEAST_PRICE:
            return float(over.busy / chain.agents)
        policy, over = best_policy(chain, price, policy)
    return float(_least_worth(chain, over, within, policy) / chain.agents)


def _least_worth(chain: Chain, over: Value, within: Value, policy: Policy) -> float:
    """Where the worth of the policy that breaks the limit and of the one that keeps it cross, until none is better."""
    while True:
        price = (over.busy - within.busy) / (within.slack - over.slack)
        foretold = over.at(price)
        policy, value = best_policy(chain, price, policy)
        if value.at(price) <= foretold + CLOSE:
            return foretold
        if value.slack >= 0:
            within = value
        else:
            over = value


def progressive(chain: Chain) -> Policy:
    """One line an idle agent, or what rings already: where the search begins."""
    idle = np.minimum(chain.agents - np.arange(chain.agents + 1), chain.lines)
    return np.maximum(idle[:, None], np.arange(chain.lines + 1)[None, :])


def best_policy(chain: Chain, price: float, policy: Policy) -> tuple[Policy, Value]:
    """Policy iteration (Howard, 1960) for this price, from ``policy`` on."""
    while True:
        value = evaluate(chain, policy)
        ahead = value.busy_ahead + price * value.slack_ahead
        raised = raise_lines(ahead)
        gain = np.take_along_axis(ahead, raised, 1) - np.take_along_axis(ahead, policy, 1)
        if gain.max() <= LEAST_GAIN * (1 + abs(ahead).max()):
            return policy, value
        policy = np.where(gain > 0, raised, policy)


def raise_lines(ahead: Floats) -> Policy:
    """[b, r] → the r' ≥ r that promises most; of equals the fewest lines."""
    backwards = ahead[:, ::-1]
    best = np.maximum.accumulate(backwards, axis=1)
    column = np.arange(ahead.shape[1])
    is_best = np.where(backwards >= best, column, 0)
    return column[-1] - np.maximum.accumulate(is_best, axis=1)[:, ::-1]


def evaluate(chain: Chain, policy: Policy) -> Value:
    """What a policy is worth, by block elimination over b: the chain moves b by one at most.

    A state is (b, r) after deciding. ``ahead`` solves  rate · ahead - Σ rates · ahead(next) = reward - mean,  with
    ahead = 0 at home: all but one agent busy, which is often so under any policy worth asking about.
    """
    blocks = [_rows(chain, policy, busy) for busy in range(chain.agents + 1)]
    home = (chain.agents - 1, int(policy[chain.agents - 1, 0]))
    solved = _eliminate(blocks, home)
    busy_ahead, slack_ahead, time_ahead = solved[:, :, 0], solved[:, :, 1], solved[:, :, 2]
    busy, slack = _means(blocks, solved, home)
    return Value(busy, slack, busy_ahead - busy * time_ahead, slack_ahead - slack * time_ahead)


@dataclass(frozen=True)
class Rows:
    """The equations of the states with one b: their parts toward b - 1, b and b + 1, and [r, (busy, slack, 1)]."""

    below: Floats
    here: Floats
    above: Floats
    rewards: Floats


def _rows(chain: Chain, policy: Policy, busy: int) -> Rows:
    """Idle agents tick as busy ones end their talks, without effect: an empty room with no line must still decide."""
    size = chain.lines + 1
    r = np.arange(size)
    fewer = np.maximum(r - 1, 0)
    answers, fails = chain.answers, r * chain.ring_rate - chain.answers
    lost = answers if busy == chain.agents else np.zeros(size)
    below, here, above = np.zeros((3, size, size))
    here[r, r] += chain.agents * chain.talk_rate + r * chain.ring_rate
    here[r, policy[busy, r]] -= (chain.agents - busy) * chain.talk_rate
    here[r, policy[busy, fewer]] -= fails + lost
    if busy:
        below[r, policy[busy - 1, r]] -= busy * chain.talk_rate
    if busy < chain.agents:
        above[r, policy[busy + 1, fewer]] -= answers
    slack = chain.limit * answers - lost
    return Rows(below, here, above, np.stack([np.full(size, float(busy)), slack, np.ones(size)], axis=1))


def _eliminate(blocks: list[Rows], home: State) -> Floats:
    """[b, r, (busy, slack, time)] until the home state is reached: from the full room down, then back up."""
    size = len(blocks[0].rewards)
    carried, promise = np.zeros((size, size)), np.zeros((size, 3))
    folded: list[tuple[Floats, Floats]] = []
    for busy in reversed(range(len(blocks))):
        block = blocks[busy]
        here, below = block.here + block.above @ carried, block.below.copy()
        rewards = block.rewards - block.above @ promise
        if busy == home[0]:
            here[home[1]], below[home[1]], rewards[home[1]] = np.eye(size)[home[1]], 0.0, 0.0
        solution = np.linalg.solve(here, np.hstack([below, rewards]))
        carried, promise = -solution[:, :size], solution[:, size:]
        folded.append((carried, promise))
    values = [folded[-1][1]]
    for carried, promise in reversed(folded[:-1]):
        values.append(promise + carried @ values[-1])
    return np.stack(values)


def _means(blocks: list[Rows], solved: Floats, home: State) -> tuple[float, float]:
    """Reward over time from home to home."""
    busy, lines = home
    row = blocks[busy]
    cycle = row.rewards[lines] - row.here[lines] @ solved[busy] - row.above[lines] @ solved[busy + 1]
    if busy:
        cycle = cycle - row.below[lines] @ solved[busy - 1]
    return cycle[0] / cycle[2], cycle[1] / cycle[2]
