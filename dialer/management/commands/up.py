"""The whole product on one machine."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialer.supervise.programs import carrier_program, practice_agents_program, product_programs
from dialer.supervise.readiness import Flow, wait_for_rank
from dialer.supervise.supervisor import Supervisor

READY_LIMIT_S = 120.0


class Command(BaseCommand):
    """Start every process, restart what dies, and stop in order on Ctrl-C or SIGTERM."""

    help = (
        "Run web, pacing daemon, line node, media node, worker, beat and the embedded Redis on this machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Practice ends are off unless asked for."""
        parser.add_argument("--carrier", action="store_true", help="also run the practice carrier")
        parser.add_argument(
            "--practice-agents", type=int, default=0, metavar="N", help="also run N practice agents"
        )
        parser.add_argument("--pids", help="keep a JSON file of process ids here")
        parser.add_argument("--welcome", help="print this file once everything is up")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        call_command("migrate", interactive=False, verbosity=0)
        try:
            asyncio.run(self._run(options))
        except TimeoutError as error:
            raise CommandError(f"Not everything came up within {READY_LIMIT_S:.0f} s: {error}") from error

    async def _run(self, options: dict[str, Any]) -> None:
        programs = product_programs()
        if options["carrier"]:
            programs.append(carrier_program())
        if options["practice_agents"]:
            programs.append(practice_agents_program(options["practice_agents"]))
        supervisor = Supervisor(programs, self._say)
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        pids = Path(options["pids"]) if options["pids"] else None
        keeper = asyncio.create_task(_keep_pids(pids, supervisor)) if pids else None
        starting = asyncio.create_task(self._start(supervisor, options))
        try:
            stop = asyncio.create_task(stopping.wait())
            await asyncio.wait([starting, stop], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
            await stop
        finally:
            starting.cancel()
            self._say("stopping")
            await supervisor.stop()
            if keeper:
                keeper.cancel()
            self._say("stopped")

    async def _start(self, supervisor: Supervisor, options: dict[str, Any]) -> None:
        async with asyncio.timeout(READY_LIMIT_S):
            await supervisor.start(wait_for_rank)
        self._say(f"Paceline is up: http://{settings.HTTP_HOST}:{settings.HTTP_PORT}/")
        if options["welcome"]:
            self.stdout.write(await asyncio.to_thread(Path(options["welcome"]).read_text))
        if options["practice_agents"]:
            await Flow(self._say).watch()

    def _say(self, text: str) -> None:
        self.stdout.write(f"[up] {text}")
        self.stdout.flush()


async def _keep_pids(path: Path, supervisor: Supervisor) -> None:
    """Write the process ids for whoever watches from outside, whole or not at all."""
    while True:
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps({"up": os.getpid(), **supervisor.pids()}))
        temporary.replace(path)
        await asyncio.sleep(0.5)
