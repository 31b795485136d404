"""Signing in over HTTP as a browser does: the form's page, its CSRF token, the session cookie."""

from __future__ import annotations

import re

import httpx

TIMEOUT_S = 20.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class SignInRefused(Exception):
    """The server did not let this person in; the message says what to look at."""


async def sign_in(url: str, path: str, username: str, password: str) -> str:
    """Sign in at ``url`` + ``path``; returns the Cookie header of the session.

    Raises ``SignInRefused``, or ``httpx.HTTPError`` where the server does not answer.
    """
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False) as client:
        page = await client.get(path)
        token = _TOKEN.search(page.text)
        if page.status_code != httpx.codes.OK or not token:
            raise SignInRefused(f"{url}{path} is no sign-in page (HTTP {page.status_code}).")
        form = {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
        answer = await client.post(path, data=form, headers={"Referer": f"{url}{path}", "Origin": url})
        if not answer.is_redirect or "sessionid" not in client.cookies:
            raise SignInRefused(
                f"{username} was not let in (HTTP {answer.status_code}): check user name and password."
            )
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
