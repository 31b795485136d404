"""``manage.py carrier``: the practice carrier."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dialer.practice.carrier import MAX_CALLS, Carrier, Options
from dialer.practice.plan import RING_LIMIT_S, Practice


class Command(BaseCommand):
    """Runs until SIGINT or SIGTERM."""

    help = (
        "Answers calls like people and machines do; the last two digits dialed choose how (docs/practice.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options, each with what it is for."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=settings.CARRIER_PORT, help="0: any free one")
        parser.add_argument("--report", type=Path, help="write what happened to this JSON file")
        parser.add_argument(
            "--tapes", type=Path, metavar="FOLDER", help="keep what each far end hears as a sound file here"
        )
        parser.add_argument("--seed", type=int, default=0, help="the same seed draws the same talk lengths")
        parser.add_argument(
            "--answer-rate", type=float, help="share of people who answer, 0 to 1, for any number"
        )
        parser.add_argument(
            "--ring-limit", type=float, default=RING_LIMIT_S, help="seconds; endings 48 answer then"
        )
        parser.add_argument(
            "--delay-scale", type=float, default=1.0, help="multiplies the waits before answers"
        )
        parser.add_argument("--talk-scale", type=float, default=1.0, help="multiplies the lengths of talks")
        parser.add_argument("--max-calls", type=int, default=MAX_CALLS, help="more get 503")
        parser.add_argument("--username", default="practice", help="for the endings that ask for credentials")
        parser.add_argument("--password", default="practice", help="for the endings that ask for credentials")

    def handle(self, *args: Any, **given: Any) -> None:
        """Check the options and run."""
        rate = given["answer_rate"]
        if rate is not None and not 0 <= rate <= 1:
            raise CommandError("--answer-rate must lie between 0 and 1.")
        if min(given["ring_limit"], given["delay_scale"], given["talk_scale"]) < 0:
            raise CommandError("--ring-limit, --delay-scale and --talk-scale must not be negative.")
        if given["tapes"] and not given["tapes"].is_dir():
            raise CommandError(f"There is no folder {given['tapes']}.")
        practice = Practice(
            seed=given["seed"],
            answer_rate=rate,
            ring_limit_s=given["ring_limit"],
            delay_scale=given["delay_scale"],
            talk_scale=given["talk_scale"],
        )
        names = ("host", "port", "report", "tapes", "max_calls", "username", "password")
        options = Options(practice=practice, **{name: given[name] for name in names})
        asyncio.run(self._run(options))

    async def _run(self, options: Options) -> None:
        carrier = Carrier(options)
        try:
            await carrier.start()
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {options.host}:{options.port}: {error.strerror}."
            ) from error
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        self.stdout.write(f"Practice carrier on sip:{options.host}:{carrier.port} (UDP and TCP).")
        self.stdout.flush()
        await stopped.wait()
        await carrier.stop()
