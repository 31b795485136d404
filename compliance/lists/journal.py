"""Files of changes: what is to be added and removed, written down before anything is changed."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

from .files import PARTIAL, publish
from .numbers import Numbers
from .problems import Damaged

MAGIC = b"PLCHANG1"
_HEAD = struct.Struct("<8sQQI")


def write_journal(path: Path, added: Numbers, removed: Numbers) -> None:
    """The file is there wholly, or not at all."""
    body = added.astype("<i8").tobytes() + removed.astype("<i8").tobytes()
    partial = path.with_name(path.name + PARTIAL)
    with partial.open("xb") as file:
        partial.chmod(0o600)
        file.write(_HEAD.pack(MAGIC, len(added), len(removed), zlib.crc32(body)))
        file.write(body)
    publish(partial, path)


def read_journal(path: Path) -> tuple[Numbers, Numbers]:
    """What it adds and removes. Raises ``Damaged``."""
    try:
        raw = path.read_bytes()
        magic, adding, removing, checksum = _HEAD.unpack_from(raw)
    except (OSError, struct.error) as error:
        raise Damaged("The journal of a change is missing or cut off. Load the list in full.") from error
    body = raw[_HEAD.size :]
    if magic != MAGIC or len(body) != 8 * (adding + removing) or zlib.crc32(body) != checksum:
        raise Damaged("The journal of a change is not what was written. Load the list in full.")
    numbers = np.frombuffer(body, np.int64)
    return numbers[:adding], numbers[adding:]
