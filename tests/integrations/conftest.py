"""Two organisations, a call with its disposition, and a receiver that answers as a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rest_framework.test import APIClient

from accounts.choices import Role
from accounts.models import Organisation, OutboxEvent, User
from accounts.scopes import Scope
from accounts.services.api_keys import create_api_key
from accounts.services.write_outbox import write_outbox
from campaigns.choices import Meaning, Outcome
from campaigns.models import Campaign, Disposition, Lead, LeadList
from compliance.choices import DialKind
from dialer.calls.choices import Stage
from dialer.calls.models import Call
from dialer.calls.payloads import CALL_DISPOSED, call_disposed_payload
from integrations.models import Hook
from integrations.services.create_hook import Wish, create_hook

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LEAD_NUMBER = "+12125550123"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class Received:
    """One request as the receiver saw it."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server on loopback: ``answer`` says what it does with a request."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None

    def answers(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answer = answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that stops listening is what some tests are about."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    it = Receiver()
    it.answers(204)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            it.requests.append(Received(self.path, dict(self.headers), body))
            it.answer(self)

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = _Server(("127.0.0.1", 0), Handler)
    it.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield it
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _loopback_allowed(settings) -> None:
    settings.WEBHOOK_ALLOW_LOOPBACK = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make_organisation(name: str) -> User:
    """An organisation; its administrator is given back."""
    organisation = Organisation.objects.create(name=name)
    return User.objects.create_user(
        username=name.lower().replace(" ", "-"),
        organisation=organisation,
        role=Role.ADMINISTRATOR,
    )


@pytest.fixture
def administrator(db) -> User:
    return make_organisation("Acme Calls")


@pytest.fixture
def stranger(db) -> User:
    """The administrator of another organisation."""
    return make_organisation("Other Calls")


@pytest.fixture
def campaign(administrator: User) -> Campaign:
    return Campaign.objects.create(organisation=administrator.organisation, name="Spring")


def make_call(campaign: Campaign, number: str = LEAD_NUMBER, at: datetime = NOW) -> Call:
    """A call of two minutes that an agent has disposed of."""
    organisation = campaign.organisation
    leads, _ = LeadList.objects.get_or_create(organisation=organisation, campaign=campaign, name="Leads")
    lead = Lead.objects.create(
        organisation=organisation,
        lead_list=leads,
        external_id="C-77",
        first_name="Ada",
        last_name="Byron",
        custom={"plan": "gold"},
    )
    disposition, _ = Disposition.objects.get_or_create(
        campaign=campaign, code="sale", defaults={"name": "Sale", "meaning": Meaning.SUCCESS}
    )
    return Call.objects.create(
        id=f"{Call.objects.count():032x}",
        organisation=organisation,
        campaign=campaign,
        lead=lead,
        number=number,
        kind=DialKind.AUTO,
        caller_id="+12125550100",
        agent=User.objects.filter(organisation=organisation).first(),
        stage=Stage.ENDED,
        outcome=Outcome.CONNECTED,
        sip_code=200,
        placed_at=at - timedelta(minutes=3),
        answered_at=at - timedelta(seconds=130),
        connected_at=at - timedelta(seconds=129.5),
        ended_at=at - timedelta(seconds=9.5),
        disposition=disposition,
        disposed_at=at,
        notes="Wants the blue one.",
    )


def dispose(campaign: Campaign, at: datetime = NOW) -> OutboxEvent:
    """A call and its event, as the engine writes them."""
    call = make_call(campaign, at=at)
    pk = write_outbox(campaign.organisation_id, campaign.pk, CALL_DISPOSED, call_disposed_payload(call), at)
    return OutboxEvent.objects.get(pk=pk)


def subscribe(user: User, url: str, campaign: Campaign | None = None, at: datetime = NOW) -> Hook:
    """A hook that wants every kind of event from ``at`` on."""
    wish = Wish(url, [CALL_DISPOSED], campaign)
    return create_hook(user.organisation, "a test", wish, at - timedelta(days=1)).hook


@pytest.fixture
def hook(administrator: User, receiver: Receiver) -> Hook:
    return subscribe(administrator, receiver.url)


def client_with(user: User, scopes: list[str] | None = None) -> APIClient:
    """A client that sends a key of the person's organisation."""
    _, text = create_api_key(user, "Zapier", list(Scope) if scopes is None else scopes, datetime.now(UTC))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.fixture
def api(administrator: User, redis_url: str, settings) -> APIClient:
    """A client with a key of every scope."""
    settings.REDIS_URL = redis_url
    return client_with(administrator)
