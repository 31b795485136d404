"""What a remote signing service knows us by."""

from __future__ import annotations

from accounts.sealing import unseal

TOKEN_USE = "signer-token"  # noqa: S105 - the name of a use
"""The use that tokens are sealed for."""


def open_token(sealed: str) -> str:
    """The token, empty where none is kept. Raises ``accounts.sealing.SealBroken``."""
    return unseal(sealed, TOKEN_USE) if sealed else ""
