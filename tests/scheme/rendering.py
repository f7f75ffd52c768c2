"""A table typed once, drawn in each format: “^” goes on from the cell above, “<” from the cell to the left."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path
from typing import Any

Grid = list[list[str]]
Part = tuple[list[str], Grid, list[str]]
"""Lines above, the table, lines below."""


def grid(text: str) -> Grid:
    """Rows on lines, cells between |, a line end inside a cell as \\n."""
    rows = [[c.strip().replace("\\n", "\n") for c in line.split("|")] for line in text.strip().split("\n")]
    assert len({len(r) for r in rows}) == 1, [len(r) for r in rows]
    return rows


def anchors(rows: Grid) -> list[tuple[int, int, int, int, str]]:
    """(row, column, rowspan, colspan, text) of every cell."""
    found = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("^", "<"):
                continue
            wide = 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            high = 1
            while r + high < len(rows) and rows[r + high][c] == "^":
                high += 1
            found.append((r, c, high, wide, text))
    return found


def xlsx(parts: list[Part], path: Path, sheets: list[str] | None = None) -> Path:
    """All parts on one sheet, or each on a sheet of its own."""
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    page.title = "目录"
    top = 1
    for n, (above, rows, below) in enumerate(parts):
        if sheets is not None:
            page = book.active if n == 0 else book.create_sheet()
            page.title, top = sheets[n], 1
        width = len(rows[0]) if rows else 1
        for text in above:
            page.cell(top, 1, text)
            page.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
            top += 1
        for r, c, high, wide, text in anchors(rows):
            cell = page.cell(top + r, c + 1, text or None)
            if text:
                cell.data_type = "s"
            if high > 1 or wide > 1:
                page.merge_cells(start_row=top + r, start_column=c + 1, end_row=top + r + high - 1, end_column=c + wide)
        top += len(rows)
        for text in below:
            page.cell(top, 1, text)
            page.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
            top += 1
    book.save(path)
    return path


def xls(parts: list[Part], path: Path) -> Path:
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("目录")
    top = 0
    for above, rows, below in parts:
        for text in above:
            page.write_merge(top, top, 0, len(rows[0]) - 1, text)
            top += 1
        for r, c, high, wide, text in anchors(rows):
            if high > 1 or wide > 1:
                page.write_merge(top + r, top + r + high - 1, c, c + wide - 1, text)
            elif text:
                page.write(top + r, c, text)
        top += len(rows)
        for text in below:
            page.write_merge(top, top, 0, len(rows[0]) - 1, text)
            top += 1
    book.save(str(path))
    return path


def docx(parts: list[Part], path: Path) -> Path:
    from docx import Document

    document = Document()
    for above, rows, below in parts:
        for text in above:
            document.add_paragraph(text)
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        held = [list(row.cells) for row in table.rows]
        for r, c, _, _, text in anchors(rows):
            held[r][c].text = text
        for r, c, high, wide, _ in anchors(rows):
            if high > 1 or wide > 1:
                merged = held[r][c].merge(held[r + high - 1][c + wide - 1])
                for paragraph in [p for p in merged.paragraphs[1:] if not p.text]:
                    paragraph._element.getparent().remove(paragraph._element)
        for text in below:
            document.add_paragraph(text)
    document.save(str(path))
    return path


def html(parts: list[Part], path: Path) -> Path:
    out = ['<html><head><meta charset="utf-8"></head><body>']
    for above, rows, below in parts:
        out += [f"<p>{escape(t)}</p>" for t in above]
        held = anchors(rows)
        body = ""
        for r in range(len(rows)):
            body += "<tr>" + "".join(
                f'<td rowspan="{h}" colspan="{w}">' + escape(t).replace("\n", "<br>") + "</td>"
                for row, _, h, w, t in held
                if row == r
            )
            body += "</tr>"
        out.append(f"<table>{body}</table>")
        out += [f"<p>{escape(t)}</p>" for t in below]
    path.write_text("".join(out) + "</body></html>", "utf-8")
    return path


def tabs(parts: list[Part], path: Path) -> Path:
    """Text between tabs: what is merged is blank, line ends inside cells are lost."""
    out = []
    for above, rows, below in parts:
        out += above
        out += ["\t".join("" if t in "^<" else t.replace("\n", " ") for t in row) for row in rows]
        out += below
    path.write_text("\n".join(out), "utf-8")
    return path


def pdf(parts: list[Part], path: Path, height: float = 842) -> Path:
    """A3 across, header of two rows repeated on each page, cells broken as narrow columns break them."""
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("x", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    held = io.BytesIO()
    flow: list[Any] = []
    for above, rows, below in parts:
        flow += [Paragraph(escape(t), style) for t in above]
        lengths = [
            max(max((len(x) for x in row[c].split("\n")), default=0) for row in rows) for c in range(len(rows[0]))
        ]
        weights = [min(max(n, 2), 16) + 1 for n in lengths]
        widths = [1100 * w / sum(weights) for w in weights]
        data = [
            ["" if t in "^<" else Paragraph(escape(_drawn(t)).replace("\n", "<br/>"), style) for t in row]
            for row in rows
        ]
        spans = [("SPAN", (c, r), (c + w - 1, r + h - 1)) for r, c, h, w, _ in anchors(rows) if h > 1 or w > 1]
        table = LongTable(data, colWidths=widths, repeatRows=2)
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), *spans]))
        flow.append(table)
        flow += [Paragraph(escape(t), style) for t in below]
    SimpleDocTemplate(held, pagesize=(1190, height), leftMargin=40, rightMargin=40, invariant=1).build(flow)
    path.write_bytes(held.getvalue())
    return path


def _drawn(text: str) -> str:
    """The font of the tests has no ✓."""
    return text.replace("✓", "√")
