"""Reads a list's file from its first block to its last."""

from __future__ import annotations

from ..models import DncList
from . import files
from .checking import check_whole
from .problems import Damaged


def verify_list(dnc_list: DncList) -> str:
    """What was found, in words. Raises ``Damaged``."""
    version = dnc_list.current
    if version is None:
        return "never loaded"
    try:
        count = check_whole(files.folder() / version.file)
    except OSError as error:
        raise Damaged("Its file is missing or cannot be read.") from error
    if count != version.entries:
        raise Damaged(f"It holds {count:,} numbers and {version.entries:,} were loaded.")
    return f"v{version.number}+{version.change}, {count:,} numbers, all as written"
