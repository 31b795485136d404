"""Files that show a consent: taken in as hostile, kept under names of ours, given out only as attachments."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile

MEGABYTE = 1024 * 1024
MAX_PROOF_BYTES = 10 * MEGABYTE


class BadProof(ValueError):
    """The file is not taken; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that was looked at: what it is follows from its content, never from its name."""

    content: bytes
    suffix: str
    sha256: str

    def file(self) -> ContentFile:
        """To be stored, under a name that nobody chose."""
        return ContentFile(self.content, name=f"{uuid.uuid4().hex}.{self.suffix}")


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and b"\0" not in head
    return b"\0" not in head


SHAPES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("pdf", lambda head: head.startswith(b"%PDF-")),
    ("png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("jpg", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("wav", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
    ("mp3", lambda head: head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"))),
    ("txt", _is_text),
)
"""By their first bytes; the first that fits."""
HEAD_BYTES = 4096


def take_in(chunks: Iterable[bytes]) -> Proof:
    """Read a document, picture, recording or text of at most ``MAX_PROOF_BYTES``. Raises ``BadProof``."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > MAX_PROOF_BYTES:
            raise BadProof(
                f"The file is larger than {MAX_PROOF_BYTES // MEGABYTE} MB. Store a smaller copy of it."
            )
    if not content:
        raise BadProof("The file is empty. Choose the one that shows the consent.")
    head = bytes(content[:HEAD_BYTES])
    suffix = next((name for name, fits in SHAPES if fits(head)), None)
    if suffix is None:
        raise BadProof(
            "Only PDF, PNG, JPEG, WAV, MP3 and plain text are taken. Save the proof as one of them."
        )
    return Proof(bytes(content), suffix, hashlib.sha256(content).hexdigest())
