"""A small chart of abandonment by day beside the limit, as vectors."""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.units import mm

from .abandonment import Abandonment

HEIGHT = 34 * mm
LEFT, BOTTOM, TOP = 13 * mm, 5 * mm, 3 * mm
HEADROOM = 1.15
"""The tallest bar or the limit ends a little below the top."""
BAR_SHARE = 0.66
LABEL_EVERY_DAYS = 5
FONT, FONT_SIZE = "Helvetica", 7
GRID, INK = colors.HexColor("#dfe4eb"), colors.HexColor("#455365")
FINE, OVER = colors.HexColor("#1d5fd1"), colors.HexColor("#c4332d")


def chart(account: Abandonment, width: float) -> Drawing:
    """A bar a day, red above the limit that holds; days on which nobody answered have none."""
    drawing = Drawing(width, HEIGHT)
    highest = max([account.limit, *(day.counted.share for day in account.days)]) * HEADROOM
    scale = (HEIGHT - BOTTOM - TOP) / highest
    place = (width - LEFT) / len(account.days)
    for number, day in enumerate(account.days):
        x = LEFT + place * number
        if day.counted.abandoned:
            share = day.counted.share
            colour = OVER if share > account.limit else FINE
            bar = Rect(x + place * (1 - BAR_SHARE) / 2, BOTTOM, place * BAR_SHARE, share * scale)
            bar.fillColor, bar.strokeColor = colour, None
            drawing.add(bar)
        if day.day.day == 1 or day.day.day % LABEL_EVERY_DAYS == 0:
            drawing.add(_word(x + place / 2, 1 * mm, str(day.day.day), "middle"))
    above = account.limit * scale
    _across(drawing, width, BOTTOM, "0 %" if above > FONT_SIZE else "", GRID)
    _across(drawing, width, BOTTOM + above, f"{100 * account.limit:.1f} %", OVER, dashed=True)
    return drawing


def _across(
    drawing: Drawing, width: float, y: float, words: str, colour: colors.Color, dashed: bool = False
) -> None:
    drawing.add(
        Line(
            LEFT,
            y,
            width,
            y,
            strokeColor=colour,
            strokeWidth=0.6,
            strokeDashArray=[3, 2] if dashed else None,
        )
    )
    drawing.add(_word(LEFT - 2 * mm, y - FONT_SIZE / 3, words, "end"))


def _word(x: float, y: float, words: str, anchor: str) -> String:
    return String(x, y, words, fontName=FONT, fontSize=FONT_SIZE, fillColor=INK, textAnchor=anchor)
