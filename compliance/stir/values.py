"""What signers are asked, what they answer, and what they are made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164 in ASCII digits: any others would be signed, and no verifier would know them."""
LEVELS = ("", "A", "B", "C")
LOWEST = "C"
"""What is claimed where nothing is known: a gateway's attestation (ATIS-1000074, 5.2.3)."""
WORDS_LENGTH = 80
"""Room for the signer in the record."""
FINGERPRINT_DIGITS = 16
NEEDS_A_PERSON_S = 60.0
"""When to ask again what somebody has to set right first."""
NO_CALLER_ID = (
    "The call shows no caller ID of ours, so it cannot be signed. Give the campaign caller IDs, "
    "or let the trunk's carrier sign."
)
NO_NUMBER = "A number of the call is not in the international form, so it cannot be signed."


class Asked(msgspec.Struct, frozen=True):
    """One call to sign. Numbers are E.164 with ``+``; ``at`` is Unix time."""

    signer: int
    organisation: int
    attestation: str
    orig: str
    dest: str
    at: float
    display_name: str = ""
    diverted_from: str = ""


class Signed(msgspec.Struct, frozen=True):
    """What goes onto the INVITE and into the record. ``identity`` is empty where the carrier signs."""

    identity: str
    attestation: str
    origid: str
    signer: str
    """Who signed, and with which certificate, for the record."""
    beside: tuple[str, ...] = ()
    """Further Identity headers beside the first: ``div``, ``rcd``."""


class Unsigned(msgspec.Struct, frozen=True):
    """It could not be signed: the call must not go out. ``retry_s``: when to ask again."""

    why: str
    retry_s: float


Answer = Signed | Unsigned


@dataclass(frozen=True, slots=True)
class CertificateStamp:
    """By what a signer's certificate in use is known: another stamp, another key to load."""

    id: int
    fingerprint: str
    x5u: str
    not_before: datetime | None
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class SignerRecord:
    """A signer as it rests in the database."""

    id: int
    organisation: int
    name: str
    kind: str
    url: str
    token_sealed: str
    origid: str
    active: bool
    highest: str
    """The highest attestation that it may claim."""
    signs_name: bool
    certificate: CertificateStamp | None = None

    def attestation(self, claimed: str) -> str:
        """The lower of what may be claimed for the caller ID and what the signer may claim."""
        return max(claimed or LOWEST, self.highest)

    def words(self, fingerprint: str = "") -> str:
        """Kind, name and the certificate's fingerprint, as they fit into the record."""
        ends = len(self.kind) + 1 + (1 + FINGERPRINT_DIGITS if fingerprint else 0)
        name = self.name[: WORDS_LENGTH - ends]
        return " ".join(part for part in (self.kind, name, fingerprint[:FINGERPRINT_DIGITS]) if part)


class Plugin(Protocol):
    """One signer that is ready to sign."""

    def sign(self, calls: Sequence[Asked]) -> list[Answer]:
        """One answer a call, in order."""


def numbers_missing(call: Asked) -> Unsigned | None:
    """Why this call has no numbers that could be signed, if it has none."""
    if not NUMBER.fullmatch(call.orig):
        return Unsigned(NO_CALLER_ID, NEEDS_A_PERSON_S)
    if not NUMBER.fullmatch(call.dest) or (call.diverted_from and not NUMBER.fullmatch(call.diverted_from)):
        return Unsigned(NO_NUMBER, NEEDS_A_PERSON_S)
    return None
