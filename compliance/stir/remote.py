"""A signing service of somebody who holds a certificate signs, over HTTPS (ATIS-1000082).

A batch is sent side by side and shares one limit. What comes back is taken only where it says what was asked; a
service that fails time after time is left alone for some seconds, and its calls are refused at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import httpx
import msgspec

from accounts.sealing import SealBroken

from .identity_header import IdentityInvalid, parse_identity
from .local import Broken
from .passport import Called, Caller, Shaken
from .tokens import open_token
from .values import NEEDS_A_PERSON_S, Answer, Asked, Signed, SignerRecord, Unsigned, numbers_missing
from .web import (
    AddressInvalid,
    Road,
    WebFailed,
    background,
    check_address,
    checked_addresses,
    exchange,
    open_client,
    public_road,
)

TOTAL_LIMIT_S = 1.0
"""For a whole batch: dials wait for it under the organisation's lock."""
SIDE_BY_SIDE = 32
ANSWER_BYTES_MAX = 16_384
FAILURES_MAX = 3
"""Batches in a row of which nothing was signed, before the service is left alone."""
REST_S = 5.0
AGAIN_S = 2.0
RESTS = "The signing service failed several times and is left alone."


class _Identity(msgspec.Struct, frozen=True):
    identity: str


class _Response(msgspec.Struct, frozen=True):
    """Other fields are the service's business."""

    signingResponse: _Identity


_decode = msgspec.json.Decoder(_Response).decode
_encode = msgspec.json.Encoder().encode


class Breaker:
    """Opens after some failures in a row and closes after a rest; one success makes up for all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    @property
    def rest_s(self) -> float:
        """Seconds for which nothing is sent, 0 where it may be."""
        return max(0.0, self._rests_until - self._clock())

    def note(self, worked: bool) -> None:
        """How a batch went."""
        self._failures = 0 if worked else self._failures + 1
        if self._failures >= FAILURES_MAX:
            self._rests_until = self._clock() + REST_S


class RemoteSigner:
    """Keeps its connections open from one batch to the next."""

    def __init__(self, record: SignerRecord, token: str, road: Road, breaker: Breaker | None = None) -> None:
        """Raises ``AddressInvalid``."""
        self._record, self._road = record, road
        self._url = check_address(record.url)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._words = record.words()
        self._breaker = breaker or Breaker()
        self._client: httpx.AsyncClient | None = None
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)

    def sign(self, calls: Sequence[Asked]) -> list[Answer]:
        """The calls signed by the service within ``TOTAL_LIMIT_S``."""
        rest_s = self._breaker.rest_s
        if rest_s:
            return [Unsigned(RESTS, rest_s)] * len(calls)
        refused = [numbers_missing(call) or _not_offered(call) for call in calls]
        fit = [call for call, why in zip(calls, refused, strict=True) if why is None]
        signed = iter(self._send(fit))
        return [next(signed) if why is None else why for why in refused]

    def _send(self, calls: Sequence[Asked]) -> list[Answer]:
        if not calls:
            return []
        answers = background("stir-signing").start(self._sign_all(calls)).result()
        self._breaker.note(any(isinstance(answer, Signed) for answer in answers))
        return answers

    async def _sign_all(self, calls: Sequence[Asked]) -> list[Answer]:
        answers: list[Answer] = [Unsigned("The signing service did not answer in time.", AGAIN_S)] * len(
            calls
        )
        try:
            async with asyncio.timeout(TOTAL_LIMIT_S):
                addresses = await checked_addresses(self._road, self._url)
                async with asyncio.TaskGroup() as group:
                    for place, call in enumerate(calls):
                        group.create_task(self._sign_into(answers, place, call, addresses))
        except TimeoutError:
            return answers
        except WebFailed as error:
            return [_not_asked(error)] * len(calls)
        return answers

    async def _sign_into(
        self, answers: list[Answer], place: int, call: Asked, addresses: Sequence[str]
    ) -> None:
        claims = self._claims(call)
        try:
            async with self._places:
                answer = await self._ask(claims, addresses)
            answers[place] = self._check(answer, claims)
        except WebFailed as error:
            answers[place] = _not_asked(error)
        except (msgspec.MsgspecError, IdentityInvalid, UnicodeError) as error:
            why = f"The signing service did not answer with a signature: {error}"
            answers[place] = Unsigned(why, AGAIN_S)

    def _claims(self, call: Asked) -> Shaken:
        attestation = self._record.attestation(call.attestation)
        return Shaken(
            attestation,  # type: ignore[arg-type]
            Called((call.dest[1:],)),
            int(call.at),
            Caller(call.orig[1:]),
            self._record.origid,
        )

    async def _ask(self, claims: Shaken, addresses: Sequence[str]) -> bytes:
        if self._client is None:
            self._client = open_client(self._road, SIDE_BY_SIDE)
        body = _encode({"signingRequest": claims})
        status, answer = await exchange(
            self._client, self._url, addresses, ANSWER_BYTES_MAX, "POST", self._headers, body
        )
        if status != httpx.codes.OK:
            raise WebFailed(f"it answered with HTTP {status}.")
        return answer

    def _check(self, answer: bytes, asked: Shaken) -> Signed:
        """What it signed is what was asked, to the second. Raises ``IdentityInvalid``, ``MsgspecError``."""
        identity = _decode(answer).signingResponse.identity
        if parse_identity(identity).passport.claims != asked:
            raise IdentityInvalid("it signed something else than was asked.")
        return Signed(identity, asked.attest, asked.origid, self._words)


def _not_asked(error: WebFailed) -> Unsigned:
    return Unsigned(f"The signing service could not be asked: {error}", AGAIN_S)


def _not_offered(call: Asked) -> Unsigned | None:
    if not call.diverted_from:
        return None
    return Unsigned("A signing service does not sign calls that are sent on (div).", NEEDS_A_PERSON_S)


def open_remote(record: SignerRecord) -> RemoteSigner | Broken:
    """The signer with its token opened."""
    try:
        token = open_token(record.token_sealed)
        return RemoteSigner(record, token, public_road())
    except SealBroken as error:
        return Broken(f"The token of the signer “{record.name}” cannot be opened. {error}")
    except AddressInvalid as error:
        return Broken(f"The address of the signer “{record.name}” cannot be used. {error}")
