"""What verifying a call comes to: verstat, the SIP answer for a call turned away, the Reason for one that is not.

``Failed`` means: something was checked and is wrong. ``No-TN-Validation`` means: nothing could be checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verstat(StrEnum):
    """3GPP TS 24.229, 7.2A.20."""

    PASSED = "TN-Validation-Passed"
    FAILED = "TN-Validation-Failed"
    NONE = "No-TN-Validation"


class Complaint(StrEnum):
    """What may be wrong; the value is the phrase of the SIP answer (RFC 8224, 6.2.2)."""

    STALE_DATE = "Stale Date"
    USE_IDENTITY = "Use Identity Header"
    BAD_INFO = "Bad Identity Info"
    UNSUPPORTED_CREDENTIAL = "Unsupported Credential"
    INVALID_HEADER = "Invalid Identity Header"


CODES = {
    Complaint.STALE_DATE: 403,
    Complaint.USE_IDENTITY: 428,
    Complaint.BAD_INFO: 436,
    Complaint.UNSUPPORTED_CREDENTIAL: 437,
    Complaint.INVALID_HEADER: 438,
}
UNCHECKED = frozenset({Complaint.USE_IDENTITY, Complaint.BAD_INFO})


class Refused(Exception):
    """The call cannot be verified; ``why`` is for a person."""

    def __init__(self, complaint: Complaint, why: str) -> None:
        super().__init__(f"{complaint}: {why}")
        self.complaint, self.why = complaint, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The answer of the verifier. Only where it passed are the claims proven; otherwise they are empty."""

    verstat: Verstat
    complaint: Complaint | None = None
    why: str = ""
    attestation: str = ""
    origid: str = ""
    signer: str = ""
    """The common name of the certificate that signed."""
    fingerprint: str = ""
    diverted_from: tuple[str, ...] = ()
    """The numbers (digits) that sent the call on, the last one first."""
    display_name: str = ""
    """From ``rcd``, where that was signed by the same holder."""

    @property
    def code(self) -> int:
        """The SIP answer for a call that is turned away; 0 where there is nothing to turn it away for."""
        return CODES[self.complaint] if self.complaint else 0

    @property
    def reason(self) -> str:
        """The Reason header of a call that goes on all the same (RFC 9410), empty where there is none."""
        return f'STIR;cause={self.code};text="{self.complaint}"' if self.complaint else ""

    @property
    def verstat_with_level(self) -> str:
        """As carriers write it: ``TN-Validation-Passed-A``."""
        return f"{self.verstat}-{self.attestation}" if self.attestation else str(self.verstat)


def complained(refused: Refused) -> Verified:
    """The answer for a call that cannot be verified."""
    verstat = Verstat.NONE if refused.complaint in UNCHECKED else Verstat.FAILED
    return Verified(verstat=verstat, complaint=refused.complaint, why=refused.why)
