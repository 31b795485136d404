"""Processor time of processes and their children, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class CpuClock:
    """Adds up what each named process and its descendants have used; what has ended keeps its last reading."""

    def __init__(self) -> None:
        self._seconds: dict[str, dict[int, float]] = {}
        self.peak_rss_bytes = 0

    def read(self, roots: dict[str, int]) -> None:
        """Take a reading: name → process id."""
        table = _process_table()
        total_rss = 0
        for name, root in roots.items():
            for pid in _tree(root, table):
                _parent, seconds, rss = table[pid]
                self._seconds.setdefault(name, {})[pid] = seconds
                total_rss += rss
        self.peak_rss_bytes = max(self.peak_rss_bytes, total_rss)

    def seconds(self) -> dict[str, float]:
        """Name → processor seconds so far."""
        return {name: round(sum(each.values()), 2) for name, each in self._seconds.items()}


def _process_table() -> dict[int, tuple[int, float, int]]:
    """Process id → parent, processor seconds, resident bytes."""
    table = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            fields = text.rpartition(")")[2].split()
            seconds = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
            table[int(entry.name)] = (int(fields[1]), seconds, int(fields[21]) * PAGE_BYTES)
    return table


def _tree(root: int, table: dict[int, tuple[int, float, int]]) -> list[int]:
    found = [root] if root in table else []
    for pid in found:
        found.extend(child for child, (parent, _, _) in table.items() if parent == pid)
    return found
