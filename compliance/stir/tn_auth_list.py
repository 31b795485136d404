"""The TN Authorization List of a certificate (RFC 8226, 9): for whom its holder may sign.

``TNAuthorizationList ::= SEQUENCE SIZE (1..MAX) OF CHOICE { spc [0] IA5String, range [1] SEQUENCE { start IA5String,
count INTEGER (2..MAX) }, one [2] IA5String }``, with explicit tags. Three tags are too few for a general reader of
ASN.1; the bytes come from outside, so only their one DER form is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.x509 import ObjectIdentifier

OID = ObjectIdentifier("1.3.6.1.5.5.7.1.26")
BYTES_MAX = 64 * 1024
SEQUENCE, INTEGER, IA5_STRING = 0x30, 0x02, 0x16
SPC, RANGE, ONE = 0xA0, 0xA1, 0xA2
LONG_FORM = 0x80
SERVICE_PROVIDER_CODE = re.compile(r"[A-Z0-9]{1,10}", re.ASCII)
"""Operating company numbers have four characters (ATIS-0300251); other countries' codes are longer."""
TELEPHONE_NUMBER = re.compile(r"[0-9#*]{1,15}", re.ASCII)
COUNT_MAX = 10**15


class TnAuthListInvalid(ValueError):
    """The bytes are no TN Authorization List in DER; the message says why."""


@dataclass(frozen=True, slots=True)
class TnRange:
    """``count`` numbers from ``start`` on, digits without ``+``; a single number is a range of one."""

    start: str
    count: int = 1

    def covers(self, number: str) -> bool:
        """Whether the number (E.164 with or without ``+``) lies in it. Ranges do not change the count of digits."""
        digits = number.removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and self.start.isdigit()):
            return digits == self.start
        return len(digits) == len(self.start) and 0 <= int(digits) - int(self.start) < self.count


@dataclass(frozen=True, slots=True)
class TnAuthList:
    """Service provider codes, and numbers, in the order of the certificate."""

    spcs: tuple[str, ...] = ()
    ranges: tuple[TnRange, ...] = ()

    def covers(self, number: str) -> bool:
        """Whether it lets its holder sign for the number.

        A provider's code covers whatever numbers the provider may vouch for (ATIS-1000080); a list of numbers alone
        (a delegate's, ATIS-1000092) covers those.
        """
        return bool(self.spcs) or any(each.covers(number) for each in self.ranges)


def encode(listed: TnAuthList) -> bytes:
    """The DER form. Raises ``TnAuthListInvalid`` for an empty list and for what such a list cannot hold."""
    if not (listed.spcs or listed.ranges):
        raise TnAuthListInvalid("A TN Authorization List names at least one provider or number.")
    entries = [_tlv(SPC, _text(spc, SERVICE_PROVIDER_CODE)) for spc in listed.spcs]
    return _tlv(SEQUENCE, b"".join(entries + [_encode_range(each) for each in listed.ranges]))


def decode(der: bytes) -> TnAuthList:
    """The list of hostile bytes. Raises ``TnAuthListInvalid`` for anything but its one DER form."""
    if len(der) > BYTES_MAX:
        raise TnAuthListInvalid("The TN Authorization List is too long.")
    ((tag, body),) = _exactly(der, 1)
    if tag != SEQUENCE or not body:
        raise TnAuthListInvalid("A TN Authorization List is a sequence of at least one entry.")
    spcs: list[str] = []
    ranges: list[TnRange] = []
    for tag, entry in _elements(body):
        if tag == SPC:
            spcs.append(_decode_text(entry, SERVICE_PROVIDER_CODE))
        else:
            ranges.append(_decode_range(tag, entry))
    return TnAuthList(tuple(spcs), tuple(ranges))


def _encode_range(each: TnRange) -> bytes:
    start = _text(each.start, TELEPHONE_NUMBER)
    if not 1 <= each.count <= COUNT_MAX:
        raise TnAuthListInvalid("A range holds at least one number.")
    if each.count == 1:
        return _tlv(ONE, start)
    count = each.count.to_bytes(each.count.bit_length() // 8 + 1, "big")
    return _tlv(RANGE, _tlv(SEQUENCE, start + _tlv(INTEGER, count)))


def _decode_range(tag: int, entry: bytes) -> TnRange:
    if tag == ONE:
        return TnRange(_decode_text(entry, TELEPHONE_NUMBER))
    if tag != RANGE:
        raise TnAuthListInvalid(f"An entry has the unknown tag {tag:#04x}.")
    ((inner, pair),) = _exactly(entry, 1)
    (start_tag, start), (count_tag, count) = _exactly(pair, 2)
    if (inner, start_tag, count_tag) != (SEQUENCE, IA5_STRING, INTEGER):
        raise TnAuthListInvalid("A range is a first number and a count.")
    return TnRange(_checked(start, TELEPHONE_NUMBER), _decode_count(count))


def _decode_count(content: bytes) -> int:
    count = int.from_bytes(content, "big", signed=True)
    shortest = count.to_bytes(count.bit_length() // 8 + 1, "big") if count > 0 else b""
    if content != shortest or not 1 < count <= COUNT_MAX:
        raise TnAuthListInvalid("A range's count is a number from 2 on in its shortest form.")
    return count


def _text(value: str, pattern: re.Pattern[str]) -> bytes:
    if not pattern.fullmatch(value):
        raise TnAuthListInvalid(f"“{value[:20]}” cannot stand in a TN Authorization List.")
    return _tlv(IA5_STRING, value.encode("ascii"))


def _decode_text(entry: bytes, pattern: re.Pattern[str]) -> str:
    ((tag, content),) = _exactly(entry, 1)
    if tag != IA5_STRING:
        raise TnAuthListInvalid("A code or number is not an IA5 string.")
    return _checked(content, pattern)


def _checked(content: bytes, pattern: re.Pattern[str]) -> str:
    text = content.decode("latin-1")
    if not pattern.fullmatch(text):
        raise TnAuthListInvalid("A code or number holds characters that it may not.")
    return text


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < LONG_FORM:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, LONG_FORM | len(length)]) + length + content


def _exactly(der: bytes, count: int) -> list[tuple[int, bytes]]:
    found = list(_elements(der))
    if len(found) != count:
        raise TnAuthListInvalid("The TN Authorization List is not in its DER form.")
    return found


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that stand one after another, each as tag and content."""
    at = 0
    while at < len(der):
        tag, start, size = _head(der, at)
        at = start + size
        if at > len(der):
            raise TnAuthListInvalid("The TN Authorization List ends too early.")
        yield tag, der[start:at]


def _head(der: bytes, at: int) -> tuple[int, int, int]:
    """Tag, where the content starts, its size; the length in its shortest form only."""
    head = der[at : at + 2]
    if len(head) < 2:
        raise TnAuthListInvalid("The TN Authorization List ends too early.")
    tag, size = head
    if size < LONG_FORM:
        return tag, at + 2, size
    octets = der[at + 2 : at + 2 + (size & ~LONG_FORM)]
    length = int.from_bytes(octets, "big")
    if not octets or octets[0] == 0 or len(octets) > 4 or length < LONG_FORM:
        raise TnAuthListInvalid("A length is not in its shortest form.")
    return tag, at + 2 + len(octets), length
