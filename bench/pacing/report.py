"""Everything that a run found, as one JSON object and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from .decisions import DecisionTime
from .figures import Figures
from .methods import LIMIT
from .optimum import Chain, optimum
from .scenarios import SCENARIOS
from .table import decision_lines, table, verdict_lines
from .verdicts import Verdict, verdicts

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


@dataclass(frozen=True)
class Report:
    """Figures of every method in every room, the optima that are known, and what a decision takes."""

    figures: Sequence[Figures]
    optima: dict[str, float]
    decisions: Sequence[DecisionTime]

    @property
    def verdicts(self) -> list[Verdict]:
        """Every promise that these figures can answer for."""
        results = {(row.scenario, row.method): row for row in self.figures}
        rooms = [
            scenario for scenario in SCENARIOS if any(row.scenario == scenario.name for row in self.figures)
        ]
        found = [verdict for room in rooms for verdict in verdicts(room, results, self.optima.get(room.name))]
        return found + [entry.verdict for entry in self.decisions]

    @property
    def missed(self) -> int:
        """How many promises were not kept."""
        return sum(not verdict.kept for verdict in self.verdicts)

    def text(self) -> str:
        """For a person."""
        lines = [*table(self.figures, self.optima)]
        if self.decisions:
            lines += decision_lines(self.decisions)
        return "\n".join([*lines, *verdict_lines(self.verdicts)])

    def to_json(self) -> str:
        """For a program, with each promise and whether it was kept."""
        found = {
            "optima": self.optima,
            "figures": [asdict(row) for row in self.figures],
            "decisions": [asdict(entry) | {"snapshots": entry.snapshots} for entry in self.decisions],
            "verdicts": [asdict(verdict) | {"kept": verdict.kept} for verdict in self.verdicts],
            "missed": self.missed,
        }
        return json.dumps(found, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Report:
        """What ``to_json`` wrote. Raises ``ValueError`` where it is something else."""
        try:
            found = json.loads(text)
            times = [{k: row[k] for k in _names(DecisionTime)} for row in found["decisions"]]
            rows = [Figures(**row) for row in found["figures"]]
            return cls(rows, found["optima"], [DecisionTime(**row) for row in times])
        except (KeyError, TypeError) as error:
            raise ValueError(f"This is no JSON of bench pacing: {error}.") from error


def _names(kind: type[DecisionTime]) -> list[str]:
    return [field.name for field in fields(kind)]


def optima_of(names: Sequence[str]) -> dict[str, float]:
    """Room → its exact optimum, for those without memory."""
    known = {name: BY_NAME[name].plan for name in names if BY_NAME[name].plan.memoryless}
    return {name: optimum(Chain.of(plan, LIMIT)) for name, plan in known.items()}
