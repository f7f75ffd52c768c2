"""Lines out in the official form: .xlsx with a sheet for each area, .docx with a table for each.

Source: law.md §5 and YAML 15.7 `standard_directory_columns`. What is written is read back the same: a blank that the
reader would fill from the row above is written as a stroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from gongkai.papers.writing import BODY_FONT, HEAD_FONT, TITLE_FONT
from gongkai.scheme.reading.headers import INHERITED, LABELS
from gongkai.scheme.reading.model import Channel, Line, Mark

_PARENTS = {
    "level1": "公开事项", "level2": "公开事项", "level3": "公开事项", "level4": "公开事项",
    "audience_all": "公开对象", "audience_group": "公开对象", "proactive": "公开方式", "on_request": "公开方式",
    "county": "公开层级", "township": "公开层级", "village": "公开层级",
}  # fmt: skip
_FORM = (
    "number", "level1", "level2", "content", "basis", "limit", "owner", "channels", "audience_all", "audience_group",
    "proactive", "on_request", "county", "township",
)  # fmt: skip
_WIDTHS = {
    "number": 6,
    "level1": 10,
    "level2": 12,
    "content": 34,
    "basis": 30,
    "limit": 16,
    "owner": 14,
    "channels": 26,
    "remark": 14,
}
_ILLEGAL_SHEET = re.compile(r"[\[\]:*?/\\']")
_SIGN = {Mark.MUST: "■", Mark.MAY: "□", Mark.PLAIN: ""}
_WIDE = ("content", "basis", "channels", "remark")
STROKE = "—"


def write_template(path: str | Path) -> None:
    """An empty official form as .xlsx."""
    _xlsx([("", list(_FORM), [])], Path(path))


def write_directory(lines: Sequence[Line], path: str | Path) -> None:
    """Write lines as .xlsx or .docx, as the name of the file says. Raises ValueError for another name."""
    path = Path(path)
    parts = []
    for area, group in groupby(lines, key=lambda x: x.area):
        mine = list(group)
        roles = _roles(mine)
        parts.append((area, roles, _rows(mine, roles)))
    parts = parts or [("", list(_FORM), [])]
    if path.suffix.lower() == ".xlsx":
        _xlsx(parts, path)
    elif path.suffix.lower() == ".docx":
        _docx(parts, path)
    else:
        raise ValueError("只能导出为 .xlsx 或 .docx 文件。")


def _title(area: str) -> str:
    return f"{area}领域基层政务公开标准目录" if area else "基层政务公开标准目录"


def _roles(lines: Iterable[Line]) -> list[str]:
    """The columns of the official form, and those that these lines want besides."""
    held = list(lines)
    roles = list(_FORM)
    deep = max((len(x.deeper) for x in held), default=0)
    roles[3:3] = ["level3", "level4"][:deep]
    if any(x.levels.village for x in held):
        roles.append("village")
    if any(x.process for x in held):
        roles.insert(1, "process")
    return roles + [r for r in ("form", "remark") if any(getattr(x, r) for x in held)]


def _texts(line: Line) -> dict[str, str]:
    on = {
        "audience_all": line.audience_all, "proactive": line.proactive, "on_request": line.on_request,
        "county": line.levels.county, "township": line.levels.township, "village": line.levels.village,
    }  # fmt: skip
    texts = {role: "√" if ticked else "" for role, ticked in on.items()}
    texts |= {r: getattr(line, r) for r in ("number", "level1", "level2", "content", "basis", "owner", "process")}
    texts |= {"limit": line.limit.raw, "form": line.form, "remark": line.remark}
    texts |= dict(zip(("level3", "level4"), line.deeper, strict=False))
    texts["audience_group"] = "√" if line.audience_group == "特定群体" else line.audience_group
    texts["channels"] = "\n".join(_channel(c) for c in line.channels)
    return texts


def _channel(channel: Channel) -> str:
    return f"{_SIGN[channel.mark]}{channel.name}"


def _rows(lines: Iterable[Line], roles: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    above: dict[str, str] = {}
    for line in lines:
        texts = _texts(line)
        for role in (*INHERITED, "process"):
            if not texts[role] and above.get(role):
                texts[role] = STROKE
        if not texts["level2"] and (line.deeper or not texts["number"]):
            texts["level2"] = STROKE  # or it would be filled from above, or the row be read as more of the one above
        above = {r: t for r, t in texts.items() if t != STROKE}
        rows.append([texts.get(r, "") for r in roles])
    return rows


def _heads(roles: Sequence[str]) -> tuple[list[tuple[int, int, str]], list[tuple[int, str]]]:
    """The first header row as (column, span, words), a span of 0 for a head over both rows; the second as (column, words)."""
    tops: list[tuple[int, int, str]] = []
    below: list[tuple[int, str]] = []
    at = 0
    for parent, group in groupby(roles, key=lambda r: _PARENTS.get(r, "")):
        for role in (mine := list(group)):
            if not parent:
                tops.append((at, 0, LABELS[role]))
            else:
                below.append((at, LABELS[role]))
            at += 1
        if parent:
            tops.append((at - len(mine), len(mine), parent))
    return tops, below


def _xlsx(parts: Sequence[tuple[str, list[str], list[list[str]]]], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    del book["Sheet"]
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for area, roles, rows in parts:
        page: Any = book.create_sheet(_sheet_name(area, book.sheetnames))

        def put(row: int, column: int, text: str, font: Font, *, middle: bool = True, page: Any = page) -> None:
            cell = page.cell(row, column + 1)
            cell.value = text or None
            if text:
                cell.data_type = "s"  # a text that begins with = is a text, and never a formula
            cell.font, cell.border = font, border
            cell.alignment = Alignment(horizontal="center" if middle else "left", vertical="center", wrap_text=True)

        put(1, 0, _title(area), Font(name=TITLE_FONT, size=18))
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(roles))
        tops, below = _heads(roles)
        for column, span, words in tops:
            put(2, column, words, Font(name=HEAD_FONT, size=11))
            last = column + max(span, 1)
            page.merge_cells(start_row=2, start_column=column + 1, end_row=2 if span else 3, end_column=last)
        for column, words in below:
            put(3, column, words, Font(name=HEAD_FONT, size=11))
        for r, row in enumerate(rows, 4):
            for c, text in enumerate(row):
                put(r, c, text, Font(name=BODY_FONT, size=10), middle=roles[c] not in _WIDE)
        for c, role in enumerate(roles, 1):
            page.column_dimensions[get_column_letter(c)].width = _WIDTHS.get(role, 7)
        page.print_title_rows = "2:3"
        page.freeze_panes = "A4"
        page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    book.save(path)


def _sheet_name(area: str, taken: Sequence[str]) -> str:
    base = _ILLEGAL_SHEET.sub("", area)[:26] or "目录"
    name, n = base, 2
    while name.lower() in {t.lower() for t in taken}:
        name, n = f"{base}({n})", n + 1
    return name


def _docx(parts: Sequence[tuple[str, list[str], list[list[str]]]], path: Path) -> None:
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)

    def run(paragraph: Any, text: str, font: str, size: float) -> None:
        made = paragraph.add_run(text)
        made.font.name, made.font.size = font, Pt(size)
        made._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)

    for area, roles, rows in parts:
        title = document.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run(title, _title(area), TITLE_FONT, 18)
        table = document.add_table(rows=2 + len(rows), cols=len(roles))
        table.style = "Table Grid"
        grid = [list(row.cells) for row in table.rows]
        tops, below = _heads(roles)
        for column, _, words in tops:
            run(grid[0][column].paragraphs[0], words, HEAD_FONT, 9)
        for column, words in below:
            run(grid[1][column].paragraphs[0], words, HEAD_FONT, 9)
        for r, row in enumerate(rows, 2):
            for c, text in enumerate(row):
                for n, line in enumerate(text.split("\n")):
                    paragraph = grid[r][c].paragraphs[0] if n == 0 else grid[r][c].add_paragraph()
                    run(paragraph, line, BODY_FONT, 8)
        for column, span, _ in tops:
            other = grid[0][column + span - 1] if span else grid[1][column]
            merged = grid[0][column].merge(other)
            for paragraph in merged.paragraphs[1:]:
                paragraph._element.getparent().remove(paragraph._element)
        for row in table.rows[:2]:
            repeat = OxmlElement("w:tblHeader")
            repeat.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(repeat)
    document.save(str(path))
