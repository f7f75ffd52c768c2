"""Spreadsheets: .xlsx and .xls (with .et, which is one of the two), shown cells only."""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import warnings
from pathlib import Path
from typing import Any

from gongkai.papers.grid import Paper, Para, Table, build_table
from gongkai.papers.limits import MAX_TABLE_CELLS, open_zip, part, refuse_large
from gongkai.papers.refusal import PaperRefused
from gongkai.papers.seams import settle


def read_xlsx(data: bytes) -> Paper:
    """Read the visible sheets of an .xlsx; hidden rows, columns and sheets are left out with a warning."""
    import openpyxl

    archive = open_zip(data)
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            held = part(archive, name) or b""
            if "worksheets/" in name:
                refuse_large(0, held.count(b"<c ") + _merged_cells(held))
    with warnings.catch_warnings():
        # Features of Excel that the library leaves out do not concern what is printed.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    paper = Paper([], "xlsx")
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            paper.warnings.append(f"工作表“{sheet.title}”是隐藏的，没有读取。")
            continue
        table = _sheet(sheet, paper.warnings)
        if table is not None:
            if len(book.worksheets) > 1:
                paper.blocks.append(Para(sheet.title, level=9))
            paper.blocks.append(table)
    return paper


def _merged_cells(data: bytes) -> int:
    """How many cells the merges of a sheet cover: the library makes an object for each of them."""
    covered = 0
    for first, top, last, bottom in re.findall(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"', data):
        columns = _column_number(last) - _column_number(first) + 1
        covered += max(columns, 0) * max(int(bottom) - int(top) + 1, 0)
    return covered


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _hidden(sheet: Any) -> tuple[set[int], set[int]]:
    from openpyxl.utils import column_index_from_string

    rows = {i for i, d in sheet.row_dimensions.items() if d.hidden}
    columns: set[int] = set()
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden:
            first = dimension.min or column_index_from_string(letter)
            columns.update(range(first, min((dimension.max or first), first + 500) + 1))
    return rows, columns


def _sheet(sheet: Any, notes: list[str]) -> Table | None:
    from openpyxl.utils import get_column_letter

    hidden_rows, hidden_columns = _hidden(sheet)
    filled = {(c.row, c.column): c for c in sheet._cells.values() if c.value is not None and str(c.value).strip()}
    if not filled:
        return None
    merges = [
        (m.min_row, m.min_col, m.max_row, m.max_col)
        for m in sheet.merged_cells.ranges
        if (m.min_row, m.min_col) in filled
    ]
    last_row = max(max(r for r, _ in filled), max((m[2] for m in merges), default=0))
    last_column = max(max(c for _, c in filled), max((m[3] for m in merges), default=0))
    first_row, first_column = min(r for r, _ in filled), min(c for _, c in filled)
    rows = [r for r in range(first_row, last_row + 1) if r not in hidden_rows]
    columns = [c for c in range(first_column, last_column + 1) if c not in hidden_columns]
    if len(rows) * len(columns) > MAX_TABLE_CELLS:
        raise PaperRefused("表格过大，不像是分工方案；请只截取分工表所在的部分。")
    lost = sum(1 for r, c in filled if r in hidden_rows or c in hidden_columns)
    if lost:
        notes.append(f"工作表“{sheet.title}”有隐藏的行或列（{lost} 个有内容的单元格），没有读取。")
    row_at = {r: i for i, r in enumerate(rows)}
    column_at = {c: i for i, c in enumerate(columns)}
    spans = {(m[0], m[1]): m for m in merges}
    cells: list[tuple[int, int, int, int, str]] = []
    covered: set[tuple[int, int]] = set()
    for (r, c), merge in spans.items():
        shown_rows = [row_at[i] for i in range(merge[0], merge[2] + 1) if i in row_at]
        shown_columns = [column_at[i] for i in range(merge[1], merge[3] + 1) if i in column_at]
        if shown_rows and shown_columns:
            text = cell_text(filled[(r, c)].value, filled[(r, c)].number_format)
            cells.append((shown_rows[0], shown_columns[0], len(shown_rows), len(shown_columns), text))
            covered.update((i, j) for i in shown_rows for j in shown_columns)
    for r in rows:
        for c in columns:
            place = (row_at[r], column_at[c])
            if place not in covered:
                cell = filled.get((r, c))
                text = cell_text(cell.value, cell.number_format) if cell is not None else ""
                cells.append((*place, 1, 1, text))
    edges = [0.0]
    for c in columns:
        dimension = sheet.column_dimensions.get(get_column_letter(c))
        width = dimension.width if dimension is not None and dimension.width else 8.5
        edges.append(edges[-1] + max(float(width), 0.5))
    boxes = [(r, count, edges[c], edges[min(c + span, len(columns))], text) for r, c, count, span, text in cells]
    return settle(boxes, len(rows), sheet=sheet.title)


def cell_text(value: Any, form: str = "General") -> str:
    """What a cell shows, in Chinese office terms: whole numbers without a fraction, dates by the cell's own format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date):
        return _date_text(value, form)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        if form.endswith("%"):
            return f"{value * 100:.10g}%"
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, int):
        return f"{value * 100}%" if form.endswith("%") else str(value)
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def _date_text(value: dt.datetime | dt.date, form: str) -> str:
    """A date as its cell shows it; the built-in short form stands for the Chinese one (2026/5/31)."""
    plain = re.sub(r'\[[^\]]*\]|"|\\|;.*', "", form).lower()
    year, month, day = "y" in plain, "m" in plain, "d" in plain
    if plain in ("mm-dd-yy", "m/d/yy", "m/d/yyyy"):
        return f"{value.year}/{value.month}/{value.day}"
    for mark in ("/", "-", "."):
        if mark in plain and "年" not in plain and year and month:
            pieces = [f"{value.month:02d}" if "mm" in plain else str(value.month)]
            if day:
                pieces.append(f"{value.day:02d}" if "dd" in plain else str(value.day))
            return mark.join([str(value.year), *pieces])
    if year and month and not day:
        return f"{value.year}年{value.month}月"
    if month and day and not year:
        return f"{value.month}月{value.day}日"
    if (year or month) and not day:
        return f"{value.year}年" if year else f"{value.month}月"
    return f"{value.year}年{value.month}月{value.day}日"


def read_xls(data: bytes) -> Paper:
    """Read an .xls (or an .et in that format). Merges come from the file; what is hidden cannot be told here."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        path = Path(folder) / "source.xls"
        path.write_bytes(data)  # only from a file does the library tell encryption from damage
        try:
            book = CalamineWorkbook.from_path(str(path))
        except PasswordError as error:
            raise PaperRefused("文件已加密，无法读取；请在 WPS/Excel 中去掉打开密码后再试。") from error
    paper = Paper([], "xls")
    for meta in book.sheets_metadata:
        if meta.visible is not SheetVisibleEnum.Visible:
            paper.warnings.append(f"工作表“{meta.name}”是隐藏的，没有读取。")
            continue
        sheet = book.get_sheet_by_name(meta.name)
        rows = sheet.to_python(skip_empty_area=False)
        height, width = len(rows), max((len(r) for r in rows), default=0)
        if height * width > MAX_TABLE_CELLS:
            raise PaperRefused("表格过大，不像是分工方案；请只截取分工表所在的部分。")
        texts = {(r, c): cell_text(v) for r, row in enumerate(rows) for c, v in enumerate(row)}
        if not any(t.strip() for t in texts.values()):
            continue
        cells: list[tuple[int, int, int, int, str]] = []
        covered: set[tuple[int, int]] = set()
        for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []:
            cells.append((r1, c1, r2 - r1 + 1, c2 - c1 + 1, texts.get((r1, c1), "")))
            covered.update((r, c) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1))
        cells += [(r, c, 1, 1, t) for (r, c), t in texts.items() if (r, c) not in covered]
        if len(book.sheets_metadata) > 1:
            paper.blocks.append(Para(meta.name, level=9))
        paper.blocks.append(build_table(cells, height=height, width=width, sheet=meta.name))
    return paper
