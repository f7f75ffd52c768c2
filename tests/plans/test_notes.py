"""What a plan says once about all its rows, cells with several dates, persons with their titles, headings that name owners."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.plans.reading import Plan, read_plan
from gongkai.plans.reading.deadlines import column_deadlines
from gongkai.plans.reading.responsibility import parse

HEAD = "云岭县2026年政务公开工作任务分解表\n序号\t任务内容\t责任单位\t责任领导\t完成时限\n"


def table(tmp_path: Path, *rows: str, note: str = "", head: str = HEAD) -> Plan:
    path = tmp_path / "plan.txt"
    path.write_text(head + "\n".join(rows) + "\n" + note, encoding="utf-8")
    return read_plan(path)


NOTES = {
    "注：责任单位中列第一位的为牵头单位。": (["县政府办"], ["县司法局", "县财政局"]),
    "备注：第一个单位为牵头单位，其余为配合单位。": (["县政府办"], ["县司法局", "县财政局"]),
    "说明：排在首位的为牵头单位": (["县政府办"], ["县司法局", "县财政局"]),
    "": (["县政府办", "县司法局", "县财政局"], []),
}


@pytest.mark.parametrize(("note", "wanted"), NOTES.items(), ids=[n or "no note" for n in NOTES])
def test_the_first_of_a_list_leads_where_the_plan_says_so(
    note: str, wanted: tuple[list[str], list[str]], tmp_path: Path
) -> None:
    plan = table(
        tmp_path,
        "1\t公开财政预决算。\t县政府办、县司法局、县财政局\t李明 副县长\t6月底前",
        "2\t公开行政处罚结果。\t县司法局牵头，县政府办配合\t张华 常务副县长\t每季度",
        "3\t编制公开指南。\t县政府办\t赵主任\t9月底前",
        note=note,
    )
    first, second, third = plan.tasks
    assert (first.lead, first.support) == wanted
    assert (second.lead, second.support, third.lead) == (["县司法局"], ["县政府办"], ["县政府办"])
    assert [t.persons for t in plan.tasks] == [["李明"], ["张华"], ["赵主任"]]


@pytest.mark.parametrize("note", ["注：带★的为牵头单位。", "说明：标有“★”号的单位为牵头单位", "★为牵头单位"])
def test_a_star_tells_who_leads(note: str, tmp_path: Path) -> None:
    plan = table(
        tmp_path,
        "1\t公开财政预决算。\t县司法局、★县财政局、县政府办\t李明\t6月底前",
        "2\t公开行政处罚结果。\t★县司法局、★县市场监管局\t李明\t每季度",
        "3\t编制公开指南。\t县政府办、县司法局\t李明\t9月底前",
        note=note,
    )
    assert [(t.lead, t.support) for t in plan.tasks] == [
        (["县财政局"], ["县司法局", "县政府办"]),
        (["县司法局", "县市场监管局"], []),
        (["县政府办", "县司法局"], []),
    ]
    assert not any(w.field == "responsible" for t in plan.tasks for w in t.warnings)


def test_a_section_names_who_owes_its_rows(tmp_path: Path) -> None:
    """A table without a column for it: the heading's bracket holds for the rows below, and is no part of the path."""
    html = "<p>前山县2026年政务公开重点工作清单</p><table>" + "".join(
        f"<tr>{r}</tr>"
        for r in (
            "<td>序号</td><td>重点任务</td><td>完成时限</td>",
            "<td colspan=3>一、主动公开（牵头单位：县政府办公室；配合单位：县直各部门）</td>",
            "<td>1</td><td>公开部门权责清单。</td><td>6月底前</td>",
            "<td>2</td><td>公开部门预决算。</td><td>10月底前</td>",
            "<td colspan=3>二、依申请公开（牵头单位：县司法局）</td>",
            "<td>3</td><td>开展依申请公开答复评查。</td><td>9月底前</td>",
        )
    ) + "</table>"  # fmt: skip
    path = tmp_path / "plan.html"
    path.write_text(f"<html><meta charset=utf-8><body>{html}</body></html>", encoding="utf-8")
    tasks = read_plan(path).tasks
    assert [(t.path, t.lead, t.support) for t in tasks] == [
        (["一、主动公开"], ["县政府办公室"], ["县直各部门"]),
        (["一、主动公开"], ["县政府办公室"], ["县直各部门"]),
        (["二、依申请公开"], ["县司法局"], []),
    ]


@pytest.mark.parametrize(
    ("cell", "dates"),
    [
        ("7月15日、12月15日前", ["2026-07-15", "2026-12-15"]),
        ("4月、10月各一次", ["2026-04-30", "2026-10-31"]),
        ("6月、12月底前", ["2026-06-30", "2026-12-31"]),
        ("3月31日、6月30日、9月30日、12月31日前", ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]),
        ("7月10日前、次年1月10日前", ["2026-07-10", "2027-01-10"]),
        ("6月15日至30日", ["2026-06-30"]),
        ("6月15日—7月10日", ["2026-07-10"]),
        ("5月—10月", ["2026-10-31"]),
        ("6月底前取得阶段性成效，12月底前全面完成", ["2026-12-31"]),
        ("6月启动，12月完成", ["2026-12-31"]),
    ],
)
def test_several_dates_in_a_cell(cell: str, dates: list[str]) -> None:
    """A list of dates is each of them; steps on the way to an end, and a span, are its last day."""
    assert [d.date for d in column_deadlines(cell, 2026)] == dates


def test_a_date_and_a_period_on_two_lines(tmp_path: Path) -> None:
    html = "<table><tr><td>工作任务</td><td>责任单位</td><td>完成时限</td></tr>" + "".join(
        f"<tr><td>{n}.公开第{n}项内容。</td><td>县政府办</td><td>10月底前<br>每季度</td></tr>" for n in (1, 2, 3)
    )
    path = tmp_path / "plan.html"
    path.write_text(
        f"<html><meta charset=utf-8><body><p>某县2026年政务公开工作要点</p>{html}</table>", encoding="utf-8"
    )
    for task in read_plan(path).tasks:
        assert [(d.kind, d.date, d.every) for d in task.deadlines] == [
            ("by_date", "2026-10-31", None), ("recurring", None, "quarter"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "lead", "support"),
    [
        ("县政府办总牵头，县教育局、县民政局分项牵头，各镇配合", ["县政府办", "县教育局", "县民政局"], ["各镇"]),
        ("县政府办负总责，县教育局、县民政局落实", ["县政府办"], ["县教育局", "县民政局"]),
        ("县政府办为主，县司法局配合", ["县政府办"], ["县司法局"]),
        ("市府办（金融）、市数据局（市人工智能局）", ["市府办（金融）", "市数据局（市人工智能局）"], []),
    ],
)
def test_verbs_of_who_leads(cell: str, lead: list[str], support: list[str]) -> None:
    found = parse(cell)
    assert (found.lead, found.support) == (lead, support)


def html_rows(*rows: tuple[str, ...]) -> str:
    return "<table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in rows) + "</table>"


def from_html(tmp_path: Path, body: str) -> Plan:
    path = tmp_path / "plan.html"
    path.write_text(
        f"<html><meta charset=utf-8><body><p>云岭县2026年政务公开要点分工</p>{body}</html>", encoding="utf-8"
    )
    return read_plan(path)


def test_cells_numbered_side_by_side(tmp_path: Path) -> None:
    """1.甲 2.乙 beside 1.某事 2.某事: each item has its own units and its own date, and no number in a name."""
    plan = from_html(
        tmp_path,
        html_rows(
            ("工作任务", "具体措施", "责任单位", "完成时限"),
            (
                "一、主动公开", "1.公开预决算。<br>2.公开处罚结果。<br>3.公开规划。",
                "1.县财政局<br>2.县司法局牵头，县市场监管局配合<br>3.县自然资源局", "1.6月底前<br>2.每季度<br>3.9月底前",
            ),
            ("二、解读", "1.图解政策。<br>2.召开发布会。", "县政府办", "12月底前"),
        ),
    )  # fmt: skip
    assert [(t.lead, t.support, t.deadline_raw) for t in plan.tasks] == [
        (["县财政局"], [], "6月底前"),
        (["县司法局"], ["县市场监管局"], "每季度"),
        (["县自然资源局"], [], "9月底前"),
        (["县政府办"], [], "12月底前"),
        (["县政府办"], [], "12月底前"),
    ]


def test_the_same_as_another_row(tmp_path: Path) -> None:
    plan = table(
        tmp_path,
        "1\t公开预决算。\t县财政局、县审计局\t张三\t6月底前",
        "2\t公开采购信息。\t同上\t同上\t同上",
        "3\t公开处罚。\t县司法局\t李四\t9月底前",
        "4\t公开规划。\t（同上）\t〃\t12月底前",
        "5\t公开补贴。\t同第1项\t王五\t10月底前",
    )
    assert [(t.lead, t.persons) for t in plan.tasks] == [
        (["县财政局", "县审计局"], ["张三"]), (["县财政局", "县审计局"], ["张三"]), (["县司法局"], ["李四"]),
        (["县司法局"], ["李四"]), (["县财政局", "县审计局"], ["王五"]),
    ]  # fmt: skip


def test_a_form_for_each_task(tmp_path: Path) -> None:
    """Heads down the left instead of across the top, once for each task."""
    forms = [
        html_rows(("任务名称", n), ("具体内容", c), ("牵头单位", a), ("配合单位", b), ("完成时限", d))
        for n, c, a, b, d in (
            ("公开财政预决算", "公开2026年部门预算。", "县财政局", "县直各部门", "6月底前"),
            ("公开行政处罚", "公开行政处罚结果。", "县司法局", "各执法部门", "每季度"),
        )
    ]
    tasks = from_html(tmp_path, "<p>一</p>".join(forms)).tasks
    assert [(t.path, t.text, t.lead, t.support, t.deadline_raw) for t in tasks] == [
        (["公开财政预决算"], "公开2026年部门预算。", ["县财政局"], ["县直各部门"], "6月底前"),
        (["公开行政处罚"], "公开行政处罚结果。", ["县司法局"], ["各执法部门"], "每季度"),
    ]


def test_a_plan_in_the_order_of_those_who_owe(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "云岭县2026年政务公开任务分解\n一、县财政局\n1.公开2026年部门预算，6月底前完成。\n2.公开政府采购信息。\n"
        "二、县司法局、县政府办\n1.公开行政处罚结果。\n",
        encoding="utf-8",
    )
    tasks = read_plan(path).tasks
    assert [(t.no, t.lead) for t in tasks] == [
        ("1", ["县财政局"]), ("2", ["县财政局"]), ("1", ["县司法局", "县政府办"]),
    ]  # fmt: skip
