"""Reads the project's files of law, and refuses to start on one that is wrong.

A file of ``compliance/data`` is ``version`` (the day of its last change) and ``rows``. A row says what holds, where,
for which calls, from when until when, and which text of law says so.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import yaml
from django.core.exceptions import ImproperlyConfigured

from ..choices import Purpose

DATA = Path(__file__).parent.parent / "data"
BOOLEANS = "tag:yaml.org,2002:bool"
INTEGERS = "tag:yaml.org,2002:int"


class BadLawData(ImproperlyConfigured):
    """A file of law cannot be used; the text names the file, the entry and the field."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a table of facts, which no law cites."""

    id: str


class Dated(Entry, frozen=True, kw_only=True):
    """What a text of law says of a place from one day to another."""

    where: tuple[str, ...]
    """Countries and states as in ISO 3166: ``US`` is every state of it, ``US-FL`` one."""
    effective: date
    """The first local day on which it holds."""
    ends: date | None = None
    """The first day on which it no longer holds; left out: still in force."""
    citation: str
    retrieved: date
    disputed: str = ""
    """Where sources differ, or one could not be checked: what each says. The stricter value is the one given."""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that local day."""
        return self.effective <= day and (self.ends is None or day < self.ends)

    def covers(self, place: str) -> bool:
        """Whether it holds in that state (``US-FL``) or country (``GB``)."""
        return place in self.where or place.partition("-")[0] in self.where


class Row(Dated, frozen=True, kw_only=True):
    """What a text of law says of some calls."""

    applies_to: tuple[Purpose, ...]


R = TypeVar("R", bound=Entry)


class Table(msgspec.Struct, Generic[R], frozen=True):
    """A file that was read: the version stands in every decision that looked at it."""

    version: str
    rows: tuple[R, ...]


@cache
def load(name: str, kind: type[R]) -> Table[R]:
    """``compliance/data/<name>`` with its rows as ``kind``, once a process. Raises ``BadLawData``."""
    return read(DATA / name, kind)


def read(path: Path, kind: type[R]) -> Table[R]:
    """The same for any file. Raises ``BadLawData``."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader's child)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadLawData(f"{path.name} cannot be read: {error}") from error
    if (
        not isinstance(found, dict)
        or set(found) != {"version", "rows"}
        or not isinstance(found["rows"], list)
    ):
        raise BadLawData(f"{path.name} must consist of version and rows (a list).")
    if type(found["version"]) is not date:
        raise BadLawData(f"{path.name}: version must be a date, such as 2026-11-22.")
    rows = tuple(_row(path.name, place, row, kind) for place, row in enumerate(found["rows"], start=1))
    _check_once(path.name, rows)
    return Table(found["version"].isoformat(), rows)


def _row(file: str, place: int, values: Any, kind: type[R]) -> R:
    called = values.get("id", "without id") if isinstance(values, dict) else "without id"
    try:
        row = msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise BadLawData(f"{file}, entry {place} ({called}): {error}") from error
    if isinstance(row, Dated) and row.ends is not None and row.ends <= row.effective:
        raise BadLawData(f"{file}, entry {place} ({called}): ends must be after effective.")
    return row


def _check_once(file: str, rows: tuple[Entry, ...]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise BadLawData(f"{file}: the id {row.id} stands twice.")
        seen.add(row.id)


class _Loader(yaml.SafeLoader):
    """Safe YAML without its traps: ``NO`` and ``ON`` stay texts, ``21:00`` is no number, a key stands once."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in (BOOLEANS, INTEGERS)]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """As ever, but a key that stands twice is an error."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver(BOOLEANS, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(INTEGERS, re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
