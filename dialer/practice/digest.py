"""Digest authentication (RFC 8760 with MD5, as every SIP client speaks it) as a carrier asks for it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

REALM = "practice"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_HEADERS = {401: ("WWW-Authenticate", "authorization"), 407: ("Proxy-Authenticate", "proxy-authorization")}


def header_of(code: int) -> str:
    """The lower-case name of the request header that answers a 401 or 407."""
    return _HEADERS[code][1]


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


class Challenger:
    """Asks for credentials and checks them. Nonces are good for one process's life."""

    def __init__(self, username: str, password: str) -> None:
        self._username, self._password = username, password
        self._key = secrets.token_bytes(32)

    def _sign(self, salt: str) -> str:
        return salt + hmac.new(self._key, salt.encode(), hashlib.sha256).hexdigest()[:32]

    def challenge(self, code: int) -> str:
        """The header line of a 401 or 407."""
        nonce = self._sign(secrets.token_hex(8))
        return f'{_HEADERS[code][0]}: Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5, qop="auth"'

    def accepts(self, value: str, method: str) -> bool:
        """Whether an Authorization value holds the right password for a nonce of ours."""
        found = {name: quoted or plain for name, quoted, plain in _FIELD.findall(value)}
        nonce = found.get("nonce", "")
        if not hmac.compare_digest(nonce.encode(), self._sign(nonce[:16]).encode()):
            return False
        if found.get("username") != self._username or found.get("realm") != REALM:
            return False
        secret = _md5(self._username, REALM, self._password)
        action = _md5(method, found.get("uri", ""))
        count = (found["nc"], found.get("cnonce", ""), "auth") if found.get("qop") and "nc" in found else ()
        expected = _md5(secret, nonce, *count, action)
        return hmac.compare_digest(found.get("response", "").encode(), expected.encode())
