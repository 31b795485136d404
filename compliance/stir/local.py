"""Signs with a key of our own."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.sealing import SealBroken

from .certificates import LocalKey, current_key
from .diversion import diverted
from .identity_header import IdentityWriter
from .passport import Called, Caller, PassportInvalid, Rcd, Rich, Shaken
from .values import (
    LEVELS,
    LOWEST,
    NEEDS_A_PERSON_S,
    Answer,
    Asked,
    Signed,
    SignerRecord,
    Unsigned,
    numbers_missing,
)


class LocalSigner:
    """The key is opened once; each call costs a signature and little more."""

    def __init__(self, record: SignerRecord, key: LocalKey) -> None:
        """Raises ``PassportInvalid`` for a certificate address that fits into no token."""
        self._origid, self._signs_name = record.origid, record.signs_name
        self._words = record.words(key.fingerprint)
        self._levels = {level: record.attestation(level) for level in LEVELS}
        self._write = IdentityWriter(key.key, key.x5u).write
        self._begins, self._ends = key.not_before.timestamp(), key.not_after.timestamp()
        self._outside = Unsigned(
            f"The certificate of the signer “{record.name}” is valid from {key.not_before:%Y-%m-%d} "
            f"to {key.not_after:%Y-%m-%d} only. Install a valid one.",
            NEEDS_A_PERSON_S,
        )

    def sign(self, calls: Sequence[Asked]) -> list[Answer]:
        """Each call by itself."""
        return [self._sign(call) for call in calls]

    def _sign(self, call: Asked) -> Answer:
        if not self._begins <= call.at < self._ends:
            return self._outside
        missing = numbers_missing(call)
        if missing is not None:
            return missing
        orig, dest, iat = Caller(call.orig[1:]), Called((call.dest[1:],)), int(call.at)
        first = Called((call.diverted_from[1:],)) if call.diverted_from else dest
        level = self._levels.get(call.attestation, LOWEST)
        identity = self._write(Shaken(level, first, iat, orig, self._origid))  # type: ignore[arg-type]
        beside = self._beside(call, orig, dest, iat) if call.diverted_from or self._signs_name else ()
        return Signed(identity, level, self._origid, self._words, beside)

    def _beside(self, call: Asked, orig: Caller, dest: Called, iat: int) -> tuple[str, ...]:
        """The step of a call that is sent on, and the name, in tokens of their own."""
        found: list[str] = []
        if call.diverted_from:
            found.append(self._write(diverted(orig, call.diverted_from[1:], dest, iat)))
        if self._signs_name and call.display_name:
            found.append(self._write(Rcd(dest, iat, orig, Rich(call.display_name))))
        return tuple(found)


class Broken:
    """A signer that cannot sign; the calls of its trunks do not go out."""

    def __init__(self, why: str) -> None:
        self._answer = Unsigned(why, NEEDS_A_PERSON_S)

    def sign(self, calls: Sequence[Asked]) -> list[Answer]:
        """The same refusal for every call."""
        return [self._answer] * len(calls)


def open_local(record: SignerRecord) -> LocalSigner | Broken:
    """The signer with its key; one query."""
    try:
        key = current_key(record.id)
        if key is None:
            return Broken(f"The signer “{record.name}” has no certificate in use. Install one.")
        return LocalSigner(record, key)
    except SealBroken as error:
        return Broken(f"The key of the signer “{record.name}” cannot be opened. {error}")
    except PassportInvalid:
        return Broken(f"The certificate address of the signer “{record.name}” fits into no signature.")
