"""The carrier signs: nothing goes onto the INVITE, what was asked of the carrier goes into the record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache

from django.conf import settings

from dialer.bus.keys import derive

from .values import Answer, Asked, Signed, SignerRecord

CARRIER_WORDS = "carrier"
UUID_BYTES = 16


class CarrierSigner:
    """A signer that stands for an agreement with a carrier; it has a name and an origid of its own."""

    def __init__(self, record: SignerRecord) -> None:
        self._record = record
        self._words = record.words()

    def sign(self, calls: Sequence[Asked]) -> list[Answer]:
        """What the carrier is asked to sign, at most at the level that is agreed."""
        record = self._record
        return [
            Signed("", record.attestation(call.attestation), record.origid, self._words) for call in calls
        ]


def ask_carrier(call: Asked) -> Signed:
    """For a trunk without a signer: the level as the caller ID may claim it, empty where nothing is known."""
    return Signed("", call.attestation, origid_of(call.organisation), CARRIER_WORDS)


@cache
def origid_of(organisation: int) -> str:
    """The UUID under which an organisation's calls are traced: the same always, and telling nobody who it is.

    It comes from the installation's secret, so that two installations share none (RFC 8588, 7).
    """
    namespace = uuid.UUID(bytes=derive(settings.SECRET_KEY, "origid")[:UUID_BYTES])
    return str(uuid.uuid5(namespace, str(organisation)))
