"""The secret that the processes share, and what is derived from it.

One value, ``PACELINE_BUS_SECRET`` (or a file named by ``PACELINE_BUS_SECRET_FILE``), is given to every process; each
use has a key of its own (HKDF-SHA-256, RFC 5869), so that one use can never forge for another.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive(secret: str, use: str) -> bytes:
    """32 bytes for one named use ("permit", "trunks")."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"paceline/{use}".encode()).derive(
        secret.encode()
    )


def box(secret: str, use: str) -> Fernet:
    """Authenticated encryption for values that rest in Redis (trunk passwords)."""
    return Fernet(base64.urlsafe_b64encode(derive(secret, use)))
