"""The office forms of a plan: Word, Excel, web page and PDF, with the merges that such files hold."""

from __future__ import annotations

import html
import io
from functools import cache
from typing import Any

from tests.plans.rendering import Layout, Plan, Table, table, wrap


def _spans(made: Table, column: int) -> list[tuple[int, int]]:
    """(first row, rows) of each cell of a column, its own header rows not counted."""
    found: list[tuple[int, int]] = []
    for r, row in enumerate(made.rows):
        if row[column] is None and found:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((r, 1))
    return found


def _places(made: Table) -> list[int]:
    """The place of each row in the file, after the header and the repeated headers."""
    out, at = [], 1
    for r in range(len(made.rows)):
        at += r in made.breaks
        out.append(at)
        at += 1
    return out


def _blocks(made: Table) -> list[tuple[int, int, int, int, str]]:
    """(row, column, rows, columns, text) of every cell, headers included, sections across the table."""
    width = len(made.headers)
    place = _places(made)
    out = [(0, c, 1, 1, h) for c, h in enumerate(made.headers)]
    out += [(place[r] - 1, c, 1, 1, h) for r in made.breaks for c, h in enumerate(made.headers)]
    for c in range(width):
        for r, count in _spans(made, c):
            if r in made.sections:
                if c == 0:
                    out.append((place[r], 0, 1, width, made.rows[r][0] or ""))
            else:
                out.append((place[r], c, count, 1, made.rows[r][c] or ""))
    return sorted(out)


def docx(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A Word table with merged cells; each line of a cell is a paragraph."""
    from docx import Document

    made = table(plan, layout, merging=True)
    document = Document()
    document.add_paragraph(plan.title)
    blocks = _blocks(made)
    height = max(r + rows for r, _, rows, _, _ in blocks)
    grid = document.add_table(rows=height, cols=len(made.headers))
    cells = [list(row.cells) for row in grid.rows]
    for row, column, rows, columns, text in blocks:
        cell = cells[row][column]
        if rows * columns > 1:
            cell = cell.merge(cells[row + rows - 1][column + columns - 1])
            for paragraph in cell.paragraphs[1:]:
                paragraph._element.getparent().remove(paragraph._element)
        first, *rest = text.split("\n")
        cell.paragraphs[0].text = first
        for line in rest:
            cell.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return "plan.docx", held.getvalue()


def xlsx(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A workbook with the title across the first row."""
    from openpyxl import Workbook

    made = table(plan, layout, merging=True)
    book = Workbook()
    sheet: Any = book.active
    sheet.cell(1, 1, plan.title)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(made.headers))
    for row, column, rows, columns, text in _blocks(made):
        sheet.cell(row + 2, column + 1, text or None)
        if rows * columns > 1:
            at = {"start_row": row + 2, "start_column": column + 1}
            sheet.merge_cells(**at, end_row=row + 1 + rows, end_column=column + columns)
    held = io.BytesIO()
    book.save(held)
    return "plan.xlsx", held.getvalue()


def page(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A web page with rowspan and colspan."""
    made = table(plan, layout, merging=True)
    rows: dict[int, str] = {}
    for row, _, count, columns, text in _blocks(made):
        spans = (f' rowspan="{count}"' if count > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
        shown = html.escape(text).replace("\n", "<br>")
        rows[row] = rows.get(row, "") + f"<td{spans}>{shown}</td>"
    body = "".join(f"<tr>{rows.get(r, '')}</tr>" for r in range(max(rows) + 1))
    whole = f"<html><body><h1>{plan.title}</h1><table>{body}</table></body></html>"
    return "plan.html", whole.encode()


# -- PDF -------------------------------------------------------------------------------------------------

FONT, SIZE, LEADING = "STSong-Light", 10.5, 14.0
PAGE_WIDTH, PAGE_HEIGHT, MARGIN, PAD = 842.0, 420.0, 40.0, 4.0


@cache
def _font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return FONT


def _size(text: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, _font(), SIZE))


def _widths(made: Table, *, ruled: bool) -> list[float]:
    """Widths of the columns: the content takes what the others leave."""
    longest = [max(len(row[c] or "") for row in made.rows) for c in range(len(made.headers))]
    content = max(range(len(longest)), key=lambda c: longest[c])
    room = PAGE_WIDTH - 2 * MARGIN
    out = [46.0 if longest[c] <= 3 else 92.0 if longest[c] <= 11 else 150.0 for c in range(len(longest))]
    out[content] = 0.0
    out[content] = room - sum(out)
    del ruled
    return out


class _Sheet:
    """A table drawn row by row; where a page is full, the header is drawn again on the next."""

    def __init__(self, title: str, made: Table, *, ruled: bool) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.held = io.BytesIO()
        self.canvas = Canvas(self.held, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
        self.made, self.ruled, self.widths = made, ruled, _widths(made, ruled=ruled)
        self.edges = [MARGIN + sum(self.widths[:i]) for i in range(len(self.widths) + 1)]
        self.wrapped = [
            [wrap(t or "", w - 2 * PAD, _size) for t, w in zip(r, self.widths, strict=True)] for r in made.rows
        ]
        self.y = PAGE_HEIGHT - MARGIN
        self._text(MARGIN, [title])
        self.y -= 2 * LEADING

    def _text(self, x: float, lines: list[str], y: float | None = None) -> None:
        self.canvas.setFont(_font(), SIZE)
        for i, line in enumerate(lines):
            if line:
                self.canvas.drawString(x, (self.y if y is None else y) - SIZE - 2 - i * LEADING, line)

    def _box(self, x: float, y: float, width: float, height: float) -> None:
        if self.ruled:
            self.canvas.rect(x, y - height, width, height)

    def _header(self) -> None:
        height = LEADING + 4
        for c, text in enumerate(self.made.headers):
            self._box(self.edges[c], self.y, self.widths[c], height)
            self._text(self.edges[c] + PAD, [text])
        self.y -= height

    def _height(self, r: int) -> float:
        """What the row needs for its own cells; cells over several rows are looked after in `_segment`."""
        cells = self.wrapped[r]
        if r in self.made.sections:
            return LEADING + 4
        alone = [len(x) for c, x in enumerate(cells) if (r, 1) in _spans(self.made, c)]
        return max([1, *alone]) * LEADING + 4

    def draw(self) -> bytes:
        """All rows; returns the file."""
        rows = range(len(self.made.rows))
        segment: list[int] = []
        used = 0.0
        for r in rows:
            room = self.y - MARGIN - LEADING - 4
            if segment and (r in self.made.breaks or used + self._height(r) > room):
                self._segment(segment, first=segment[0] == 0)
                self.canvas.showPage()
                self.y, segment, used = PAGE_HEIGHT - MARGIN, [], 0.0
            segment.append(r)
            used += self._height(r)
        self._segment(segment, first=segment[0] == 0)
        self.canvas.save()
        return self.held.getvalue()

    def _segment(self, segment: list[int], *, first: bool) -> None:
        self._header()
        heights = {r: self._height(r) for r in segment}
        for c in range(len(self.widths)):
            for start, count in _spans(self.made, c):
                covered = [r for r in range(start, start + count) if r in heights]
                if covered and covered[0] == start:
                    need = len(self.wrapped[start][c]) * LEADING + 4
                    have = sum(heights[r] for r in covered)
                    if start not in self.made.sections and need > have:
                        heights[covered[-1]] += need - have
        tops, y = {}, self.y
        for r in segment:
            tops[r] = y
            y -= heights[r]
        for c in range(len(self.widths)):
            for start, count in _spans(self.made, c):
                covered = [r for r in range(start, start + count) if r in heights]
                if not covered:
                    continue
                top, height = tops[covered[0]], sum(heights[r] for r in covered)
                if start in self.made.sections:
                    if c == 0:
                        self._box(MARGIN, top, sum(self.widths), height)
                        self._text(MARGIN + PAD, [self.made.rows[start][0] or ""], top)
                    continue
                self._box(self.edges[c], top, self.widths[c], height)
                if covered[0] == start:
                    self._text(self.edges[c] + PAD, self.wrapped[start][c], top)
        self.y = y


def ruled_pdf(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A PDF with all its lines drawn."""
    return "plan.pdf", _Sheet(plan.title, table(plan, layout, merging=True), ruled=True).draw()


def unruled_pdf(plan: Plan, layout: Layout) -> tuple[str, bytes]:
    """A PDF whose columns stand apart and nothing more."""
    return "plan.pdf", _Sheet(plan.title, table(plan, layout), ruled=False).draw()
