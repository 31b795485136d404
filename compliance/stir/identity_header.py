"""The Identity header of SIP: a PASSporT with where its certificate lies (RFC 8224, 4 and 9).

One value a header; several headers stand side by side (``shaken``, ``div``, ``rcd``). The full form alone: the
compact form leaves out what was signed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from .passport import CLAIMS, Claims, Passport, PassportInvalid, encode_header, parse, sign

VALUE_CHARACTERS_MAX = 6000
PARAMETERS_MAX = 8
TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
PARAMETER = re.compile(
    r"[ \t]*;[ \t]*(?P<name>[A-Za-z0-9-]{1,32})[ \t]*=[ \t]*"
    r'(?:<(?P<uri>[!#-;=?-~]*)>|"(?P<quoted>[ !#-\[\]-~]*)"|(?P<plain>[A-Za-z0-9.!%*_+`\'~-]+))',
    re.ASCII,
)
"""RFC 3261, 25.1, without escapes in quoted strings: nothing that we know needs one."""


class IdentityInvalid(ValueError):
    """It is no Identity header that we take; the message says what is wrong with it."""


class KindUnknown(IdentityInvalid):
    """A kind of PASSporT that we do not know: a verifier passes over it (RFC 8224, 6.2, step 1)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One Identity header, taken apart; nothing is proven yet."""

    passport: Passport
    x5u: str


class IdentityWriter:
    """Writes Identity headers with one key: what is the same for every call is made once."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, x5u: str) -> None:
        """Raises ``PassportInvalid`` for an address that fits into no token."""
        self._key = key
        self._frames = {
            claims: (encode_header(ppt, x5u), f";info=<{x5u}>;alg=ES256;ppt={ppt}".encode())
            for ppt, claims in CLAIMS.items()
        }

    def write(self, claims: Claims) -> str:
        """The header's value. The claims are taken as they are: who calls sees to their types."""
        header, tail = self._frames[type(claims)]
        return (sign(header, claims, self._key) + tail).decode()


def parse_identity(value: str, canonical: bool = True) -> Identity:
    """One header's value taken apart. Raises ``IdentityInvalid``, ``KindUnknown``."""
    token, parameters = _split(value)
    if parameters.get("alg", "ES256") != "ES256":
        raise IdentityInvalid("The signature is not by ES256.")
    if parameters.get("ppt") not in CLAIMS:
        raise KindUnknown(f"PASSporTs of the kind “{parameters.get('ppt', '')}” are not known here.")
    try:
        passport = parse(token, canonical)
    except PassportInvalid as error:
        raise IdentityInvalid(str(error)) from error
    if passport.header.ppt != parameters["ppt"]:
        raise IdentityInvalid("The header and its token name two kinds of PASSporT.")
    if passport.header.x5u != parameters["info"]:
        raise IdentityInvalid("The header and its token name two certificates.")
    return Identity(passport, passport.header.x5u)


def _split(value: str) -> tuple[str, dict[str, str]]:
    """The token, and the parameters by their lower-case names."""
    if len(value) > VALUE_CHARACTERS_MAX:
        raise IdentityInvalid(f"The header is longer than {VALUE_CHARACTERS_MAX} characters.")
    token = TOKEN.match(value)
    if token is None:
        raise IdentityInvalid("It does not begin with a whole token; the compact form is not taken.")
    found: dict[str, str] = {}
    place = token.end()
    while place < len(value):
        place = _take(value, place, found)
    if "info" not in found:
        raise IdentityInvalid("It does not say in “info” where the certificate lies.")
    return token[0], found


def _take(value: str, place: int, found: dict[str, str]) -> int:
    """Put the parameter at this place among those found; where the next one begins."""
    parameter = PARAMETER.match(value, place)
    if parameter is None or len(found) == PARAMETERS_MAX:
        raise IdentityInvalid("What follows the token are not parameters, or too many.")
    name, uri = parameter["name"].lower(), parameter["uri"]
    if name in found:
        raise IdentityInvalid(f"The parameter “{name}” stands in it twice.")
    if (uri is not None) != (name == "info"):
        raise IdentityInvalid("“info”, and nothing else, stands between < and >.")
    found[name] = next(text for text in (uri, parameter["quoted"], parameter["plain"]) if text is not None)
    return parameter.end()
