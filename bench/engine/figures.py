"""What the benchmark prints, from what the processes saw."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

MUST_NEVER_BE = ("number_twice_live", "call_dialed_twice", "agent_joined_twice")
LIMITS = {"assign_p99_ms": 20.0, "takeover_s": 3.0, "restart_s": 3.0, "violations": 0}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all do not exceed; NaN of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and largest of milliseconds."""
    return {
        f"{name}_p50_ms": round(percentile(values, 0.5), 2),
        f"{name}_p99_ms": round(percentile(values, 0.99), 2),
        f"{name}_max_ms": round(percentile(values, 1.0), 2),
    }


def assignments(
    answers: Mapping[str, tuple[float, float]], joined_at_once: Collection[str], since: float, until: float
) -> list[float]:
    """Milliseconds from answer to bridge, of the calls answered in the window while an agent was ready."""
    return [took for call, (at, took) in answers.items() if since <= at < until and call in joined_at_once]


def violations(*reports: dict[str, Any]) -> dict[str, int]:
    """How often what must never be was."""
    return {name: sum(report["counts"].get(name, 0) for report in reports) for name in MUST_NEVER_BE}


def passed(figures: Mapping[str, Any]) -> bool:
    """Whether every limit holds."""
    return all(figures[name] is not None and figures[name] <= limit for name, limit in LIMITS.items())
