"""Begin or go on with an agent's time in the console."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from agents.models import AgentSession

from .end_forgotten_sessions import FORGOTTEN_AFTER, LEFT
from .end_session import end_session


def open_session(person: User, now: datetime) -> AgentSession:
    """The agent's open session, or a new one: an agent has one at a time."""
    current = _current(person)
    if current is not None and now - current.seen_at > FORGOTTEN_AFTER:
        end_session(current.pk, LEFT, current.seen_at)
        current = None
    if current is not None:
        return current
    try:
        with transaction.atomic():
            return AgentSession.objects.create(
                id=uuid.uuid4().hex,
                organisation=person.organisation,
                agent=person,
                started_at=now,
                seen_at=now,
            )
    except IntegrityError:
        # Another tab opened one between our look and our write.
        return AgentSession.objects.get(agent=person, ended_at=None)


def _current(person: User) -> AgentSession | None:
    return AgentSession.objects.filter(agent=person, ended_at=None).first()
