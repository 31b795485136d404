"""Make, rename and take away the skills of an organisation."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.events import announce_change
from campaigns.models import Skill


@transaction.atomic
def save_skill(skill: Skill, actor: User, name: str) -> bool:
    """Name the skill, new or known; returns whether anything changed. Raises ``ValidationError``."""
    before = {"name": skill.name} if skill.pk else {}
    if before.get("name") == name:
        return False
    skill.name = name
    skill.full_clean()
    skill.save()
    action = "skill.changed" if before else "skill.created"
    record_audit(skill.organisation, actor, action, skill.name, before, {"name": skill.name})
    _tell_campaigns(skill)
    return True


@transaction.atomic
def delete_skill(skill: Skill, actor: User) -> None:
    """Take the skill away: its lists ask for none any more, and no agent has it."""
    _tell_campaigns(skill)
    lists = sorted(skill.lists.values_list("name", flat=True))
    record_audit(skill.organisation, actor, "skill.deleted", skill.name, {"lists": lists}, {})
    skill.delete()


def _tell_campaigns(skill: Skill) -> None:
    for campaign in skill.lists.exclude(campaign=None).values_list("campaign", flat=True).distinct():
        announce_change(campaign)
