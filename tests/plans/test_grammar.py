"""The small grammars, case by case: who owes, by when, which number, which item. Answers are typed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.plans.reading.deadlines import column_deadlines, find_deadlines
from gongkai.plans.reading.document import cited_titles, doc_refs
from gongkai.plans.reading.items import split_items
from gongkai.plans.reading.numbering import mark_of
from gongkai.plans.reading.responsibility import parse
from gongkai.plans.reading.units import Known


def names(text: str) -> list[str]:
    """`甲局 乙局` as a list."""
    return text.split()


# -- responsibility --------------------------------------------------------------------------------------

OWNERS = [
    # (as printed, lead, support)
    ("县财政局", "县财政局", ""),
    ("县财政局、县民政局", "县财政局 县民政局", ""),
    ("县财政局，县民政局", "县财政局 县民政局", ""),
    ("县财政局；县民政局。", "县财政局 县民政局", ""),
    ("县财政局 县民政局", "县财政局 县民政局", ""),
    ("县财政局\n县民政局", "县财政局 县民政局", ""),
    ("县财政局/县民政局", "县财政局 县民政局", ""),
    ("县财政局负责", "县财政局", ""),
    ("由县财政局负责", "县财政局", ""),
    ("县财政局、县民政局负责落实", "县财政局 县民政局", ""),
    ("县财政局、县民政局按职责分工负责", "县财政局 县民政局", ""),
    ("县财政局、县民政局等按职责分工落实", "县财政局 县民政局", ""),
    ("县财政局、县民政局按照各自职责分工落实", "县财政局 县民政局", ""),
    ("县财政局牵头，县民政局配合", "县财政局", "县民政局"),
    ("县财政局牵头,县民政局配合", "县财政局", "县民政局"),
    ("县财政局牵头、县民政局配合", "县财政局", "县民政局"),
    ("县财政局牵头，县民政局、县司法局负责", "县财政局", "县民政局 县司法局"),
    ("县财政局牵头，县民政局、县司法局按职责分工负责", "县财政局", "县民政局 县司法局"),
    ("县财政局牵头负责", "县财政局", ""),
    ("县财政局牵头负责，县民政局参与", "县财政局", "县民政局"),
    ("县财政局、县民政局牵头，县司法局配合落实", "县财政局 县民政局", "县司法局"),
    ("县财政局、县民政局分别牵头，县司法局配合", "县财政局 县民政局", "县司法局"),
    ("县财政局牵头，县司法局指导", "县财政局", "县司法局"),
    ("县财政局统筹，各乡镇人民政府落实", "县财政局", "各乡镇人民政府"),
    ("县财政局会同县民政局负责", "县财政局 县民政局", ""),
    ("县财政局牵头，会同县民政局、县司法局落实", "县财政局", "县民政局 县司法局"),
    ("县财政局会同县民政局牵头，县司法局配合", "县财政局 县民政局", "县司法局"),
    ("县财政局负责，县民政局配合", "县财政局", "县民政局"),
    ("县财政局（牵头）、县民政局（配合）", "县财政局", "县民政局"),
    ("县财政局（牵头单位）、县民政局", "县财政局", "县民政局"),
    ("（县财政局牵头，县民政局配合）", "县财政局", "县民政局"),
    ("县财政局牵头县民政局、县司法局配合", "县财政局", "县民政局 县司法局"),
    # labels
    ("责任单位：县财政局", "县财政局", ""),
    ("责任单位：县财政局、县民政局", "县财政局 县民政局", ""),
    ("牵头单位：县财政局；配合单位：县民政局、县司法局", "县财政局", "县民政局 县司法局"),
    ("牵头单位:县财政局\n责任单位:县民政局", "县财政局", "县民政局"),
    ("责任单位：县财政局；配合单位：县民政局", "县财政局", "县民政局"),
    ("责任单位：县财政局牵头，县民政局配合", "县财政局", "县民政局"),
    ("主办单位：县财政局；协办单位：县民政局", "县财政局", "县民政局"),
    # brackets that belong to names
    ("县政务服务和数据管理局（县行政审批局）牵头，县司法局配合", "县政务服务和数据管理局（县行政审批局）", "县司法局"),
    ("各乡镇人民政府（街道办事处）", "各乡镇人民政府（街道办事处）", ""),
    ("各县（市、区）人民政府、县司法局", "各县（市、区）人民政府 县司法局", ""),
    ("县教育体育局(县委教育工委)、县司法局", "县教育体育局(县委教育工委) 县司法局", ""),
    # group terms
    ("各部门", "各部门", ""),
    ("各科室、下属单位", "各科室 下属单位", ""),
    ("其他股室及属下单位", "其他股室及属下单位", ""),
    ("县政府办公室牵头，各有关部门配合", "县政府办公室", "各有关部门"),
    ("县财政局牵头，县民政局、县司法局等有关部门配合", "县财政局", "县民政局 县司法局"),
    ("县财政局、县民政局等相关单位", "县财政局 县民政局", ""),
    # nothing
    ("", "", ""),
    ("/", "", ""),
    ("无", "", ""),
    ("—", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lead", "support"), OWNERS)
def test_owners(text: str, lead: str, support: str) -> None:
    found = parse(text)
    assert (found.lead, found.support, found.persons) == (names(lead), names(support), [])


PERSONS = [
    ("周正平同志", "", "", "周正平"),
    ("周正平同志、李若兰同志", "", "", "周正平 李若兰"),
    ("县政府办公室牵头，李若兰同志", "县政府办公室", "", "李若兰"),
    ("县政府办公室、周正平同志", "县政府办公室", "", "周正平"),
    ("责任单位：县政府办公室；责任人：周正平", "县政府办公室", "", "周正平"),
]


@pytest.mark.parametrize(("text", "lead", "support", "persons"), PERSONS)
def test_persons(text: str, lead: str, support: str, persons: str) -> None:
    found = parse(text)
    assert (found.lead, found.support, found.persons) == (names(lead), names(support), names(persons))


KNOWN = Known(
    ["县人力资源和社会保障局", "县自然资源和规划局", "县政务服务和大数据管理局", "县财政局", "县残疾人联合会"]
)
BROKEN = [
    ("县人力资源和社会\n保障局", "县人力资源和社会保障局", ""),
    ("县人力资源和社\n会保障局\n县财政局", "县人力资源和社会保障局 县财政局", ""),
    ("县政务服务和大\n\n数据管理局", "县政务服务和大数据管理局", ""),
    ("县财政局\n\n县自然资源\n和规划局", "县财政局 县自然资源和规划局", ""),
    ("县财政局牵头，县残疾人联\n合会配合", "县财政局", "县残疾人联合会"),
    ("县财政局县自然资源和规划局", "县财政局 县自然资源和规划局", ""),
    ("县自然资源和规划局县人力资源和社会保障局牵头", "县自然资源和规划局 县人力资源和社会保障局", ""),
]


@pytest.mark.parametrize(("text", "lead", "support"), BROKEN)
def test_broken_and_glued_names(text: str, lead: str, support: str) -> None:
    found = parse(text, KNOWN)
    assert (found.lead, found.support) == (names(lead), names(support))


BOUND = [
    ("县财政局牵头，县民政局配合，2026年9月底前完成", "县民政局", "2026-09-30"),
    ("县财政局牵头，县民政局配合；2026年9月底前", "县民政局", "2026-09-30"),
    ("责任单位：县财政局；完成时限：2026年6月30日前", "", "2026-06-30"),
    ("牵头单位：县财政局；配合单位：县民政局；完成时限：12月底前", "县民政局", "2026-12-31"),
]


@pytest.mark.parametrize(("text", "support", "date"), BOUND)
def test_deadline_in_the_bracket(text: str, support: str, date: str) -> None:
    found = parse(text, year=2026)
    assert (found.lead, found.support, [d.date for d in found.deadlines]) == (["县财政局"], names(support), [date])


# -- deadlines -------------------------------------------------------------------------------------------

YEAR = 2026
DEADLINES = [
    # (running text, deadlines as kind:value)
    ("2026年底前建成。", "by_date:2026-12-31"),
    ("年底前建成。", "by_date:2026-12-31"),
    ("2026年年底前建成。", "by_date:2026-12-31"),
    ("2026年12月底前建成。", "by_date:2026-12-31"),
    ("10月底前建成。", "by_date:2026-10-31"),
    ("2月底前建成。", "by_date:2026-02-28"),
    ("2028年2月底前建成。", "by_date:2028-02-29"),
    ("2026年6月30日前建成。", "by_date:2026-06-30"),
    ("在 2026 年 6 月 30 日之前建成。", "by_date:2026-06-30"),
    ("２０２６年６月３０日前建成。", "by_date:2026-06-30"),
    ("6月30日以前建成。", "by_date:2026-06-30"),
    ("2026年6月建成，9月底前验收。", "by_date:2026-09-30"),
    ("截至2026年6月30日建成。", "by_date:2026-06-30"),
    ("明年3月底前建成。", "by_date:2027-03-31"),
    ("2026年上半年前建成。", "by_date:2026-06-30"),
    ("第三季度末前建成。", "by_date:2026-09-30"),
    ("到2027年建成。", "by_date:2027-12-31"),
    ("2026年上半年完成改造。", "by_date:2026-06-30"),
    ("6月底前公布，12月底前总结。", "by_date:2026-06-30 by_date:2026-12-31"),
    ("自发布之日起5个工作日内报备。", "within_days:5:working"),
    ("自发布之日起五个工作日内报备。", "within_days:5:working"),
    ("文件公布后3个工作日内解读。", "within_days:3:working"),
    ("批准后20日内公开。", "within_days:20:calendar"),
    ("本文印发30日内报送。", "within_days:30:calendar"),
    ("收到申请之日起二十个工作日内答复。", "within_days:20:working"),
    ("每年至少听取1次汇报。", "recurring:year:1"),
    ("每年至少更新一次。", "recurring:year:1"),
    ("每半年至少通报两次。", "recurring:half_year:2"),
    ("每季度检查1次。", "recurring:quarter:1"),
    ("每月至少更新2次。", "recurring:month:2"),
    ("每周公布一次。", "recurring:week:1"),
    ("每两年清理一次。", "recurring:two_years:1"),
    ("按季度公布。", "recurring:quarter:None"),
    ("按月发布岗位。", "recurring:month:None"),
    ("每季度至少举办1场发布会。", "recurring:quarter:1"),
    ("定期公布。", "other"),
    ("当天答复。", "other"),
    ("按照规定时限答复。", "other"),
    # no deadlines
    ("及时公开、实时更新、持续推进。", ""),
    ("上一年度工作年度报告。", ""),
    ("2025年工作要点落实情况。", ""),
    ("投入1.5亿元，公示不少于7天。", ""),
    ("公示期不少于30日。", ""),
    ("发布前和发布后做好解读。", ""),
    ("检查结果纳入年度考核。", ""),
    ("“十五五”规划期间推进。", ""),
]
COLUMN = [
    # (deadline cell, deadlines)
    ("6月", "by_date:2026-06-30"),
    ("6月底", "by_date:2026-06-30"),
    ("2026年12月", "by_date:2026-12-31"),
    ("2026年", "by_date:2026-12-31"),
    ("2026/9/30", "by_date:2026-09-30"),
    ("2026-9-30", "by_date:2026-09-30"),
    ("2026.09", "by_date:2026-09-30"),
    ("11月上旬", "by_date:2026-11-10"),
    ("11月中旬", "by_date:2026-11-20"),
    ("11月下旬", "by_date:2026-11-30"),
    ("一季度", "by_date:2026-03-31"),
    ("第3季度", "by_date:2026-09-30"),
    ("上半年", "by_date:2026-06-30"),
    ("下半年", "by_date:2026-12-31"),
    ("年底", "by_date:2026-12-31"),
    ("6月启动，12月完成", "by_date:2026-12-31"),
    ("8月底前；长期坚持", "by_date:2026-08-31 other"),
    ("每月", "recurring:month:None"),
    ("每季度", "recurring:quarter:None"),
    ("按月", "recurring:month:None"),
    ("按季度", "recurring:quarter:None"),
    ("每周至少1次", "recurring:week:1"),
    ("印发后5个工作日内", "within_days:5:working"),
    ("持续推进", "other"),
    ("长期坚持", "other"),
    ("全年", "other"),
    ("每学期", "other"),
]  # fmt: skip


def told(deadlines: list[Any]) -> str:
    """Deadlines as the tables above write them."""
    out = []
    for d in deadlines:
        value = {
            "by_date": f":{d.date}",
            "within_days": f":{d.days}:{'working' if d.working else 'calendar'}",
            "recurring": f":{d.every}:{d.count}",
        }.get(d.kind, "")
        out.append(d.kind + value)
    return " ".join(out)


@pytest.mark.parametrize(("text", "expected"), DEADLINES)
def test_deadlines_in_running_text(text: str, expected: str) -> None:
    assert told(find_deadlines(text, YEAR)) == expected


@pytest.mark.parametrize(("text", "expected"), COLUMN)
def test_deadlines_in_a_column(text: str, expected: str) -> None:
    found = column_deadlines(text, YEAR)
    assert told(found) == expected
    assert "；".join(d.raw for d in found) == text


@pytest.mark.parametrize(("text", "expected"), DEADLINES)
def test_raw_is_what_stands_there(text: str, expected: str) -> None:
    for d in find_deadlines(text, YEAR):
        assert text[d.span[0] : d.span[1]] == d.raw


def test_a_year_that_is_not_printed_is_marked() -> None:
    assert [d.inferred_year for d in find_deadlines("6月底前公布，2026年12月底前总结。", YEAR)] == [True, False]
    assert [(d.kind, d.date) for d in find_deadlines("6月底前公布。", None)] == [("other", None)]


# -- numbers and items -----------------------------------------------------------------------------------

NUMBERS = [
    # (text, label, rest); no label where the text begins with no number
    ("1.公布名单", "1", "公布名单"),
    ("1．公布名单", "1", "公布名单"),
    ("1、公布名单", "1", "公布名单"),
    ("12. 公布名单", "12", "公布名单"),
    ("１．公布名单", "１", "公布名单"),
    ("20.2021年底前，公布", "20", "2021年底前，公布"),
    ("3．10月底前，公布", "3", "10月底前，公布"),
    ("2．2020年6月30日前，公布", "2", "2020年6月30日前，公布"),
    ("一、公布名单", "一", "公布名单"),
    ("（一）公布名单", "（一）", "公布名单"),
    ("(一) 公布名单", "(一)", "公布名单"),
    ("十二、公布名单", "十二", "公布名单"),
    ("（1）公布名单", "（1）", "公布名单"),
    ("1）公布名单", "1）", "公布名单"),
    ("①公布名单", "①", "公布名单"),
    ("1.1公布名单", "1.1", "公布名单"),
    ("1-1公布名单", "1-1", "公布名单"),
    ("1.5亿元专项资金", None, ""),
    ("2.5公里道路", None, ""),
    ("3.5%的增幅", None, ""),
    ("2026年底前公布", None, ""),
    ("10月底前公布", None, ""),
    ("12345热线", None, ""),
    ("一件事一次办", None, ""),
    ("一是公布名单", None, ""),
    ("公布名单", None, ""),
]


@pytest.mark.parametrize(("text", "label", "rest"), NUMBERS)
def test_numbers(text: str, label: str | None, rest: str) -> None:
    mark = mark_of(text)
    assert (mark.label if mark else None) == label
    if mark:
        assert text[mark.end :] == rest


ITEMS: list[tuple[str, list[tuple[str | None, str]]]] = [
    ("公布名单。", [(None, "公布名单。")]),
    ("6.公布名单。\n7.公布标准。", [("6", "公布名单。"), ("7", "公布标准。")]),
    ("6.公布名单，\n说明理由。\n7.公布标准。", [("6", "公布名单，说明理由。"), ("7", "公布标准。")]),
    ("1.公布名单。2.公布标准。3.公布程序。", [("1", "公布名单。"), ("2", "公布标准。"), ("3", "公布程序。")]),
    ("（1）公布名单；（2）公布标准。", [("（1）", "公布名单；"), ("（2）", "公布标准。")]),
    ("①公布名单；②公布标准。", [("①", "公布名单；"), ("②", "公布标准。")]),
    ("19.公布名单。\n20.2021年底前，公布标准。", [("19", "公布名单。"), ("20", "2021年底前，公布标准。")]),
    ("2.公布名单。\n3．10月底前，公布标准。", [("2", "公布名单。"), ("3", "10月底前，公布标准。")]),
    ("4.公布名单。\n6.公布标准。", [("4", "公布名单。"), ("6", "公布标准。")]),
    ("1.投入\n1.5亿元，公布名单。", [("1", "投入1.5亿元，公布名单。")]),
    ("1.公布2025年名单。3.5万人受益。", [("1", "公布2025年名单。3.5万人受益。")]),
    ("公布下列内容：\n1.名单。\n2.标准。", [(None, "公布下列内容：1.名单。2.标准。")]),
    ("1.（一）公布名单。", [("1", "（一）公布名单。")]),
]


@pytest.mark.parametrize(("text", "expected"), ITEMS)
def test_items(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(i.mark.label if i.mark else None, i.text) for i in split_items(text)] == expected


# -- documents cited -------------------------------------------------------------------------------------

REFS = [
    ("按照云泽政办发〔2026〕9号文件执行", "云泽政办发〔2026〕9号"),
    ("年底前对照云泽政办发〔2024〕8号文件检查", "云泽政办发〔2024〕8号"),
    ("本清单对应云泽政办发〔2025〕11号文件的分工", "云泽政办发〔2025〕11号"),
    ("（云泽政办函〔2019〕60 号）", "云泽政办函〔2019〕60号"),
    ("（云泽政\n办函〔2025〕44号）", "云泽政办函〔2025〕44号"),
    ("（云泽政办函[2025]44号）", "云泽政办函〔2025〕44号"),
    ("（云泽政办函（2025）44号）", "云泽政办函〔2025〕44号"),
    ("没有文号的文件", ""),
]


@pytest.mark.parametrize(("text", "expected"), REFS)
def test_document_numbers(text: str, expected: str) -> None:
    assert doc_refs(text) == names(expected)


def test_cited_titles() -> None:
    text = "按《甲办法（试行）》《关于落实〈乙规定〉的通知》和《甲办法（试行）》、《丙\n条例》执行"
    assert cited_titles(text) == ["甲办法（试行）", "关于落实〈乙规定〉的通知", "丙条例"]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("行政规范性文件公布后20个工作日内上网。", "行政规范性文件公布后20个工作日内"),
        ("重大行政决策草案批复后15日内公开。", "重大行政决策草案批复后15日内"),
        ("政策文件出台后，起草单位自印发之日起5个工作日内发布解读。", "自印发之日起5个工作日内"),
    ],
)
def test_the_event_of_a_relative_deadline_is_whole(text: str, raw: str) -> None:
    """What a limit runs from is printed in full: people read it in the ledger."""
    assert [d.raw for d in find_deadlines(text, 2026)] == [raw]
