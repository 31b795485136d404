"""A PostgreSQL server of a measurement's or a test's own: on a Unix socket in a scratch directory, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
OPTIONS = "-c listen_addresses='' -c fsync=off -c unix_socket_directories={} -c shared_buffers=1GB"
START_TIMEOUT_S = 60


class Unavailable(Exception):
    """There is no server to measure; says why."""


@contextmanager
def scratch_server(home: Path) -> Iterator[psycopg.Connection]:
    """A connection to a new, empty server. ``home`` is any directory on the disk to be used."""
    programs = _programs()
    owner = _owner()
    with tempfile.TemporaryDirectory(prefix="pg-", dir=home.parent) as name:
        if owner:
            shutil.chown(name, owner)
        data = f"{name}/data"
        _run([programs / "initdb", "-D", data, "-A", "trust", "-U", USER], owner)
        options = OPTIONS.format(name)
        _run([programs / "pg_ctl", "-D", data, "-w", "-l", f"{name}/log", "-o", options, "start"], owner)
        try:
            with psycopg.connect(host=name, user=USER, dbname=USER, autocommit=True) as connection:
                yield connection
        finally:
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], owner)


def database_url(server: psycopg.Connection, name: str) -> str:
    """A new database of the server, as ``DATABASE_URL`` is written."""
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgres://{USER}@/{server.info.host}/{name}"


def _programs() -> Path:
    found = sorted(INSTALLED.glob("*/bin/initdb"))
    if not found:
        raise Unavailable("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def _owner() -> str | None:
    """PostgreSQL does not run as root; then its own user runs it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER).pw_name
    except KeyError:
        raise Unavailable(f"Root cannot run PostgreSQL and there is no user {USER}.") from None


def _run(command: list[object], owner: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=owner,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=START_TIMEOUT_S,
    )
    if done.returncode:
        raise Unavailable(f"{Path(str(command[0])).name} failed: {done.stderr.strip()[:200]}")
