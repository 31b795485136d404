"""How the document looks: type, tables, and text that is never taken for markup."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

FONT, BOLD, MONO = "Helvetica", "Helvetica-Bold", "Courier"
ENCODING = "cp1252"
"""What the fonts of every PDF reader hold; other letters are written as a question mark."""
INK, SOFT, LINE, GROUND = (colors.HexColor(each) for each in ("#17212e", "#455365", "#dfe4eb", "#f3f5f8"))
GOOD, WARN, BAD = (colors.HexColor(each) for each in ("#0a5a37", "#754600", "#97221d"))
TONES = {"good": GOOD, "warn": WARN, "bad": BAD}

BODY = ParagraphStyle("body", fontName=FONT, fontSize=9, leading=12.5, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8, leading=11, textColor=SOFT)
CODE = ParagraphStyle("code", parent=BODY, fontName=MONO, fontSize=7.5, leading=10, splitLongWords=True)
TITLE = ParagraphStyle("title", parent=BODY, fontName=BOLD, fontSize=20, leading=24)
HEADING = ParagraphStyle("heading", parent=BODY, fontName=BOLD, fontSize=12.5, leading=16, spaceBefore=7 * mm)
SUBHEADING = ParagraphStyle(
    "subheading", parent=BODY, fontName=BOLD, fontSize=10, leading=13, spaceBefore=4 * mm
)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=8, leading=10.5)
FIGURE = ParagraphStyle("figure", parent=CELL, alignment=TA_RIGHT)
HEAD_CELL = ParagraphStyle("head-cell", parent=CELL, fontName=BOLD, textColor=SOFT)
HEAD_FIGURE = ParagraphStyle("head-figure", parent=HEAD_CELL, alignment=TA_RIGHT)

Cell = str | int | float


def text(words: object, style: ParagraphStyle = BODY) -> Paragraph:
    """Plain words: whatever stands in them, a name that somebody gave included, is shown and never obeyed."""
    return Paragraph(escape(str(words).encode(ENCODING, "replace").decode(ENCODING)), style)


def toned(words: str, tone: str, style: ParagraphStyle = FIGURE) -> Paragraph:
    """The same in the colour of a tone; the words say it too."""
    return text(words, ParagraphStyle(f"{style.name}-{tone}", parent=style, textColor=TONES.get(tone, INK)))


def heading(words: str, *first: Flowable) -> list[Flowable]:
    """A heading that stays with what follows it."""
    return [KeepTogether([text(words, HEADING), Spacer(1, 2 * mm), *first])]


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell | Paragraph]],
    widths: Sequence[float],
    figures: frozenset[int] = frozenset(),
) -> Table:
    """A table that breaks over pages and repeats its head; columns in ``figures`` stand at the right."""
    head = [text(each, HEAD_FIGURE if place in figures else HEAD_CELL) for place, each in enumerate(heads)]
    body = [[_cell(cell, place in figures) for place, cell in enumerate(row)] for row in rows]
    made = Table([head, *body], colWidths=list(widths), repeatRows=1, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), GROUND),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return made


def _cell(cell: Cell | Paragraph, is_figure: bool) -> Paragraph:
    if isinstance(cell, Paragraph):
        return cell
    words = f"{cell:,}" if isinstance(cell, int) else str(cell)
    return text(words, FIGURE if is_figure else CELL)
