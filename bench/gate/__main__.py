"""Everything about the gate in one JSON object.

    ./paceline bench gate --json [--small] [--only lists|windows|signing|decisions] [--database postgresql]

Takes about five minutes and two gigabytes of disk for 250 million numbers, with ``--small`` (5 million) one minute.
Other load on the machine lowers all rates; each stands beside its baseline of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

PARTS = ("windows", "signing", "decisions", "lists")
INDENT = 2


def main() -> int:
    """Measure the parts one after another; nothing of the real installation is touched."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="paceline-bench-") as home, ExitStack() as stack:
        _set_up(Path(home), stack.enter_context(_database(options.database, Path(home))))
        figures: dict[str, Any] = {}
        for name in [options.only] if options.only else PARTS:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            measure: Callable[[bool], dict[str, Any]] = import_module(f"bench.gate.{name}").measure
            figures |= measure(options.small)
    print(json.dumps(figures, indent=None if options.json else INDENT))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench gate", description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="5 million numbers instead of 250 million")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--json", action="store_true", help="on one line")
    return parser.parse_args()


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    """Where the decisions are written: a file, or a server of our own."""
    if kind == "sqlite":
        yield f"sqlite:///{home / 'bench.sqlite3'}"
        return
    from bench.gate.postgresql import database_url, scratch_server

    with scratch_server(home) as server:
        yield database_url(server, "bench")


def _set_up(home: Path, database: str) -> None:
    os.environ |= {"PACELINE_DATA": str(home), "DATABASE_URL": database}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dialer.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
