"""Large lists: how long 250 million numbers take to load, and how many are looked up a second, beside SELECTs.

    python -m bench.gate.lists [--small]

The text is what a registry delivers (area code, comma, seven digits). Making it is not counted; reading, building,
checksums, fsync and rename are.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.gate import postgresql
from compliance.lists.building import Builder
from compliance.lists.numbers import BitList, open_list
from compliance.lists.plans import NANP
from compliance.lists.reading.delivered import Tally, read_numbers
from compliance.lists.reading.reader import Reader
from compliance.lists.reading.source import Source

FULL, SMALL = 250_000_000, 5_000_000
ON_THE_LIST, NUMBERS_OF_AREA = 625_000, 10_000_000
"""Of an area code: 400 of them make 250 million."""
MOST_STEP = 31
"""Between neighbours, not reached: 15.5 on average, so that an area code is just large enough."""
LINE_BYTES = 12
LOOKED_UP, PAGE = 2_000_000, 500
SELECTED = 20_000
ROWS_MAX = 5_000_000
SPARE_BYTES = 2 * 1024**3
SELECT = "SELECT 1 FROM registry WHERE number = "
MEASURED = 3
"""Runs, of which the best counts: the machine does other things too."""


def measure(small: bool) -> dict[str, Any]:
    """The figures; a peer that cannot be measured is null with the reason beside it."""
    count = SMALL if small else FULL
    with tempfile.TemporaryDirectory(prefix="lists-") as name:
        home = Path(name)
        free = shutil.disk_usage(home).free
        if free < count * LINE_BYTES + SPARE_BYTES:
            raise RuntimeError(f"{name} has {free / 1e9:.0f} GB left, too little for {count:,} numbers.")
        sample = write_registry(home / "registry.txt", count)
        load_s = load(home / "registry.txt", home / "registry.numbers", count)
        (home / "registry.txt").unlink()
        figures = look_up(home / "registry.numbers", sample)
        disk = (home / "registry.numbers").stat().st_blocks * 512
        selects, why = select_rates(home, sample[:ROWS_MAX])
    return {
        "list_numbers": count,
        "load_s": round(load_s, 2),
        "load_250m_s": None if small else round(load_s, 2),
        **figures,
        "list_file_mb": round(disk / 1e6),
        "list_shared": "one mapped file for all processes; none holds a copy of its own",
        "select_per_s": selects,
        "select_missing": why,
    }


def write_registry(path: Path, count: int) -> np.ndarray:
    """Evenly spread over its area codes, in rising order; gives some of the numbers on the list."""
    rng = np.random.default_rng(3)
    kept = []
    with path.open("wb") as file:
        for code in range(count // ON_THE_LIST):
            area = 201 + code * 2
            lines = np.cumsum(rng.integers(1, MOST_STEP, ON_THE_LIST))
            file.write(as_text(area, lines))
            kept.append(10_000_000_000 + area * NUMBERS_OF_AREA + lines[:: max(count // ROWS_MAX, 1)])
    return np.concatenate(kept)


def as_text(area: int, lines: np.ndarray) -> bytes:
    """``NPA,NNNNNNN`` a line."""
    text = np.empty((len(lines), LINE_BYTES), np.uint8)
    text[:, :4] = np.frombuffer(f"{area},".encode(), np.uint8)
    rest = lines.copy()
    for column in range(10, 3, -1):
        text[:, column] = rest % 10 + ord("0")
        rest //= 10
    text[:, 11] = ord("\n")
    return text.tobytes()


def load(source: Path, stored: Path, count: int) -> float:
    """Seconds from the delivered file to the file that may be put in force."""
    started = time.perf_counter()
    tally, builder = Tally(), Builder(stored, NANP)
    with Source(source) as delivered:
        for batch in read_numbers(delivered, Reader("US", only=True), tally):
            builder.add(batch.numbers)
    header = builder.finish()
    took = time.perf_counter() - started
    assert tally.accepted == header.count == count
    return took


def look_up(stored: Path, sample: np.ndarray) -> dict[str, Any]:
    """Look-ups a second of numbers of which half are on the list, in pages and one at a time."""
    opened = open_list(stored)
    assert isinstance(opened, BitList)
    rng = np.random.default_rng(4)
    on = rng.choice(sample, LOOKED_UP // 2)
    asked = np.concatenate([on, rng.integers(NANP.base, NANP.base + NANP.span, LOOKED_UP // 2)])
    rng.shuffle(asked)
    pages = [asked[start : start + PAGE] for start in range(0, len(asked), PAGE)]
    singles = asked.tolist()
    before = own_memory_mb()
    paged = best(lambda: [opened.has_many(page) for page in pages])
    has = opened.has
    single = best(lambda: [has(number) for number in singles])
    assert opened.has_many(on).all()
    return {
        "lookups_paged_per_s": round(LOOKED_UP / paged),
        "lookups_single_per_s": round(LOOKED_UP / single),
        "list_own_memory_mb": round(own_memory_mb() - before),
    }


def own_memory_mb() -> float:
    """Memory that this process shares with none (anonymous pages)."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def best(work: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(MEASURED):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def select_rates(home: Path, numbers: np.ndarray) -> tuple[dict[str, int | None], dict[str, str]]:
    """One indexed SELECT a lead, as other dialers ask; and why one could not be measured."""
    numbers = np.unique(numbers)
    asked = np.random.default_rng(5).choice(numbers, SELECTED).tolist()
    rates: dict[str, int | None] = {"sqlite": sqlite_rate(home / "registry.sqlite3", numbers, asked)}
    why: dict[str, str] = {}
    try:
        rates["postgresql"] = postgresql_rate(home, numbers, asked)
    except postgresql.Unavailable as error:
        rates["postgresql"], why["postgresql"] = None, str(error)
    return rates, why


def sqlite_rate(path: Path, numbers: np.ndarray, asked: list[int]) -> int:
    """Look-ups a second in a table whose key is the number."""
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE registry (number INTEGER PRIMARY KEY)")
    database.executemany("INSERT INTO registry VALUES (?)", ((number,) for number in numbers.tolist()))
    database.commit()
    cursor = database.cursor()
    took = best(lambda: [cursor.execute(SELECT + "?", (number,)).fetchone() for number in asked])
    database.close()
    return round(len(asked) / took)


def postgresql_rate(home: Path, numbers: np.ndarray, asked: list[int]) -> int:
    """The same over a Unix socket in a server of its own."""
    with postgresql.scratch_server(home) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE registry (number bigint)")
        with cursor.copy("COPY registry FROM STDIN") as copy:
            copy.write("\n".join(map(str, numbers.tolist())) + "\n")
        cursor.execute("CREATE UNIQUE INDEX ON registry (number)")
        cursor.execute("ANALYZE registry")

        def ask() -> None:
            for number in asked:
                cursor.execute(SELECT + "%s", (number,)).fetchone()

        return round(len(asked) / best(ask))


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="5 million numbers")
    print(json.dumps(measure(parser.parse_args().small), indent=2))


if __name__ == "__main__":
    main()
