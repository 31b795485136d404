"""Finding leads by number, name or id, a page at a time without counting them all."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Lead, LeadPhone

PAGE_ROWS = 50
DIGITS_FOR_A_NUMBER = 7


def find_leads(organisation_id: int, words: dict[str, Any], after: int = 0) -> tuple[list[Lead], int | None]:
    """The next page of leads that fit, by id, and the id to go on after; ``words`` are those of
    ``LeadSearchForm``.
    """
    rows = _matching(organisation_id, words).filter(pk__gt=after).order_by("pk")
    page = list(rows.select_related("lead_list").prefetch_related("phones")[: PAGE_ROWS + 1])
    more = len(page) > PAGE_ROWS
    return page[:PAGE_ROWS], page[PAGE_ROWS - 1].pk if more else None


def _matching(organisation_id: int, words: dict[str, Any]) -> QuerySet[Lead]:
    leads = Lead.objects.filter(organisation=organisation_id)
    if words.get("lead_list"):
        leads = leads.filter(lead_list=words["lead_list"])
    if words.get("status"):
        leads = leads.filter(status=words["status"])
    text = (words.get("q") or "").strip()
    return leads.filter(_by_text(organisation_id, text)) if text else leads


def _by_text(organisation_id: int, text: str) -> Q:
    digits = re.sub(r"\D", "", text)
    if len(digits) >= DIGITS_FOR_A_NUMBER and not re.search(r"[A-Za-z]", text):
        numbers = {f"+{digits}", f"+1{digits}"}
        phones = LeadPhone.objects.filter(
            organisation=organisation_id, number__in=numbers, lead=OuterRef("pk")
        )
        return Q(Exists(phones)) | Q(external_id=text)
    fit = Q(external_id=text)
    first, _, rest = text.partition(" ")
    if rest:
        return (
            fit | Q(first_name__istartswith=first, last_name__istartswith=rest) | Q(company__istartswith=text)
        )
    return (
        fit | Q(first_name__istartswith=text) | Q(last_name__istartswith=text) | Q(company__istartswith=text)
    )
