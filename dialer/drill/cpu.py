"""Processor time of processes and their children, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class CpuClock:
    """Adds up what each named process and its descendants have used; what has ended keeps its last reading."""

    def __init__(self) -> None:
        self._seconds: dict[str, dict[int, float]] = {}
        self.peak_memory_bytes = 0
        """Proportional: what processes share is counted once (``Pss`` of proc(5))."""

    def read(self, roots: dict[str, int]) -> None:
        """Take a reading: name → process id."""
        table = _process_table()
        memory = 0
        for name, root in roots.items():
            for pid in _tree(root, table):
                _parent, seconds = table[pid]
                self._seconds.setdefault(name, {})[pid] = seconds
                memory += _memory_bytes(pid)
        self.peak_memory_bytes = max(self.peak_memory_bytes, memory)

    def seconds(self) -> dict[str, float]:
        """Name → processor seconds so far."""
        return {name: round(sum(each.values()), 2) for name, each in self._seconds.items()}


def _memory_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _process_table() -> dict[int, tuple[int, float]]:
    """Process id → parent, processor seconds."""
    table = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            fields = text.rpartition(")")[2].split()
            seconds = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
            table[int(entry.name)] = (int(fields[1]), seconds)
    return table


def _tree(root: int, table: dict[int, tuple[int, float]]) -> list[int]:
    found = [root] if root in table else []
    for pid in found:
        found.extend(child for child, (parent, _) in table.items() if parent == pid)
    return found
