"""What the gate asks, and what it decided. Numbers are integers here (E.164 without the plus sign)."""

from .callers import CallerDay, CallerId, CallerResult
from .consent import Consent, ConsentImport, ReassignedAnswer
from .contacts import Contact
from .decisions import Chain, ChainCheck, Decision
from .dnc import DncEntry
from .law import Override, WindowClass
from .lists import DncChange, DncList, DncVersion, Wildcard
from .signing import Certificate, Signer, TrustedRoot

__all__ = [
    "CallerDay",
    "CallerId",
    "CallerResult",
    "Certificate",
    "Chain",
    "ChainCheck",
    "Consent",
    "ConsentImport",
    "Contact",
    "Decision",
    "DncChange",
    "DncEntry",
    "DncList",
    "DncVersion",
    "Override",
    "ReassignedAnswer",
    "Signer",
    "TrustedRoot",
    "Wildcard",
    "WindowClass",
]
