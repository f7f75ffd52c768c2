"""Tables three and four of the year's report in the official form (国办公开办函〔2021〕30号): as a page, as .xlsx."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.law.annual import BLOCKS, COLUMNS, LEAVES, RESULTS, ROWS

CAPTION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULT_HEAD = "三、本年度办理结果"


@dataclass(frozen=True, slots=True)
class Head:
    """A heading cell of a row: its text, how many columns and rows it takes."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the third table: its headings, and the key of its numbers."""

    heads: tuple[Head, ...]
    key: str


def form_rows() -> list[FormRow]:
    """The twenty-five rows of the third table with the headings that stand before their numbers."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, text in LEAVES.items():
        group, _, leaf = text.partition(" ")
        groups.setdefault(group, []).append((key, leaf))
    out = [FormRow((Head(ROWS["new"], 3),), "new"), FormRow((Head(ROWS["carried"], 3),), "carried")]
    first = True
    for group, leaves in groups.items():
        for at, (key, leaf) in enumerate(leaves):
            heads = [Head(RESULT_HEAD, 1, len(LEAVES) + 1)] if first else []
            first = False
            if not leaf:
                heads.append(Head(group, 2))
            else:
                heads += [Head(group, 1, len(leaves))] if at == 0 else []
                heads.append(Head(leaf))
            out.append(FormRow(tuple(heads), key))
    out.append(FormRow((Head(ROWS["total"], 2),), "total"))
    out.append(FormRow((Head(ROWS["forward"], 3),), "forward"))
    return out


def write_xlsx(
    title: str, requests: Mapping[str, Mapping[str, int]], disputes: Mapping[str, Mapping[str, int]]
) -> bytes:
    """Both tables, each on its sheet, merged as in the official form; numbers are numbers."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    third: Any = book.active
    third.title = "表三 申请情况"
    _third(_writer(third), title, requests)
    third.column_dimensions["A"].width = 12
    third.column_dimensions["B"].width = 18
    third.column_dimensions["C"].width = 46
    for letter in "DEFGHIJ":
        third.column_dimensions[letter].width = 10
    fourth: Any = book.create_sheet("表四 复议诉讼")
    _fourth(_writer(fourth), title, disputes)
    for at in range(1, len(BLOCKS) * len(RESULTS) + 1):
        fourth.column_dimensions[get_column_letter(at)].width = 9
    for page in (third, fourth):
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Put = Callable[..., None]


def _writer(page: Any) -> Put:
    from openpyxl.styles import Alignment, Border, Side

    line = Side(style="thin")
    border = Border(left=line, right=line, top=line, bottom=line)

    def put(row: int, column: int, value: str | int, columns: int = 1, rows: int = 1, *, left: bool = False) -> None:
        cell = page.cell(row, column)
        cell.value = value
        cell.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                page.cell(r, c).border = border
        if columns > 1 or rows > 1:
            page.merge_cells(
                start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1
            )

    return put


def _third(put: Put, title: str, table: Mapping[str, Mapping[str, int]]) -> None:
    width = 3 + len(COLUMNS)
    put(1, 1, f"{title}　收到和处理政府信息公开申请情况", width)
    put(2, 1, CAPTION, 3, 3)
    put(2, 4, "申请人情况", len(COLUMNS))
    put(3, 4, COLUMNS[0], 1, 2)
    put(3, 5, "法人或其他组织", len(COLUMNS) - 2)
    for at, name in enumerate(COLUMNS[1:-1]):
        put(4, 5 + at, name)
    put(3, 3 + len(COLUMNS), COLUMNS[-1], 1, 2)
    for at, row in enumerate(form_rows(), 5):
        column = 4 - sum(h.columns for h in row.heads)
        for head in row.heads:
            put(at, column, head.text, head.columns, head.rows, left=True)
            column += head.columns
        for n, name in enumerate(COLUMNS):
            put(at, 4 + n, table[row.key][name])


def _fourth(put: Put, title: str, table: Mapping[str, Mapping[str, int]]) -> None:
    n = len(RESULTS)
    put(1, 1, f"{title}　政府信息公开行政复议、行政诉讼情况", n * len(BLOCKS))
    put(2, 1, BLOCKS[0], n, 2)
    put(2, 1 + n, "行政诉讼", n * (len(BLOCKS) - 1))
    for at, block in enumerate(BLOCKS[1:], 1):
        put(3, 1 + at * n, block, n)
    for at, block in enumerate(BLOCKS):
        for r, result in enumerate(RESULTS):
            put(4, 1 + at * n + r, result)
            put(5, 1 + at * n + r, table[block][result])
