"""The report as a document for paper: sober, numbered pages, tables that break over pages with their heads."""

from __future__ import annotations

from functools import partial
from typing import IO

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from . import pdf_parts as parts
from . import pdf_style
from .figures import Report

MARGIN = 20 * mm
FOOT = 12 * mm
LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})
INK_SOFT = colors.HexColor("#455365")
LINE = colors.HexColor("#dfe4eb")


def write(report: Report, file: IO[bytes], country: str = "US", compress: bool = True) -> None:
    """Write the document. ``country`` decides the paper: Letter or A4."""
    size = LETTER if country in LETTER_COUNTRIES else A4
    width, height = size[0] - 2 * MARGIN, size[1] - 2 * MARGIN
    document = BaseDocTemplate(
        file,
        pagesize=size,
        title=f"Compliance report, {report.month.words}, {report.organisation}",
        author="Paceline",
        subject="Abandonment, refusals, lists, attestations and the chain of decisions",
        pageCompression=int(compress),
        invariant=1,
    )
    frame = Frame(MARGIN, MARGIN, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate("page", [frame], pagesize=size))
    document.build(_story(report, width), canvasmaker=partial(NumberedCanvas, report=report))


def _story(report: Report, width: float) -> list[Flowable]:
    return [
        *parts.title(report),
        *parts.summary(report, width),
        *parts.abandonment(report, width),
        *parts.answers(report, width),
        *parts.attestations(report, width),
        *parts.lists(report, width),
        *parts.rule_changes(report, width),
        *parts.ledger(report, width),
        *parts.chain(report, width),
        *parts.definitions(report),
    ]


class NumberedCanvas(Canvas):
    """Writes “page 2 of 7”: how many there are is known at the end only, so pages are kept until then."""

    def __init__(self, *args: object, report: Report, **options: object) -> None:
        super().__init__(*args, **options)
        self._report = report
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:
        """Keep the page for later."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Put the foot under every page and write all of them."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _foot(self, number: int, count: int) -> None:
        width, _ = self._pagesize
        self.setStrokeColor(LINE)
        self.line(MARGIN, FOOT + 4 * mm, width - MARGIN, FOOT + 4 * mm)
        self.setFont(pdf_style.FONT, 8)
        self.setFillColor(INK_SOFT)
        self.drawString(MARGIN, FOOT, f"{self._report.organisation} · {self._report.month.words}")
        self.drawRightString(width - MARGIN, FOOT, f"Page {number} of {count}")
