"""No dial under a stale epoch: by the word of the nodes that dialed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .values import Dial, Violation

RULE = "no dial under a stale epoch"


def judge(dials: Iterable[Dial], held: Iterable[tuple[int, int]]) -> Iterator[Violation]:
    """Dials in the order of each node's word; ``held``: every (campaign, epoch) that a daemon had."""
    known = set(held)
    newest: dict[tuple[int, str], int] = {}
    for dial in dials:
        key = (dial.campaign, dial.node)
        before = newest.get(key, 0)
        if dial.newest_epoch > dial.epoch:
            yield _stale(dial, f"the node knew epoch {dial.newest_epoch} when it dialed")
        elif dial.epoch < before:
            yield _stale(dial, f"the node had dialed under epoch {before} before")
        elif (dial.campaign, dial.epoch) not in known:
            yield _stale(dial, "no daemon ever held the campaign under it")
        newest[key] = max(before, dial.epoch)


def _stale(dial: Dial, evidence: str) -> Violation:
    return Violation(RULE, f"call {dial.call}", f"{dial.node} dialed under epoch {dial.epoch}; {evidence}")
