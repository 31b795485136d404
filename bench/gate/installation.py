"""An installation in a scratch directory that has everything a sales call passes through."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

KEY = b"b" * 32
CALLER_AREAS = ("212", "312", "404", "216", "503", "614", "617", "713", "415", "602")
NUMBERS_AN_AREA = 5
LISTED = 100_000
"""Numbers of the national registry: what a look-up costs does not depend on it."""


def organisation_with_everything(now: datetime) -> tuple[Any, int]:
    """The organisation, and the signer with a key of its own; registry, litigators and caller IDs are there."""
    from accounts.models import Organisation
    from compliance.models import CallerId

    organisation = Organisation.objects.create(name="Bench")
    CallerId.objects.bulk_create(
        CallerId(organisation=organisation, number=f"+1{area}55501{n:02}", proof="bench", attestation="A")
        for area in CALLER_AREAS
        for n in range(NUMBERS_AN_AREA)
    )
    _load(organisation, "Registry", "national", now, (2_009_990_000 + n for n in range(LISTED)))
    _load(organisation, "Litigators", "litigator", now, (2_129_990_000 + n for n in range(100)))
    return organisation, _signer(organisation)


def caller_ids(organisation: Any) -> tuple[Any, ...]:
    """All of its caller IDs, as a campaign offers them."""
    from compliance.gate import CallerIdOffer
    from compliance.models import CallerId

    rows = CallerId.objects.filter(organisation=organisation).order_by("id")
    return tuple(CallerIdOffer(row.number, "Bench") for row in rows)


def gate_at(now: datetime) -> Any:
    """A gate whose clock stands at ``now``."""
    from compliance.gate import Gate

    return Gate(KEY, clock=lambda: now)


def _load(organisation: Any, name: str, kind: str, now: datetime, numbers: Any) -> None:
    from compliance.services.create_list import create_list
    from compliance.services.load_list import load_list

    made = create_list(
        organisation, "bench", name=name, kind=kind, country="US" if kind == "national" else ""
    )
    handle, path = tempfile.mkstemp(suffix=".txt")
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{number}\n" for number in numbers)
    load_list(made, Path(path), now.date() - timedelta(days=1), "bench")
    Path(path).unlink()


def _signer(organisation: Any) -> int:
    from tests.compliance.stir.authority import new_authority
    from tests.compliance.stir.makers import certify, local_signer, trust

    now = datetime.now(UTC)
    authority = new_authority(now - timedelta(days=10), now + timedelta(days=1000))
    trust(organisation, authority, now)
    signer = local_signer(organisation)
    certify(signer, authority, now, starts=now - timedelta(days=1), ends=now + timedelta(days=90))
    return int(signer.pk)
