"""Spreadsheets: every corner, numbers in their forms, what is hidden, what stays."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from gongkai.papers import PaperRefused
from gongkai.papers.office import convert
from gongkai.papers.redaction import Cover, find, list_of_covered, redact
from tests.papers import made
from tests.papers.redaction.bytewise import in_package
from tests.papers.redaction.papers import ID, NAME, book

COVERS = [Cover(NAME, "个人隐私"), Cover(ID, "个人隐私")]


def loaded(data: bytes) -> Any:
    """The copy as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(held: Any) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def test_every_corner() -> None:
    original = book()
    before = bytes(original)
    out = redact(original, "名单.xlsx", COVERS)
    assert original == before
    assert in_package(out.data, NAME) == [] and in_package(out.data, ID) == []
    held = loaded(out.data)
    assert held.sheetnames == ["████的名单"]
    sheet = held.worksheets[0]
    assert [c.value for c in sheet[2]][:3] == ["████", "█" * 18, 500]
    assert [c.value for c in sheet[3]][:3] == ["赵六", "无", 600]
    assert sheet["A4"].value == "见████ 处" and sheet["A7"].value == "看得见"
    assert sheet["A6"].value is None and sheet["H2"].value is None
    assert sheet["C9"].number_format == '0"████"' and sheet.print_title_rows == "$1:$1"
    names = zipfile.ZipFile(io.BytesIO(out.data)).namelist()
    assert "xl/charts/chart1.xml" in names and "xl/media/image1.jpeg" in names
    assert not [n for n in names if "comment" in n or "docProps" in n or "vml" in n.lower()]
    chart = zipfile.ZipFile(io.BytesIO(out.data)).read("xl/charts/chart1.xml")
    assert b":f>" not in chart and b"<f>" not in chart
    for gone in ("隐藏行的事", "隐藏列的事", "底稿"):
        assert in_package(out.data, gone) == []
    lines = list_of_covered(out.covered)
    assert "工作表“████的名单”隐藏的第6行：遮盖5个字；理由：隐藏的内容不提供" in lines
    assert any("底稿" in line for line in lines) and NAME not in "".join(lines)


def test_hidden_can_be_shown() -> None:
    held = loaded(redact(book(), "名单.xlsx", COVERS, hidden="show").data)
    assert held.sheetnames == ["████的名单", "底稿"] and held.worksheets[1].sheet_state == "visible"
    assert held.worksheets[0]["A6"].value == "隐藏行的事" and not held.worksheets[0].row_dimensions[6].hidden
    assert held.worksheets[1]["A1"].value == "████的底稿"


def test_places_are_named() -> None:
    places = {p.place for p in find(book(), "名单.xlsx", NAME)}
    sheet = f"工作表“{NAME}的名单”"
    for place in (f"{sheet}A2", f"{sheet}A4", f"{sheet}E2的公式", "工作表名称", "文件属性", f"{sheet}的页眉页脚"):
        assert place in places
    assert {f"{sheet}的数据有效性", "定义的名称", "单元格格式", "工作表“底稿”A1（隐藏的工作表）"} <= places
    assert any("批注" in p for p in places) and any("超链接" in p for p in places)


def test_numbers_in_the_forms_they_are_read_in() -> None:
    held = openpyxl.Workbook()
    sheet: Any = held.active
    sheet.append([13812345678, date(2031, 5, 6), 1234567.5, 0.125, 42])
    sheet["B1"].number_format, sheet["C1"].number_format = "yyyy年m月d日", "#,##0.00"
    sheet["D1"].number_format = "0.0%"
    data = saved(held)
    for at, what in enumerate(("138 1234 5678", "2031年5月6日", "1,234,567.50", "12.5%")):
        out = redact(data, "a.xlsx", [Cover(what, "隐私")])
        row = [c.value for c in loaded(out.data).worksheets[0][1]]
        assert set(str(row[at])) == {"█"} and row[4] == 42


def test_formulas_become_their_values() -> None:
    rows = '<row r="1"><c r="A1" t="str"><f>B1&amp;"密"</f><v>张三</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>NOW()</f></c></row>'
    out = redact(made.xlsx(f"<sheetData>{rows}</sheetData>"), "a.xlsx", [Cover("张三", "隐私")])
    sheet = loaded(out.data).worksheets[0]
    assert [sheet["A1"].value, sheet["B1"].value, sheet["C1"].value] == ["██", 2, None]
    assert any("1个公式没有保存计算结果" in n for n in out.notes)


def test_rich_strings_and_left_over_strings() -> None:
    strings = (
        "<si><r><t>欧阳</t></r><r><t>明月说</t></r><rPh sb='0' eb='2'><t>ōuyáng</t></rPh></si><si><t>从前的话</t></si>"
    )
    data = made.xlsx('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', strings=strings)
    assert find(data, "a.xlsx", "从前的话")[0].place == "没有显示的残留文字"
    out = redact(data, "a.xlsx", [Cover(NAME, "隐私")])
    assert loaded(out.data).worksheets[0]["A1"].value == "████说"
    assert in_package(out.data, "从前") == [] and in_package(out.data, "yáng") == []


def test_a_merge_shows_what_stands_in_its_hidden_corner() -> None:
    rows = made.sheet_rows([("标题", "x"), ("甲", "乙")])
    cols = '<cols><col min="1" max="1" width="0"/></cols>'
    data = made.xlsx(f'{cols}<sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    sheet = loaded(redact(data, "a.xlsx", [Cover("乙", "隐私")]).data).worksheets[0]
    assert sheet["A1"].value == "标题" and sheet["A2"].value is None


def test_again_and_further() -> None:
    first = redact(book(), "a.xlsx", COVERS)
    assert first.data == redact(book(), "a.xlsx", COVERS).data
    assert in_package(redact(first.data, "a.xlsx", [Cover("赵六", "隐私")]).data, "赵六") == []
    with pytest.raises(PaperRefused, match="没有找到"):
        redact(first.data, "a.xlsx", COVERS)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_opens_in_an_office_program() -> None:
    pdf = convert(redact(book(), "a.xlsx", COVERS).data, ".xlsx", "pdf")
    assert find(pdf, "a.pdf", "赵六") and find(pdf, "a.pdf", "看得见") and not find(pdf, "a.pdf", NAME)
