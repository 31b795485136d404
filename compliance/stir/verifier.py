"""Verifies calls that come in, strictly (RFC 8224, 6.2; RFC 8588; ATIS-1000074, 5.3).

What costs nothing is checked first: form, numbers, age. Only for a call that fits so far is a stranger's address
asked for a certificate, its chain checked, and the signature at last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cryptography import x509

from .chains import ChainInvalid, Leaf, check_chain
from .diversion import ChainBroken, steps_to
from .fetching import ChainStore, FetchFailed
from .identity_header import Identity, IdentityInvalid, KindUnknown, parse_identity
from .passport import Div, PassportInvalid, Rcd, Shaken, verify
from .verdicts import Complaint, Refused, Verified, Verstat, complained

FRESH_S = 60
"""ATIS-1000074, 5.3.1."""
SKEW_S = 5
"""By how much a signer's clock may be ahead of ours."""
HEADERS_MAX = 8
LEAVES_MAX = 2000
SEPARATORS = re.compile(r"[ .()\-]", re.ASCII)
NUMBER = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
NATIONAL = re.compile(r"[2-9][0-9]{9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What an INVITE says, as texts."""

    identities: tuple[str, ...]
    """The values of its Identity headers."""
    from_number: str
    to_number: str
    asserted_number: str = ""
    """Of P-Asserted-Identity, which says more than From."""
    date: str = ""


class Verifier:
    """Trusts some roots. May be used by several threads."""

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        store: ChainStore,
        canonical: bool = True,
        fresh_s: int = FRESH_S,
    ) -> None:
        """``canonical`` False also takes claims in another order or with white space, as lenient peers write them."""
        self._roots, self._store = tuple(roots), store
        self._canonical, self._fresh_s = canonical, fresh_s
        self._leaves: dict[bytes, Leaf] = {}

    def verify(self, call: Incoming, now: float) -> Verified:
        """Whether the caller's number is proven at ``now`` (Unix time). Never raises for what a call says."""
        try:
            return self._verify(call, now)
        except Refused as refused:
            return complained(refused)

    def _verify(self, call: Incoming, now: float) -> Verified:
        identities = self._parse(call.identities)
        shaken, claims = _the_shaken(identities)
        orig = canonical_number(call.asserted_number or call.from_number)
        if claims.orig.tn != orig:
            raise Refused(Complaint.INVALID_HEADER, "The token is for another caller than the one who calls.")
        steps = _steps(claims, canonical_number(call.to_number), identities)
        for each in (shaken, *steps):
            self._check_age(each, call.date, now)
        leaf = self._prove(shaken, orig, now)
        for step in steps:
            self._prove(step, _divider(step), now)
        return Verified(
            verstat=Verstat.PASSED,
            attestation=claims.attest,
            origid=claims.origid,
            signer=leaf.subject,
            fingerprint=leaf.fingerprint,
            diverted_from=tuple(_divider(step) for step in steps),
            display_name=self._display_name(claims, identities, call.date, now),
        )

    def _parse(self, values: Sequence[str]) -> list[Identity]:
        """The headers of kinds that we know; others are passed over (RFC 8224, 6.2, step 1)."""
        if len(values) > HEADERS_MAX:
            raise Refused(Complaint.INVALID_HEADER, f"There are more than {HEADERS_MAX} Identity headers.")
        found: list[Identity] = []
        for value in values:
            try:
                found.append(parse_identity(value, self._canonical))
            except KindUnknown:
                continue
            except IdentityInvalid as error:
                raise Refused(Complaint.INVALID_HEADER, str(error)) from error
        return found

    def _check_age(self, identity: Identity, date: str, now: float) -> None:
        iat = identity.passport.claims.iat
        if not now - self._fresh_s <= iat <= now + SKEW_S:
            raise Refused(Complaint.STALE_DATE, f"It was signed {now - iat:.0f} seconds ago.")
        if date and abs(_seconds(date) - iat) > self._fresh_s:
            raise Refused(Complaint.STALE_DATE, "The Date header and the token's time lie too far apart.")

    def _prove(self, identity: Identity, number: str, now: float) -> Leaf:
        """The certificate that signed, if it may speak for the number."""
        try:
            chain = self._store.get(identity.x5u)
        except FetchFailed as error:
            raise Refused(Complaint.BAD_INFO, str(error)) from error
        leaf = self._trusted(chain, now)
        if not leaf.covers(number):
            raise Refused(Complaint.UNSUPPORTED_CREDENTIAL, "The certificate is not for the caller's number.")
        try:
            verify(identity.passport, leaf.public_key)
        except PassportInvalid as error:
            raise Refused(Complaint.INVALID_HEADER, str(error)) from error
        return leaf

    def _trusted(self, chain: bytes, now: float) -> Leaf:
        """The leaf of a chain; a chain that was found good stays so while its certificates are valid."""
        leaf = self._leaves.get(chain)
        if leaf is None or not leaf.not_before.timestamp() <= now < leaf.valid_until.timestamp():
            try:
                leaf = check_chain(chain, self._roots, datetime.fromtimestamp(now, UTC))
            except ChainInvalid as error:
                raise Refused(Complaint.UNSUPPORTED_CREDENTIAL, error.why) from error
            if len(self._leaves) >= LEAVES_MAX:
                self._leaves.clear()
            self._leaves[chain] = leaf
        return leaf

    def _display_name(self, shaken: Shaken, identities: Sequence[Identity], date: str, now: float) -> str:
        """The name that was signed for this caller. One that is not proven is not shown; the call goes on."""
        for identity in identities:
            claims = identity.passport.claims
            if isinstance(claims, Rcd) and claims.orig == shaken.orig and claims.dest == shaken.dest:
                try:
                    self._check_age(identity, date, now)
                    self._prove(identity, claims.orig.tn, now)
                except Refused:
                    continue
                return claims.rcd.nam
        return ""


def canonical_number(text: str) -> str:
    """Digits with the country code (RFC 8224, 8.3): ``+1 (202) 555-0123``, ``12025550123`` and ``2025550123`` alike.

    Raises ``Refused`` for what is no number.
    """
    bare = SEPARATORS.sub("", text)
    if not NUMBER.fullmatch(bare):
        raise Refused(Complaint.INVALID_HEADER, "The call does not say by a number who calls whom.")
    return f"1{bare}" if NATIONAL.fullmatch(bare) else bare.removeprefix("+")


def _the_shaken(identities: Sequence[Identity]) -> tuple[Identity, Shaken]:
    if not identities:
        raise Refused(
            Complaint.USE_IDENTITY, "The call carries no Identity header of a kind that is known here."
        )
    found = [(each, each.passport.claims) for each in identities if isinstance(each.passport.claims, Shaken)]
    if len(found) != 1:
        raise Refused(
            Complaint.INVALID_HEADER, f"The call carries {len(found)} shaken tokens instead of one."
        )
    identity, claims = found[0]
    assert isinstance(claims, Shaken)
    return identity, claims


def _steps(shaken: Shaken, called: str, identities: Sequence[Identity]) -> list[Identity]:
    try:
        return steps_to(shaken, called, identities)
    except ChainBroken as error:
        raise Refused(Complaint.INVALID_HEADER, str(error)) from error


def _divider(identity: Identity) -> str:
    """The number that sent the call on."""
    assert isinstance(identity.passport.claims, Div)
    return identity.passport.claims.div.tn


def _seconds(date: str) -> float:
    """Unix time of a Date header (RFC 3261, 20.17). Raises ``Refused``."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused(Complaint.STALE_DATE, "The Date header cannot be read.") from error
