"""Signs a batch of calls, each by the signer of its trunk.

A signer is a plug-in by its kind. It is made once a process and looked at again after a second at the earliest:
one query for all signers in use, none for a call.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..choices import SignerKind
from ..models import Certificate, Signer
from .carrier import CarrierSigner, ask_carrier
from .local import open_local
from .remote import open_remote
from .values import NEEDS_A_PERSON_S, Answer, Asked, CertificateStamp, Plugin, Signed, SignerRecord, Unsigned

__all__ = ["CARRIER", "Asked", "Signed", "Unsigned", "forget_signers", "sign_all"]

CARRIER = 0
"""The number of the signer that is the carrier."""
CHECK_EVERY_S = 1.0
"""How long a signer that was changed, switched off or given another certificate may sign as before."""
PLUGINS: dict[str, Callable[[SignerRecord], Plugin]] = {
    SignerKind.CARRIER: CarrierSigner,
    SignerKind.LOCAL: open_local,
    SignerKind.REMOTE: open_remote,
}
"""Adding a kind: a module with a class that has ``sign``, an entry here and in ``SignerKind``, its tests."""
GONE = Unsigned(
    "The trunk's signer is switched off, removed or not the organisation's. Choose another for the trunk.",
    NEEDS_A_PERSON_S,
)


class SignerBook:
    """The signers of this process, ready to sign."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._ready: dict[int, tuple[SignerRecord, Plugin] | None] = {}

    def find(self, signers: set[int]) -> dict[int, tuple[SignerRecord, Plugin] | None]:
        """Each signer with its record; None for one that there is not or that is switched off."""
        with self._lock:
            if self._clock() - self._checked_at >= CHECK_EVERY_S or not signers <= self._ready.keys():
                self._load(signers | self._ready.keys())
            return {signer: self._ready[signer] for signer in signers}

    def _load(self, signers: set[int]) -> None:
        records = {record.id: record for record in _records(signers)}
        ready: dict[int, tuple[SignerRecord, Plugin] | None] = dict.fromkeys(signers)
        for signer, record in records.items():
            kept = self._ready.get(signer)
            ready[signer] = kept if kept and kept[0] == record else (record, PLUGINS[record.kind](record))
        self._ready, self._checked_at = ready, self._clock()

    def forget(self) -> None:
        """Look at every signer anew at the next call."""
        with self._lock:
            self._ready.clear()


_book = SignerBook()


def sign_all(asked: Sequence[Asked]) -> list[Signed | Unsigned]:
    """One answer a call, in order. Costs no query for signers already known to this process."""
    by_signer: dict[int, list[int]] = {}
    for place, call in enumerate(asked):
        by_signer.setdefault(call.signer, []).append(place)
    ready = _book.find(by_signer.keys() - {CARRIER}) if by_signer.keys() - {CARRIER} else {}
    answers: list[Answer] = [GONE] * len(asked)
    for signer, places in by_signer.items():
        calls = [asked[place] for place in places]
        signed = _carrier(calls) if signer == CARRIER else _by(ready[signer], calls)
        for place, answer in zip(places, signed, strict=True):
            answers[place] = answer
    return answers


def forget_signers() -> None:
    """A signer or a certificate was just changed here: do not sign as before, not even for a second."""
    _book.forget()


def _carrier(calls: Sequence[Asked]) -> list[Answer]:
    return [ask_carrier(call) for call in calls]


def _by(signer: tuple[SignerRecord, Plugin] | None, calls: Sequence[Asked]) -> list[Answer]:
    """The calls signed; those of another organisation than the signer's are not."""
    if signer is None:
        return [GONE] * len(calls)
    record, plugin = signer
    signed = iter(plugin.sign([call for call in calls if call.organisation == record.organisation]))
    return [next(signed) if call.organisation == record.organisation else GONE for call in calls]


def _records(signers: Iterable[int]) -> list[SignerRecord]:
    found = Signer.objects.filter(pk__in=signers, active=True).values_list(
        "id",
        "organisation_id",
        "name",
        "kind",
        "url",
        "token_sealed",
        "origid",
        "active",
        "highest",
        "signs_name",
    )
    records = [SignerRecord(*row) for row in found]
    stamps = _stamps([record.id for record in records if record.kind == SignerKind.LOCAL])
    return [replace(record, certificate=stamps.get(record.id)) for record in records]


def _stamps(signers: Sequence[int]) -> dict[int, CertificateStamp]:
    if not signers:
        return {}
    found = Certificate.objects.filter(signer__in=signers, in_use=True)
    rows = found.values_list("signer_id", "id", "fingerprint", "x5u", "not_before", "not_after")
    return {row[0]: CertificateStamp(*row[1:]) for row in rows}
