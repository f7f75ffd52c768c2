"""Who is responsible, said without brackets, once for several items, or with a time beside the names."""

from __future__ import annotations

import io

from docx import Document

from gongkai.papers import read_bytes
from gongkai.plans.reading.model import Task
from gongkai.plans.reading.reader import plan_of

HEAD = "溪口县2026年政务公开工作方案\n"


def tasks(text: str) -> list[Task]:
    return plan_of(read_bytes((HEAD + text).encode(), "plan.txt")).tasks


def owners(text: str) -> list[tuple[str | None, list[str], list[str], list[str]]]:
    return [(t.no, t.path, t.lead, t.support) for t in tasks(text)]


def test_a_sentence_at_the_end_names_them() -> None:
    read = tasks(
        "一、抓好重点\n"
        "1.公布审计结果，逐项写明整改。责任单位：县审计局。\n"
        "2.公布招考信息，随时更新岗位。牵头单位：县教育局；配合单位：县财政局；完成时限：6月底前。\n"
        "3.公布水价，写明依据和听证。由县发展改革局牵头，县水利局配合。\n"
    )
    assert [(t.no, t.path, t.lead, t.support) for t in read] == [
        ("1", ["一、抓好重点"], ["县审计局"], []),
        ("2", ["一、抓好重点"], ["县教育局"], ["县财政局"]),
        ("3", ["一、抓好重点"], ["县发展改革局"], ["县水利局"]),
    ]
    assert [t.text for t in read] == [
        "公布审计结果，逐项写明整改。",
        "公布招考信息，随时更新岗位。",
        "公布水价，写明依据和听证。",
    ]
    assert [d.date for d in read[1].deadlines] == ["2026-06-30"]


def test_a_heading_names_them_for_all_below() -> None:
    assert owners(
        "一、推进服务公开（牵头单位：县政务服务中心；配合单位：县司法局）\n"
        "1.公布办事清单，逐项写明材料。\n"
        "2.公布窗口电话，每日核对一次。\n"
        "二、推进财政公开\n"
        "3.公布部门预算，含三公经费。（县财政局）\n"
    ) == [
        ("1", ["一、推进服务公开"], ["县政务服务中心"], ["县司法局"]),
        ("2", ["一、推进服务公开"], ["县政务服务中心"], ["县司法局"]),
        ("3", ["二、推进财政公开"], ["县财政局"], []),
    ]


def test_one_line_after_several_items_is_said_of_each() -> None:
    assert owners(
        "一、加强公开\n"
        "1.公布补贴名单，逐户写明金额。\n"
        "2.公布补贴标准，写明发放时间。\n"
        "牵头单位：县民政局\n"
        "3.公布招生方案，写明片区。\n"
        "牵头单位：县教育局\n"
    ) == [
        ("1", ["一、加强公开"], ["县民政局"], []),
        ("2", ["一、加强公开"], ["县民政局"], []),
        ("3", ["一、加强公开"], ["县教育局"], []),
    ]


def test_labels_after_a_dash_or_in_a_box() -> None:
    for line in ("——责任单位：县水利局", "【责任单位】县水利局", "● 责任单位：县水利局"):
        assert owners(f"1.公布水库调度方案，汛前挂网。\n{line}\n2.公布供水价格，年内完成。\n{line}\n") == [
            ("1", [], ["县水利局"], []),
            ("2", [], ["县水利局"], []),
        ]


def test_a_time_in_the_bracket_is_no_unit() -> None:
    for said in ("每季度末月25日前", "立行立改", "实时更新", "按月推进", "及时公开"):
        (read,) = tasks(f"1.公布收费目录，逐项写明依据。（县发展改革局牵头，县财政局配合，{said}）\n")
        assert (read.lead, read.support) == (["县发展改革局"], ["县财政局"])
        assert read.deadline_raw == said


def test_a_day_of_every_year_is_not_of_this_one_alone() -> None:
    (read,) = tasks("1.编制年度报告，每年1月31日前公布。（县政府办公室）\n")
    assert [(d.kind, d.every, d.date) for d in read.deadlines] == [("recurring", "year", None)]
    assert read.deadlines[0].raw == "每年1月31日前"


def test_the_first_word_of_what_it_waits_for_is_whole() -> None:
    (read,) = tasks("1.政策文件印发后3个工作日内发布解读。（县司法局）\n")
    assert [d.raw for d in read.deadlines] == ["政策文件印发后3个工作日内"]


def test_names_that_look_like_verbs() -> None:
    (read,) = tasks("1.公布提案办理结果，逐件答复。（牵头单位：县政府办公室；配合单位：县人大办、县政协办）\n")
    assert read.support == ["县人大办", "县政协办"]
    (read,) = tasks("1.公布信访指南，写明渠道。（此项工作由县信访局牵头，县司法局配合）\n")
    assert read.lead == ["县信访局"]


def test_a_table_copied_from_a_sheet_with_lines_in_its_cells() -> None:
    head = "序号\t工作任务\t牵头单位\t配合单位\t完成时限\n"
    quoted = head + (
        '1\t公布权责清单，逐项核对。\t县政府办\t"县司法局\n县财政局"\t6月底前\n'
        "2\t公布办事指南，更新电话。\t县政务服务中心\t县司法局\t9月底前\n"
    )
    broken = head + (
        "1\t公布权责清单，逐项核对。\t县政府办\t县司法局\n县财政局\t6月底前\n"
        "2\t公布办事指南，更新电话。\t县政务服务中心\t县司法局\t9月底前\n"
    )
    for text in (quoted, broken):
        read = tasks(text)
        assert [(t.no, t.lead, t.support) for t in read] == [
            ("1", ["县政府办"], ["县司法局", "县财政局"]),
            ("2", ["县政务服务中心"], ["县司法局"]),
        ]
        assert [d.date for d in read[0].deadlines] == ["2026-06-30"]


def test_numbered_paragraphs_of_a_word_file() -> None:
    document = Document()
    for line in (
        HEAD.strip(),
        "1.公布审计结果，逐项写明整改。责任单位：县审计局",
        "2.公布水价，写明依据。责任单位：县水利局",
    ):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    read = plan_of(read_bytes(out.getvalue(), "plan.docx")).tasks
    assert [(t.no, t.lead) for t in read] == [("1", ["县审计局"]), ("2", ["县水利局"])]


def test_what_was_left_out_between_tasks_is_told() -> None:
    read = tasks(
        "一、加强公开\n"
        "1.公布补贴名单，逐户写明金额。（县民政局）\n"
        "2.各单位要高度重视，压实工作责任，按时报送情况；遇到问题及时沟通。\n"
        "（一）公布补贴标准，写明发放时间。（县财政局）\n"
    )
    assert [t.lead for t in read] == [["县民政局"], ["县财政局"]]
    assert [w.reason for w in read[1].warnings if "没有列为任务" in w.reason] == [
        "前面的“2.各单位要高度重视，压实工作责任，按时…”没有读到责任单位，没有列为任务，请核对原文。"
    ]
