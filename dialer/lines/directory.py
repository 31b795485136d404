"""The private directory of a line node: prompts, sockets. The next node sweeps away what a killed one left."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "pl-lines-"


def make_directory() -> Path:
    """A directory that only this user may enter, named by the process, after those of dead processes are removed."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_abandoned(old):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def _is_abandoned(directory: Path) -> bool:
    owner = directory.name.removeprefix(PREFIX).partition("-")[0]
    try:
        mine = directory.lstat().st_uid == os.geteuid()
    except OSError:
        return False
    return mine and owner.isdigit() and not Path(f"/proc/{owner}").exists()
