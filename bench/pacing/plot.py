"""The README's picture: a row for each room, a dot for each method where its agents' occupancy lies.

SVG by hand, without a background, in tones that read on white and on black alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from .figures import Figures
from .methods import HINDSIGHT, LIMIT, OURS
from .scenarios import SCENARIOS

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 860, 130, 90, 74, 28, 46
"""Pixels."""
LEAST_OCCUPANCY, STEP = 0.2, 0.1
GREY, FAINT, ACCENT, WARM, COOL = "#7d8590", "#7d85904d", "#2f81f7", "#c27c0e", "#2da44e"
OVER_LIMIT = LIMIT + 0.0005
"""Past the limit as a reader sees it, to a tenth of a hundredth."""

VICIDIAL = ("vicidial-3.0", "vicidial-1.5")
DOTS = (
    ("progressive", "one line a ready agent", GREY, 4.0),
    ("vicidial", "VICIdial, the better of two", WARM, 5.0),
    ("expected", "expected answers", COOL, 5.0),
    (HINDSIGHT, "best ratio of hindsight", GREY, 6.0),
    (OURS, "Paceline", ACCENT, 7.0),
)
"""Method, its name, its colour, its radius, in the order of drawing."""
Rows = Mapping[str, Figures]


def plot(figures: Sequence[Figures], optima: Mapping[str, float]) -> str:
    """An SVG document."""
    rooms = [(room.name, _rows(figures, room.name)) for room in SCENARIOS]
    rooms = [(name, rows) for name, rows in rooms if rows]
    height = TOP + ROW * len(rooms) + BOTTOM
    parts = [*_frame(len(rooms)), *_legend()]
    for index, (name, rows) in enumerate(rooms):
        parts += _room(name, TOP + ROW * (index + 0.5), rows, optima.get(name))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{GREY}">'
    )
    title = "<title>Occupancy of agents in simulated rooms, Paceline beside other methods</title>"
    return "\n".join([head, title, *parts, "</svg>", ""])


def _rows(figures: Sequence[Figures], room: str) -> dict[str, Figures]:
    """Method → figures; of VICIdial's two levels the one that keeps agents busier."""
    rows = {row.method: row for row in figures if row.scenario == room}
    levels = [rows[name] for name in VICIDIAL if name in rows]
    if levels:
        rows["vicidial"] = max(levels, key=lambda row: row.occupancy)
    return rows


def x_of(occupancy: float) -> float:
    """Pixels from the left edge; what lies below the scale is drawn at its start."""
    share = (max(occupancy, LEAST_OCCUPANCY) - LEAST_OCCUPANCY) / (1.0 - LEAST_OCCUPANCY)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _frame(rooms: int) -> Iterator[str]:
    bottom = TOP + ROW * rooms
    for tenth in range(round(LEAST_OCCUPANCY / STEP), 11):
        x = x_of(tenth * STEP)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="{FAINT}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{10 * tenth} %</text>'
    yield (
        f'<text x="{LEFT}" y="{bottom + 38}">occupancy: talk and wrap-up over signed-in time. '
        f"Hollow: abandoned more than {100 * LIMIT:.0f} %.</text>"
    )


def _legend() -> Iterator[str]:
    """Two lines of names above the plot."""
    columns = (LEFT, LEFT + 230, LEFT + 460)
    entries = [(name, _dot(0, 0, colour, radius, False)) for _, name, colour, radius in reversed(DOTS)]
    entries.insert(1, ("exact optimum", _tick(0, 0)))
    for index, (name, mark) in enumerate(entries):
        x, y = columns[index % 3], 22 + 24 * (index // 3)
        yield f'<g transform="translate({x + 6} {y})">{mark}<text x="14" y="4.5">{escape(name)}</text></g>'


def _room(name: str, y: float, rows: Rows, optimum: float | None) -> Iterator[str]:
    base = y + 4.5
    yield f'<text x="{LEFT - 14}" y="{base:.1f}" text-anchor="end">{escape(name)}</text>'
    if OURS in rows:
        share = f"{100 * rows[OURS].occupancy:.1f} %"
        yield f'<text x="{WIDTH - 14}" y="{base:.1f}" text-anchor="end" fill="{ACCENT}">{share}</text>'
    yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>'
    if optimum is not None:
        yield _tick(x_of(optimum), y)
    for method, label, colour, radius in DOTS:
        if method in rows:
            row = rows[method]
            told = f"{label}: {100 * row.occupancy:.1f} %, abandoned {100 * row.abandoned:.1f} %"
            yield _dot(x_of(row.occupancy), y, colour, radius, row.abandoned > OVER_LIMIT, told)


def _dot(x: float, y: float, colour: str, radius: float, hollow: bool, told: str = "") -> str:
    paint = f'fill="none" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
    size = radius - 1 if hollow else radius
    title = f"<title>{escape(told)}</title>" if told else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" {paint}>{title}</circle>'


def _tick(x: float, y: float) -> str:
    return f'<path d="M{x:.1f} {y - 10:.1f}v20" stroke="{GREY}" stroke-width="2.5"/>'
