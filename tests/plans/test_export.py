"""A plan written as .xlsx and .docx: it reads back as the same tasks, and it prints as an office expects."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from gongkai.papers import read_bytes
from gongkai.papers.writing import Sheet, write_docx, write_xlsx
from gongkai.plans.export import sheet_of
from gongkai.plans.reading import Plan, Task, plan_of
from tests.plans.score import deadline_key
from tests.plans.test_samples import SAMPLES, read_sample

WRITERS = {"xlsx": write_xlsx, "docx": write_docx}
OFFICE = shutil.which("soffice")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

forms = pytest.mark.parametrize("form", WRITERS)
samples = pytest.mark.parametrize("sample", SAMPLES)


@cache
def written(sample: str, form: str) -> tuple[Plan, bytes]:
    """A sample as read, and its export."""
    plan = read_sample(sample)
    return plan, WRITERS[form](sheet_of(plan))


def facts(task: Task) -> dict[str, Any]:
    """What must come back from an export."""
    out = {k: getattr(task, k) for k in ("no", "path", "text", "lead", "support", "persons")}
    return out | {"deadlines": sorted(str(deadline_key(d.to_json())) for d in task.deadlines)}


def book_of(data: bytes) -> Any:
    """The first sheet of a workbook."""
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data)).active


def document_of(data: bytes) -> Any:
    """A Word document."""
    from docx import Document

    return Document(io.BytesIO(data))


# -- round trip ------------------------------------------------------------------------------------------


@forms
@samples
def test_reads_back_the_same_tasks(sample: str, form: str) -> None:
    plan, data = written(sample, form)
    again = plan_of(read_bytes(data, f"again.{form}"))
    assert [facts(t) for t in again.tasks] == [facts(t) for t in plan.tasks]
    assert (again.title, again.year) == (plan.title, plan.year)


@forms
def test_a_second_export_is_the_same_as_the_first(form: str) -> None:
    plan, data = written("2026-qinghe.docx", form)
    again = plan_of(read_bytes(data, f"again.{form}"))
    assert sheet_of(again) == sheet_of(plan)


# -- what stands where -----------------------------------------------------------------------------------

HEADERS = ["序号", "工作任务", "具体要求", "牵头单位", "配合单位", "完成时限"]


@samples
def test_xlsx_title_and_columns(sample: str) -> None:
    plan, data = written(sample, "xlsx")
    sheet = book_of(data)
    assert sheet.cell(1, 1).value == plan.title
    heads = [c.value for c in sheet[2] if c.value]
    assert heads[:6] == HEADERS
    assert heads[6:] == (["责任人"] if any(t.persons and t.lead for t in plan.tasks) else [])
    task = plan.tasks[0]
    row = [c.value for c in sheet[3]]
    assert row[0] == task.no
    assert [row[1 + i] for i in range(len(task.path))] == task.path
    content = len(heads) and [c.value for c in sheet[2]].index("具体要求")
    assert row[content : content + 3] == [task.text, "、".join(task.lead), "、".join(task.support) or None]


@samples
def test_docx_title_and_columns(sample: str) -> None:
    plan, data = written(sample, "docx")
    document = document_of(data)
    assert document.paragraphs[0].text == plan.title
    heads = [c.text for c in document.tables[0].rows[0].cells]
    assert [h for h in dict.fromkeys(heads) if h != "责任人"] == HEADERS
    assert len(document.tables[0].rows) == 1 + len(plan.tasks)


def test_headings_over_several_tasks_are_one_cell() -> None:
    plan, data = written("2026-qinghe.docx", "xlsx")
    merged = {str(r) for r in book_of(data).merged_cells.ranges}
    first = sum(1 for t in plan.tasks if t.path[0] == plan.tasks[0].path[0])
    assert f"B3:B{2 + first}" in merged


# -- printing --------------------------------------------------------------------------------------------


@samples
def test_xlsx_prints_its_header_on_each_page(sample: str) -> None:
    sheet = book_of(written(sample, "xlsx")[1])
    assert sheet.print_title_rows == "$2:$2"
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0


@samples
def test_xlsx_rows_are_as_high_as_their_texts(sample: str) -> None:
    # A row without a height is one line high in LibreOffice: its text is cut on screen and overprinted on paper.
    sheet = book_of(written(sample, "xlsx")[1])
    for row in sheet.iter_rows(min_row=3):
        lines = 1
        for cell in row:
            width = sheet.column_dimensions[get_column_letter(cell.column)].width
            merged = any(cell.coordinate in r for r in sheet.merged_cells.ranges)
            if cell.value and not merged:
                lines = max(lines, math.ceil(sum(2 if ord(c) > 255 else 1 for c in cell.value) / width))
        height = sheet.row_dimensions[row[0].row].height
        assert lines == 1 or (height or 0) >= lines * 11, f"row {row[0].row}: {lines} lines, height {height}"


@samples
def test_docx_repeats_its_header_and_numbers_its_pages(sample: str) -> None:
    document = document_of(written(sample, "docx")[1])
    rows = document.tables[0].rows
    marked = [i for i, r in enumerate(rows) if r._tr.find(f"{W}trPr/{W}tblHeader") is not None]
    assert marked == [0]
    footer = document.sections[0].footer._element
    assert [e.text.strip() for e in footer.iter(f"{W}instrText")] == ["PAGE"]
    assert [e.get(f"{W}fldCharType") for e in footer.iter(f"{W}fldChar")] == ["begin", "end"]


# -- texts that could be taken for something else --------------------------------------------------------

ODD = [
    "=1+1",
    '=HYPERLINK("http://a.invalid")',
    "+86",
    "-3",
    "@SUM(A1)",
    "0012",
    "a\x0bb\x00c",
    "<b>&amp;",
    "１．５亿元",
]


@forms
@pytest.mark.parametrize("odd", ODD)
def test_text_stays_text(odd: str, form: str) -> None:
    plan = Plan(
        [Task("1", ["一、甲"], f"{odd}办好政务公开。", "", ["县政府办公室"]), Task("2", ["一、甲"], odd, "", [odd])]
    )
    plan.title = odd
    data = WRITERS[form](sheet_of(plan))
    expected = re.sub(r"[\x00-\x08\x0b]", "", odd)
    if form == "xlsx":
        sheet = book_of(data)
        cells = [sheet.cell(1, 1), sheet.cell(4, 3), sheet.cell(4, 4)]
        assert [(c.value, c.data_type) for c in cells] == [(expected, "s")] * 3
    else:
        document = document_of(data)
        row = document.tables[0].rows[2].cells
        assert [document.paragraphs[0].text, row[2].text, row[3].text] == [expected] * 3


@forms
@pytest.mark.parametrize("text", ["办好第二件事，公开结果。", "办好第二件事，公开办理的过程和结果，接受监督。"])
def test_nobody_is_written_so_that_it_does_not_inherit(text: str, form: str) -> None:
    tasks = [
        Task("1", ["一、甲"], "办好第一件事，公开结果。", "", ["县政府办公室"], ["县司法局"]),
        Task("2", ["一、甲"], text, ""),
        Task("3", ["一、甲"], "办好第三件事，公开结果。", "", ["县财政局"]),
    ]
    again = plan_of(read_bytes(WRITERS[form](sheet_of(Plan(tasks, "青禾县2026年任务清单"))), f"a.{form}"))
    assert [(t.text, t.lead, t.support) for t in again.tasks] == [(t.text, t.lead, t.support) for t in tasks]


@forms
def test_headings_of_different_depth(form: str) -> None:
    tasks = [
        Task("1", ["一、甲", "（一）乙"], "办好第一件事，公开结果。", "", ["县政府办公室"]),
        Task("2", ["一、甲", "（一）乙"], "办好第二件事，公开结果。", "", ["县政府办公室"]),
        Task("3", ["二、丙"], "办好第三件事，公开结果。", "", ["县财政局"]),
        Task(None, ["三、丁", "（一）戊"], "办好第四件事，公开结果。", "", ["县财政局"], persons=[]),
    ]
    again = plan_of(read_bytes(WRITERS[form](sheet_of(Plan(tasks, "青禾县2026年任务清单"))), f"a.{form}"))
    assert [(t.no, t.path, t.lead) for t in again.tasks] == [(t.no, t.path, t.lead) for t in tasks]


def test_sheet_refuses_nothing_and_merges_only_what_it_is_told() -> None:
    sheet = Sheet("", ["甲", "乙"], [10, 10], [["", "x"], ["", ""]])
    assert not [str(r) for r in book_of(write_xlsx(sheet)).merged_cells.ranges if str(r) != "A1:B1"]


# -- another program opens it ----------------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@forms
@samples
def test_libreoffice_opens_it(sample: str, form: str, tmp_path: Path) -> None:
    import pypdfium2

    plan, data = written(sample, form)
    source = tmp_path / f"plan.{form}"
    source.write_bytes(data)
    command = [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, source], check=True, capture_output=True, timeout=180)
    pages = pypdfium2.PdfDocument(tmp_path / "plan.pdf")
    texts = [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in pages]
    assert plan.title and plan.title in texts[0]
    assert len(texts) > 1 or len(plan.tasks) < 20, "rows are as high as their texts"
    for number, text in enumerate(texts, 1):
        assert "牵头单位" in text, "the header stands on each page"
        assert f"—{number}—" in text, "each page has its number"
