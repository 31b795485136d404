"""Who gets in, and who is put out."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from accounts.choices import Role
from dialer.live import consumer, frames

from .helpers import Browser, make_person, sign_in

pytestmark = pytest.mark.integration


async def _code(browser: Browser) -> int:
    await browser.connect(timeout=5)
    return await browser.close_code()


@pytest.mark.parametrize("path", ["/board", "/ws/agent"])
async def test_a_stranger_is_told_to_sign_in(live, path: str):
    assert await _code(Browser(path)) == frames.CLOSE_NOT_SIGNED_IN
    assert (
        await _code(Browser(path, cookie=b"sessionid=abcdefghijklmnopqrstuvwxyz012345"))
        == frames.CLOSE_NOT_SIGNED_IN
    )


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.READER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["/board", "/ws/agent"])
async def test_a_role_without_the_capability_is_not_let_in(live, path: str, role: Role):
    person = await make_person(role=role)
    assert await _code(Browser(path, cookie=await sign_in(person))) == frames.CLOSE_NOT_ALLOWED


@pytest.mark.parametrize("origin", [b"https://evil.example", None, b"null", b"http://localhost.evil.example"])
@pytest.mark.parametrize("path", ["/board", "/ws/agent"])
async def test_a_page_of_another_site_gets_no_socket(agent, path: str, origin: bytes | None):
    browser = Browser(path, cookie=await sign_in(agent), origin=origin)
    connected, _ = await browser.connect()
    assert not connected


async def test_a_closed_account_is_put_out_at_its_next_command(browser: Browser, agent):
    await browser.hello()
    await _change(agent, is_active=False)
    await browser.ask(op="command", id="1", name="say", args={"text": "hi"})
    assert await browser.close_code() == frames.CLOSE_NOT_SIGNED_IN


async def test_a_role_taken_away_puts_out_at_the_next_look(browser: Browser, agent, monkeypatch):
    monkeypatch.setattr(consumer, "WATCH_S", 0.05)
    monkeypatch.setattr(consumer, "RECHECK_S", 0.05)
    await browser.hello()
    await _change(agent, role=Role.READER)
    assert await browser.close_code() == frames.CLOSE_NOT_ALLOWED


async def test_a_sign_out_elsewhere_puts_out_at_the_next_look(browser: Browser, monkeypatch):
    monkeypatch.setattr(consumer, "WATCH_S", 0.05)
    monkeypatch.setattr(consumer, "RECHECK_S", 0.05)
    await browser.hello()
    await sync_to_async(Session.objects.all().delete)()
    assert await browser.close_code() == frames.CLOSE_NOT_SIGNED_IN


@sync_to_async
def _change(person, **values):
    type(person).objects.filter(pk=person.pk).update(**values)
