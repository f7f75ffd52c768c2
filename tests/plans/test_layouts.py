"""Tables as offices lay them out: nested in another, over several sheets, with dragged borders and wide heads."""

from __future__ import annotations

import io

import docx
import openpyxl

from gongkai.papers import read_bytes
from gongkai.plans.reading.reader import plan_of
from gongkai.plans.reading.responsibility import parse

HEADS = ("序号", "任务", "牵头部门", "协同部门")


def _nested(with_head: bool) -> bytes:
    document = docx.Document()
    outer = document.add_table(rows=0, cols=2)
    if with_head:
        head = outer.add_row()
        head.cells[0].text, head.cells[1].text = "领域", "任务及分工"
    for name, unit in (("数据底座", "县数据局"), ("便民应用", "县民政局")):
        row = outer.add_row()
        row.cells[0].text = name
        inner = row.cells[1].add_table(rows=0, cols=4)
        for line in (
            HEADS,
            ("1", f"编制{name}目录，年内挂网。", unit, "县财政局"),
            ("2", f"公布{name}清单，随时更新。", unit, ""),
        ):
            for cell, text in zip(inner.add_row().cells, line, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_tables_nested_in_a_layout_table_take_the_heading_beside_them() -> None:
    for with_head in (True, False):
        tasks = plan_of(read_bytes(_nested(with_head), "plan.docx")).tasks
        assert [(t.no, t.path, t.lead, t.support) for t in tasks] == [
            ("1", ["数据底座"], ["县数据局"], ["县财政局"]),
            ("2", ["数据底座"], ["县数据局"], []),
            ("1", ["便民应用"], ["县民政局"], ["县财政局"]),
            ("2", ["便民应用"], ["县民政局"], []),
        ]


def test_sheets_with_one_header_are_parted_by_the_line_over_it() -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("教育", "养老"):
        sheet = book.create_sheet(name)
        sheet.append(["青禾县2026年民生实事责任表"])
        sheet.append([name, None, None, "县政府办公室制表"])
        sheet.append(list(HEADS))
        sheet.append([1, f"新建{name}设施三处，年底前投用。", "县发展改革局", "县财政局"])
    out = io.BytesIO()
    book.save(out)
    tasks = plan_of(read_bytes(out.getvalue(), "plan.xlsx")).tasks
    assert [t.path for t in tasks] == [["教育"], ["养老"]]


def test_a_border_dragged_in_some_rows_is_no_column() -> None:
    page = (
        "<table><tr><td>序号</td><td colspan=2>主要任务</td><td>责任分工及时限</td></tr>"
        "<tr><td>1</td><td colspan=2>公布收费目录，逐项写明依据。</td><td>县财政局牵头，县发展改革局配合（2026年6月底前）</td></tr>"
        "<tr><td>2</td><td>公布补贴名单，逐户写明金额。</td><td colspan=2>县民政局</td></tr>"
        "<tr><td>3</td><td>公布公交时刻，逐站写明首末班。</td><td colspan=2>县交通运输局牵头，县财政局保障</td></tr></table>"
    )
    tasks = plan_of(read_bytes(page.encode(), "plan.html")).tasks
    assert [(t.no, t.lead, t.support) for t in tasks] == [
        ("1", ["县财政局"], ["县发展改革局"]),
        ("2", ["县民政局"], []),
        ("3", ["县交通运输局"], ["县财政局"]),
    ]
    assert tasks[0].deadlines[0].date == "2026-06-30"


def test_a_second_header_row_may_hold_a_word_that_is_no_usual_head() -> None:
    page = (
        "<table><tr><td colspan=2>反馈问题</td><td rowspan=2>整改措施</td><td colspan=2>整改责任</td></tr>"
        "<tr><td>问题类别</td><td>具体表现</td><td>牵头科室</td><td>配合科室</td></tr>"
        "<tr><td>一、管理不严</td><td>1.派车随意</td><td>（1）修订派车审批单，逐车登记。</td><td>办公室</td><td>财务科</td></tr>"
        "<tr><td>二、公开不细</td><td>2.目录过期</td><td>（1）重编公开目录，逐项核对。</td><td>法规科</td><td>办公室</td></tr></table>"
    )
    tasks = plan_of(read_bytes(page.encode(), "plan.html")).tasks
    assert [(t.path[0], t.lead, t.support) for t in tasks] == [
        ("一、管理不严", ["办公室"], ["财务科"]),
        ("二、公开不细", ["法规科"], ["办公室"]),
    ]


def test_first_and_second_level_indicators_are_headings() -> None:
    page = (
        "<table><tr><td>一级指标</td><td>二级指标</td><td>具体内容</td><td>责任单位</td></tr>"
        "<tr><td>重点公开</td><td>养老</td><td>1.公开养老机构备案信息。</td><td>县民政局</td></tr>"
        "<tr><td>重点公开</td><td>教育</td><td>2.公开学区划分和招生人数。</td><td>县教育局</td></tr></table>"
    )
    tasks = plan_of(read_bytes(page.encode(), "plan.html")).tasks
    assert [t.path for t in tasks] == [["重点公开", "养老"], ["重点公开", "教育"]]


def test_a_bracketed_name_ends_before_the_next_line() -> None:
    answer = parse("县商务局（县粮食和物资储备局）\n县供销合作社联合社")
    assert answer.lead == ["县商务局（县粮食和物资储备局）", "县供销合作社联合社"]


def test_a_date_in_the_last_bracket_is_no_part_of_the_name() -> None:
    answer = parse("县税务局、高新区管委会（2026年4月底前）", year=2026)
    assert answer.lead == ["县税务局", "高新区管委会"]
    assert answer.deadline_raw == "2026年4月底前"
