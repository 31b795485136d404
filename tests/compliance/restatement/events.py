"""Two organisations to which anything may happen, in any order and to the second."""

from __future__ import annotations

import itertools
import tempfile
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from accounts.choices import Role
from accounts.models import Organisation, User
from compliance.choices import ConsentKind, ConsentMeans, RndAnswer
from compliance.consent.drafts import Draft
from compliance.gate import Gate
from compliance.lists.files import folder
from compliance.lists.registry import THE_REGISTRY
from compliance.models import CallerId, DncList, Override, Wildcard
from compliance.services.add_to_dnc import add_to_dnc
from compliance.services.add_wildcard import add_wildcard
from compliance.services.apply_changes import apply_changes
from compliance.services.approve_override import approve_override
from compliance.services.create_list import create_list
from compliance.services.load_list import load_list
from compliance.services.propose_override import propose_override
from compliance.services.record_consent import record_consent
from compliance.services.record_contact import Met, record_contacts
from compliance.services.record_reassigned_answers import Answered, enter_answers
from compliance.services.remove_from_dnc import remove_from_dnc
from compliance.services.remove_wildcard import remove_wildcard
from compliance.services.rest_caller_id import rest_caller_id
from compliance.services.revoke_consent import revoke_consent
from compliance.services.save_caller_id import save_caller_id
from compliance.services.wake_caller_id import wake_caller_id
from compliance.services.withdraw_override import withdraw_override

from . import places
from .dials import (
    CALLER_IDS,
    CHANGES,
    CLOCK_TIMES,
    EDGES,
    JUMPS,
    LAWS,
    LIST_SORTS,
    NOON,
    OURS,
    THEIRS,
    TIGHTER,
    USUAL_DAYS,
    country_of,
    hot,
    some,
    which,
)
from .ledger import Answer, Entry
from .world import Change, KnownList, Shown, World

KEY = b"k" * 32


class Events(RuleBasedStateMachine):
    """The product on one side, what happened on the other; everything that may happen but a dial."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.stack = ExitStack()
        self.home = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.stack.enter_context(override_settings(DATA_DIR=self.home))
        self.stack.enter_context(mock.patch("django.utils.timezone.now", self._time))
        self.stack.enter_context(transaction.atomic())
        THE_REGISTRY.forget()
        self.gate = Gate(KEY, clock=self._time, wall=lambda: self.now.timestamp())
        self.files = itertools.count(1)
        self.organisations = [self._organisation() for _ in (OURS, THEIRS)]
        self.people = [self._people(organisation) for organisation in self.organisations]
        self.worlds = [
            World("America/New_York", callers={number: Shown() for number in CALLER_IDS})
            for _ in self.organisations
        ]
        self.stored_lists: list[dict[str, DncList]] = [{}, {}]
        self.stored_changes: list[tuple[int, Override, Change]] = []

    def _time(self) -> datetime:
        return self.now

    def teardown(self) -> None:
        """Nothing is left of the run."""
        transaction.set_rollback(True)
        self.stack.close()
        THE_REGISTRY.forget()

    @staticmethod
    def _organisation() -> Organisation:
        made = Organisation.objects.create(name=uuid.uuid4().hex)
        CallerId.objects.bulk_create(
            CallerId(organisation=made, number=number, proof="Contract") for number in CALLER_IDS
        )
        return made

    @staticmethod
    def _people(organisation: Organisation) -> list[User]:
        roles = (Role.ADMINISTRATOR, Role.SUPERVISOR)
        return [
            User.objects.create(username=uuid.uuid4().hex, organisation=organisation, role=role)
            for role in roles
        ]

    # The clock

    @initialize(start=st.sampled_from([NOON, NOON, NOON, *EDGES]))
    def begins(self, start: datetime) -> None:
        """Somewhere interesting, with the registries in order, as an organisation that dials has them."""
        self.now = start
        for sort in LIST_SORTS[:3]:
            self.loads_list(OURS, sort, set(), 1)

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        """Also to the second at which something ends; a clock may be put back."""
        self.now += jump

    @rule(
        number=hot,
        clock=st.sampled_from(CLOCK_TIMES),
        off=st.sampled_from([timedelta(0), timedelta(microseconds=-1), timedelta(minutes=1)]),
    )
    def it_is_an_edge_somewhere(self, number: str, clock: time, off: timedelta) -> None:
        """The next time that a called party's clock shows an hour at which windows open or close."""
        zone = ZoneInfo(sorted(places.told_by_number(number)[1])[0])
        local = self.now.astimezone(zone)
        day = local.date() if local.time() < clock else local.date() + timedelta(days=1)
        self.now = datetime.combine(day, clock, zone).astimezone(UTC) + off

    # Lists

    @rule(
        who=which, sort=st.sampled_from(LIST_SORTS), chosen=st.sets(hot, max_size=4), age=st.integers(0, 33)
    )
    def loads_list(self, who: int, sort: tuple, chosen: set[str], age: int) -> None:
        """A list is set up where it is missing, and delivered in full."""
        kind, country, state, campaign = sort
        name = f"{kind} {country}".strip()
        if country:
            filler = {"US": "+12025550199", "CA": "+14165550199", "GB": "+442079460999"}[country]
            chosen = {number for number in chosen if country_of(number) == country} | {filler}
        chosen = chosen or {"+12025550199"}
        stored = self.stored_lists[who].get(name)
        if stored is None:
            stored = self.stored_lists[who][name] = create_list(
                self.organisations[who],
                "test",
                name=name,
                kind=kind,
                country=country,
                state=state,
                campaign=campaign,
            )
            self.worlds[who].lists[name] = KnownList(kind, country, state, campaign, USUAL_DAYS.get(name))
        as_of = self.now.date() - timedelta(days=age)
        stored.refresh_from_db()
        load_list(stored, self._delivered(chosen), as_of, "test", accept_shrink=True)
        known = self.worlds[who].lists[name]
        known.numbers, known.as_of, known.damaged = {int(number[1:]) for number in chosen}, as_of, False

    def _delivered(self, chosen: set[str]) -> Path:
        path = self.home / f"delivered-{next(self.files)}.txt"
        path.write_text("".join(f"{number}\n" for number in sorted(chosen)))
        return path

    @precondition(lambda self: any(self.stored_lists))
    @rule(data=st.data(), chosen=some, adding=st.booleans())
    def changes_list(self, data: st.DataObject, chosen: set[str], adding: bool) -> None:
        """The day's changes of a list."""
        who, name = data.draw(
            st.sampled_from([(who, name) for who in (0, 1) for name in self.stored_lists[who]])
        )
        stored, known = self.stored_lists[who][name], self.worlds[who].lists[name]
        chosen = {number for number in chosen if not known.country or country_of(number) == known.country}
        if known.damaged or not chosen or known.as_of > self.now.date():
            return
        stored.refresh_from_db()
        stored.current.changes.update(source_sha256="")
        apply_changes(
            stored, self._delivered(chosen), self.now.date(), "test", adding=adding, accept_shrink=True
        )
        digits = {int(number[1:]) for number in chosen}
        known.numbers = known.numbers | digits if adding else known.numbers - digits
        known.as_of = self.now.date()

    @precondition(lambda self: any(self.stored_lists))
    @rule(data=st.data(), cut=st.booleans())
    def list_is_damaged(self, data: st.DataObject, cut: bool) -> None:
        """Its file vanishes, or is replaced by a shorter one; a second passes."""
        who, name = data.draw(
            st.sampled_from([(who, name) for who in (0, 1) for name in self.stored_lists[who]])
        )
        if not self.worlds[who].lists[name].damaged:
            self.damages(who, name, cut)

    def damages(self, who: int, name: str, cut: bool) -> None:
        """A list that is whole."""
        stored = self.stored_lists[who][name]
        stored.refresh_from_db()
        path = folder() / stored.current.file
        content = path.read_bytes()
        path.unlink()
        if cut:
            path.write_bytes(content[: len(content) // 2])
        self.worlds[who].lists[name].damaged = True
        THE_REGISTRY.forget()

    # Requests of people

    @rule(who=which, chosen=some)
    def they_ask_not_to_be_called(self, who: int, chosen: set[str]) -> None:
        """It holds from now on, and ends what they agreed to."""
        add_to_dnc(self.organisations[who].pk, sorted(chosen), "disposition", now=self.now)
        for number in chosen:
            digits, world = int(number[1:]), self.worlds[who]
            world.own.add(digits)
            given = world.standing(digits)
            if given is not None:
                world.entries[digits].append(Entry("revoked", max(given, self.now)))

    @rule(who=which, number=hot)
    def request_is_taken_back(self, who: int, number: str) -> None:
        """An administrator takes a number off the own list."""
        remove_from_dnc(self.organisations[who], number, "ada", "A mistake")
        self.worlds[who].own.discard(int(number[1:]))

    @rule(
        who=which,
        number=hot,
        kind=st.sampled_from(["written", "written", "express", "purchase", "inquiry"]),
        ago=st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(days=92), timedelta(days=540)]),
        lasts=st.sampled_from([None, None, timedelta(hours=30), timedelta(days=100)]),
        scope=st.sampled_from(["", "", "roofs", "windows"]),
    )
    def somebody_agrees(self, who, number, kind, ago, lasts, scope) -> None:
        """An entry of the ledger."""
        given = self.now - ago
        expires = None if lasts is None else given + lasts
        draft = Draft(
            number=int(number[1:]),
            kind=ConsentKind(kind),
            given_at=given,
            means=ConsentMeans.WEB,
            expires_at=expires,
            scope=scope,
            text="I agree",
        )
        record_consent(self.organisations[who].pk, draft, "test", now=self.now)
        self.worlds[who].entries[draft.number].append(Entry(kind, given, expires, scope))

    @rule(who=which, number=hot, ago=st.sampled_from([None, timedelta(0), timedelta(hours=2)]))
    def somebody_revokes(self, who: int, number: str, ago: timedelta | None) -> None:
        """By any means; without a moment everything so far ends."""
        digits, world = int(number[1:]), self.worlds[who]
        said = None if ago is None else self.now - ago
        revoke_consent(self.organisations[who].pk, number, "voice", given_at=said, now=self.now)
        moment = said or max(self.now, world.standing(digits) or self.now)
        world.entries[digits].append(Entry("revoked", moment))

    @rule(
        who=which,
        number=hot,
        ago=st.sampled_from([0, 1, 2, 93, 541]),
        answer=st.sampled_from(["no", "no", "yes", "no_data"]),
        late=st.sampled_from([0, 1, 31, 32]),
    )
    def database_answers(self, who: int, number: str, ago: int, answer: str, late: int) -> None:
        """Of the Reassigned Numbers Database."""
        asked, at = self.now.date() - timedelta(days=ago), self.now - timedelta(days=late)
        digits = int(number[1:])
        enter_answers(self.organisations[who].pk, [Answered(digits, asked, RndAnswer(answer))], at, "test")
        self.worlds[who].answers[digits].append(Answer(asked, answer, at))

    @rule(who=which, number=hot, subject=st.sampled_from(["lead:1", "lead:2"]), talked=st.booleans())
    def a_call_ends(self, who: int, number: str, subject: str, talked: bool) -> None:
        """Abandoned, or with a conversation."""
        kind = "conversation" if talked else "abandoned"
        record_contacts(
            [Met(self.organisations[who].pk, number, subject, 7, uuid.uuid4().hex, kind, self.now)]
        )
        self.worlds[who].contacts.append((self.now, kind, number, subject))

    @rule(
        who=which,
        prefix=st.sampled_from(["212", "212-555", "+1 305 555", "+44", "+442079460123", "+1617"]),
        campaign=st.sampled_from([None, None, 7]),
    )
    def prefix_is_blocked(self, who: int, prefix: str, campaign: int | None) -> None:
        """An area code, an exchange, a country."""
        made = add_wildcard(self.organisations[who], prefix, "test", campaign=campaign)
        digits = "".join(filter(str.isdigit, prefix))
        self.worlds[who].prefixes.add((digits if prefix.startswith("+") else f"1{digits}", campaign))
        assert made.pk

    @rule(who=which)
    def prefixes_are_freed(self, who: int) -> None:
        """All of them."""
        for wildcard in Wildcard.objects.filter(organisation=self.organisations[who]):
            remove_wildcard(wildcard, "test")
        self.worlds[who].prefixes.clear()

    # Changes of the rules

    @rule(
        who=which,
        change=st.sampled_from(CHANGES),
        data=st.data(),
        ahead=st.sampled_from([0, 0, 0, 2]),
        lasts=st.sampled_from([3, 40]),
    )
    def change_is_proposed(self, who, change, data, ahead, lasts) -> None:
        """What is tighter holds at once; what is looser waits for a second person."""
        name, field_, values = change
        value = data.draw(st.sampled_from(values))
        today = self.worlds[who].day(self.now)
        begins = today + timedelta(days=ahead)
        ends = begins + timedelta(days=lasts)
        law = LAWS[name, field_]
        try:
            stored = propose_override(
                self.organisations[who], self.people[who][0], name, {field_: value}, "Ours",
                today=today, effective=begins, ends=ends,
            )  # fmt: skip
        except ValidationError:
            return
        kept = Change(name, field_, value, begins, ends, loosens=TIGHTER[field_](value, law) != value)
        self.worlds[who].changes.append(kept)
        self.stored_changes.append((who, stored, kept))

    @precondition(lambda self: self.stored_changes)
    @rule(data=st.data(), approves=st.booleans(), person=st.sampled_from([0, 1]))
    def change_is_approved_or_withdrawn(self, data: st.DataObject, approves: bool, person: int) -> None:
        """By the same person, by another, or not at all."""
        who, stored, kept = data.draw(st.sampled_from(self.stored_changes))
        actor, today = self.people[who][person], self.worlds[who].day(self.now)
        try:
            if approves:
                approve_override(stored, actor, now=self.now, today=today)
                assert person == 1, "nobody approves what they proposed"
                kept.approved = True
            else:
                withdraw_override(stored, self.people[who][0], now=self.now)
                kept.withdrawn = True
        except ValidationError:
            return

    # Caller IDs

    @rule(
        who=which,
        number=st.sampled_from(CALLER_IDS),
        active=st.sampled_from([True, True, True, False]),
        limit=st.sampled_from([0, 0, 1, 3]),
    )
    def caller_id_is_saved(self, who: int, number: str, active: bool, limit: int) -> None:
        """Switched on or off, with a daily limit."""
        stored = CallerId.objects.get(organisation=self.organisations[who], number=number)
        save_caller_id(
            stored, "test", number=number, display_name="", proof="Contract", active=active, daily_limit=limit
        )
        self.worlds[who].callers[number].active = active
        self.worlds[who].callers[number].daily_limit = limit

    @rule(who=which, number=st.sampled_from(CALLER_IDS), hours=st.sampled_from([1, 24]), wakes=st.booleans())
    def caller_id_rests_or_wakes(self, who: int, number: str, hours: int, wakes: bool) -> None:
        """A longer rest is never cut by a shorter one."""
        stored = CallerId.objects.get(organisation=self.organisations[who], number=number)
        known, until = self.worlds[who].callers[number], self.now + timedelta(hours=hours)
        if not wakes:
            rest_caller_id(stored, "test", until, "A person said so")
            known.rests_until = max(known.rests_until or until, until)
        elif known.rests_until is not None and known.rests_until > self.now:
            wake_caller_id(stored, "test", "It is well", self.now)
            known.rests_until = None
