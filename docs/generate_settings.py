"""Writes docs/settings.md from dialer/settings.py: ``python docs/generate_settings.py``.

Reads the source only, so it needs no installation and no environment. What a variable means is the text that follows
its assignment, or the docstring of the function that reads it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "dialer" / "settings.py"
TARGET = PROJECT / "docs" / "settings.md"
SECRET_READER = "_kept_secret"  # noqa: S105 - a function's name
WHEN_NOT_GIVEN = "Made at the first start and kept in the data directory where none is given."
HEAD = """\
# Settings

Read from the environment at the start; a bad value stops the start and names the variable. Any of them may be given as
a file instead: `PACELINE_SECRET_KEY_FILE=/run/secrets/key`. This page is made from `dialer/settings.py` by
`python docs/generate_settings.py`.

| variable | kind | default | meaning |
|---|---|---|---|
"""


class Undocumented(Exception):
    """A variable whose meaning is written nowhere."""


@dataclass(frozen=True)
class Variable:
    """One environment variable."""

    name: str
    kind: str
    default: str
    meaning: str

    def row(self) -> str:
        """Its line in the table."""
        meaning = " ".join(self.meaning.replace("``", "`").split()).replace("|", "\\|")
        default = f"`{self.default}`" if self.default else ""
        return f"| `{self.name}` | {self.kind} | {default} | {meaning} |\n"


def variables(tree: ast.Module) -> Iterator[Variable]:
    """Every variable that the settings read, in their order."""
    for body in _bodies(tree):
        for statement, following in zip(body, [*body[1:], None]):
            if isinstance(statement, ast.Assign | ast.FunctionDef):
                yield from _read_in(statement, _meaning(statement, following))


def _bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    yield tree.body
    for statement in tree.body:
        if isinstance(statement, ast.If):
            yield statement.body
            yield statement.orelse


def _meaning(statement: ast.stmt, following: ast.stmt | None) -> str:
    if isinstance(statement, ast.FunctionDef):
        return ast.get_docstring(statement) or ""
    match following:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
    return ""


def _read_in(statement: ast.stmt, meaning: str) -> Iterator[Variable]:
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(id=reader), args=[_, ast.Constant(value=str(name))]) if (
                reader == SECRET_READER
            ):
                found = Variable(name, "secret", "", f"{meaning} {WHEN_NOT_GIVEN}")
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr=kind),
                args=[ast.Constant(value=str(name)), *_],
            ):
                found = Variable(name, kind, _default(node), meaning)
            case _:
                continue
        if not found.meaning:
            raise Undocumented(f"{found.name} has no text behind its assignment in dialer/settings.py.")
        yield found


def _default(call: ast.Call) -> str:
    given = [*call.args[1:], *(keyword.value for keyword in call.keywords if keyword.arg == "default")]
    return _in_words(given[0]) if given else ""


def _in_words(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.List(elts=items):
            return ",".join(_in_words(item) for item in items)
        case ast.JoinedStr(values=parts):
            return "".join(_in_words(part) for part in parts)
        case ast.FormattedValue(value=value) | ast.Call(func=ast.Name(id="str"), args=[value]):
            return _in_words(value)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return f"{_in_words(left)}/{_in_words(right)}"
        case ast.Name(id="DATA_DIR"):
            return "PACELINE_DATA"
        case ast.Name(id="BASE_DIR"):
            return "."
    return ast.unparse(node)


def page() -> str:
    """The whole text of docs/settings.md as it should be."""
    return HEAD + "".join(variable.row() for variable in variables(ast.parse(SOURCE.read_text())))


if __name__ == "__main__":
    TARGET.write_text(page())
