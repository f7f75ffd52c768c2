"""Tables out: .xlsx and .docx that open in WPS and Word with title, repeated header, page numbers, merged cells."""

from __future__ import annotations

import io
import re
from copy import copy
from dataclasses import dataclass, field
from typing import Any

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BODY_FONT = "仿宋_GB2312"
TITLE_FONT = "方正小标宋简体"
HEAD_FONT = "黑体"


@dataclass(slots=True)
class Sheet:
    """A table to be written. `widths` are in characters; `merges` are (row, column, rowspan, colspan) in `rows`.

    `head_merges` are (column, colspan) in the header. `centred` are the columns set in the middle.
    """

    title: str
    headers: list[str]
    widths: list[int]
    rows: list[list[str]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    head_merges: list[tuple[int, int]] = field(default_factory=list)
    centred: list[int] = field(default_factory=list)


def _plain(text: str) -> str:
    """Text without the characters that no office format can hold."""
    return _ILLEGAL.sub("", text)


def _height(at: int, sheet: Sheet) -> float:
    """Height of a row in points: Excel does not fit rows with merged cells, and LibreOffice keeps what stands here.

    Heading cells that are merged downwards share the height of their rows and are left out.
    """
    merged = {c for r, c, rows, _ in sheet.merges if r <= at < r + rows}
    lines = 1
    for column, (text, width) in enumerate(zip(sheet.rows[at], sheet.widths, strict=True)):
        if column in merged:
            continue
        half_widths = sum(2 if ord(c) > 255 else 1 for c in text)
        lines = max(lines, -(-half_widths // max(int(width * 0.92), 1)))
    return min(max(lines * 15.0 + 4, 20.0), 409.0)


def write_xlsx(sheet: Sheet) -> bytes:
    """The table as an .xlsx: A4 landscape, one page wide, header repeated on each page, page numbers below."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page: Any = book.active
    page.title = "台账"
    width = len(sheet.headers)
    line = Side(style="thin")
    border = Border(left=line, right=line, top=line, bottom=line)

    styles: dict[tuple[Any, ...], Any] = {}

    def put(row: int, column: int, text: str, font: Font, align: Alignment) -> None:
        cell = page.cell(row, column)
        cell.value = _plain(text) or None
        if cell.value is not None:
            cell.data_type = "s"  # a text that begins with = is a text, and never a formula
        # A style is looked up once and its numbers copied: asking for it anew in every cell takes most of the time.
        key = (font.name, font.size, align.horizontal)
        if key not in styles:
            cell.font, cell.alignment, cell.border = font, align, border
            styles[key] = cell._style
        cell._style = copy(styles[key])

    put(
        1,
        1,
        sheet.title,
        Font(name=TITLE_FONT, size=20),
        Alignment(horizontal="center", vertical="center", wrap_text=True),
    )
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    page.row_dimensions[1].height = 36
    for c, text in enumerate(sheet.headers, 1):
        put(
            2, c, text, Font(name=HEAD_FONT, size=12), Alignment(horizontal="center", vertical="center", wrap_text=True)
        )
    for c, span in sheet.head_merges:
        page.merge_cells(start_row=2, start_column=c + 1, end_row=2, end_column=c + span)
    body = Font(name=BODY_FONT, size=11)
    aligned = {m: Alignment(horizontal=m, vertical="center", wrap_text=True) for m in ("center", "left")}
    for r, row in enumerate(sheet.rows, 3):
        for c, text in enumerate(row):
            put(r, c + 1, text, body, aligned["center" if c in sheet.centred else "left"])
        page.row_dimensions[r].height = _height(r - 3, sheet)
    for r, c, rows, columns in sheet.merges:
        page.merge_cells(start_row=r + 3, start_column=c + 1, end_row=r + 2 + rows, end_column=c + columns)
    for c, size in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(c)].width = size
    page.print_title_rows = "2:2"
    page.freeze_panes = "A3"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "— &P —"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def write_docx(sheet: Sheet) -> bytes:
    """The table as a .docx: A4 landscape, header repeated on each page, page number “— 1 —” in the footer."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)

    def run(paragraph: Any, text: str, font: str, size: float) -> Any:
        made = paragraph.add_run(_plain(text))
        made.font.name, made.font.size = font, Pt(size)
        made._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        return made

    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(title, sheet.title, TITLE_FONT, 22)
    table = document.add_table(rows=1 + len(sheet.rows), cols=len(sheet.headers))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    total = sum(sheet.widths)
    widths = [Mm(257 * w / total) for w in sheet.widths]
    for column, column_width in zip(table.columns, widths, strict=True):
        column.width = column_width
    grid = [list(row.cells) for row in table.rows]

    def fill(cell: Any, text: str, font: str, centred: bool) -> None:
        paragraph = cell.paragraphs[0]
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if text:
            run(paragraph, text, font, 12)

    for c, text in enumerate(sheet.headers):
        fill(grid[0][c], text, HEAD_FONT, True)
    for r, row in enumerate(sheet.rows, 1):
        for c, text in enumerate(row):
            fill(grid[r][c], text, BODY_FONT, c in sheet.centred)
    for cells in grid:
        for cell, column_width in zip(cells, widths, strict=True):
            cell.width = column_width
    for c, span in sheet.head_merges:
        grid[0][c].merge(grid[0][c + span - 1])
    for r, c, rows, columns in sheet.merges:
        _merge(grid, r + 1, c, rows, columns)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(footer, "— ", "宋体", 14)
    field_run = run(footer, "", "宋体", 14)
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        field_run._element.append(element)
    run(footer, " —", "宋体", 14)
    document.core_properties.title = _plain(sheet.title)
    document.core_properties.author = ""
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _merge(grid: list[list[Any]], row: int, column: int, rows: int, columns: int) -> None:
    """Merge a block of cells; what the covered cells hold is dropped, so that no empty lines are left."""
    merged = grid[row][column].merge(grid[row + rows - 1][column + columns - 1])
    for paragraph in merged.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)
