"""Where the files of lists rest, how they are named, and how one writer at a time is let in."""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .problems import Busy

FOLDER_MODE, FILE_MODE = 0o700, 0o600
PARTIAL = ".part"
"""Ends the name of a file that is still being written."""


def folder() -> Path:
    """The folder of all files of lists; made when missing."""
    path = Path(settings.DATA_DIR) / "lists"
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)
    return path


def uploads() -> Path:
    """The folder of files that wait to be loaded."""
    path = folder() / "uploads"
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)
    return path


def new_name(list_id: int, suffix: str) -> str:
    """A name nobody else has; it begins with the list's."""
    return f"{list_id}-{uuid.uuid4().hex}.{suffix}"


def names_of(list_id: int) -> set[str]:
    """The names of all files of a list, whatever they are."""
    return {path.name for path in folder().glob(f"{list_id}-*")}


def publish(partial: Path, final: Path) -> None:
    """Give a finished file its name, so that it is there wholly or not at all, also after a loss of power."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, final)
    descriptor = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def only_writer(list_id: int) -> Iterator[None]:
    """Be the only one who loads or changes the list; the kernel lets go when the process dies. Raises ``Busy``."""
    descriptor = os.open(folder() / f"{list_id}.lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Busy from None
    try:
        yield
    finally:
        os.close(descriptor)
