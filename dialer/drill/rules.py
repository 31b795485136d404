"""What else a drill holds its leads against: lists of numbers and a ledger of consents, as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.models import Campaign
from compliance.choices import ConsentFile, DncSource, ListKind
from compliance.clock import gate_now
from compliance.consent.files import BadFile as BadConsents
from compliance.lists.problems import BadFile as BadList
from compliance.numbers import InvalidNumbers
from compliance.services.add_to_dnc import add_to_dnc
from compliance.services.add_wildcard import add_wildcard
from compliance.services.create_list import create_list
from compliance.services.import_consents import import_consents
from compliance.services.load_list import load_list
from compliance.services.stage_consents import stage_consents

from .scratch import BadDrill

ACTOR = "drill"
READ_BYTES = 1 << 20
LINES = {"own", "wildcard"}
"""Kinds of ``--list`` that are no large lists: one number, or the beginning of one, a line."""
KINDS = {*ListKind.values, *LINES}


@dataclass(frozen=True, slots=True)
class Listed:
    """One ``--list KIND[:STATE]=FILE``."""

    kind: str
    state: str
    path: Path


def parse_list(text: str) -> Listed:
    """Raises ``BadDrill`` for what is none."""
    what, _, path = text.partition("=")
    kind, _, state = what.partition(":")
    if kind not in KINDS or not path or (kind == ListKind.STATE) != bool(state):
        raise BadDrill(
            f"“{text}” is no list: write national=FILE or state:FL=FILE. Kinds: {', '.join(sorted(KINDS))}."
        )
    if not Path(path).is_file():
        raise BadDrill(f"There is no file {path}.")
    return Listed(kind, state, Path(path))


def prepare_rules(
    campaign: Campaign, lists: tuple[Listed, ...], consents: Path | None, answers: Path | None
) -> None:
    """Load it all, dated the day before the gate's. Raises ``BadDrill`` in the words of what refused a file."""
    try:
        for listed in lists:
            PREPARE.get(listed.kind, _load)(campaign, listed)
        for kind, path in ((ConsentFile.CONSENTS, consents), (ConsentFile.ANSWERS, answers)):
            if path is not None:
                _enter(campaign, kind, path)
    except (BadList, BadConsents, InvalidNumbers) as error:
        raise BadDrill(str(error)) from error
    except ValidationError as error:
        raise BadDrill(" ".join(error.messages)) from error


def _load(campaign: Campaign, listed: Listed) -> None:
    own = campaign.pk if listed.kind == ListKind.CAMPAIGN else None
    name = f"Drill {listed.kind} {listed.state}".strip()
    made = create_list(
        campaign.organisation, ACTOR, name=name, kind=listed.kind, state=listed.state, campaign=own
    )
    load_list(made, listed.path, (gate_now() - timedelta(days=1)).date(), ACTOR)


def _forbid(campaign: Campaign, listed: Listed) -> None:
    add_to_dnc(campaign.organisation_id, _lines(listed.path), DncSource.IMPORT, actor=ACTOR)


def _block(campaign: Campaign, listed: Listed) -> None:
    with transaction.atomic():
        for prefix in _lines(listed.path):
            add_wildcard(campaign.organisation, prefix, ACTOR)


PREPARE: dict[str, Callable[[Campaign, Listed], None]] = {"own": _forbid, "wildcard": _block}


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise BadDrill(f"{path} is no text file.") from None


def _enter(campaign: Campaign, kind: ConsentFile, path: Path) -> None:
    with path.open("rb") as file:
        chunks = iter(lambda: file.read(READ_BYTES), b"")
        job = import_consents(
            stage_consents(campaign.organisation, None, kind, path.name, chunks, gate_now()).pk
        )
    if job.message or job.rejected:
        why = job.message or "; ".join(f"row {row}: {words}" for row, words in job.errors[:3])
        raise BadDrill(f"{path}: {why}")
