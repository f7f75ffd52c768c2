"""Forms that offices use beside the plain table: more columns, persons beside units, sentences that say who, annexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.plans.reading import Plan, read_plan
from gongkai.plans.reading.brackets import own_line
from gongkai.plans.reading.deadlines import column_deadlines, find_deadlines
from gongkai.plans.reading.responsibility import parse
from tests.plans.test_notes import from_html, html_rows


def from_text(tmp_path: Path, text: str) -> Plan:
    path = tmp_path / "plan.txt"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def test_a_column_of_telephones_makes_no_list_of_people(tmp_path: Path) -> None:
    heads = ("序号", "重点工作", "责任领导", "责任单位", "联系人", "联系电话", "完成时限")
    rows = [
        (str(n), f"公开第{n}项内容。", "张建国（党组书记、局长）", "县财政局", "李敏", "0571-88880000", "6月底前")
        for n in (1, 2, 3)
    ]
    tasks = from_html(tmp_path, html_rows(heads, *rows)).tasks
    assert [(t.text, t.lead) for t in tasks] == [(f"公开第{n}项内容。", ["县财政局"]) for n in (1, 2, 3)]
    assert all(t.persons[0] == "张建国" for t in tasks)


def test_units_under_words_of_their_own_owe_nothing(tmp_path: Path) -> None:
    heads = ("序号", "整改内容", "反馈单位", "责任单位", "督办单位", "公开渠道", "整改时限")
    rows = [
        (str(n), f"整改第{n}项问题。", "市住建局", "县住建局", "县政府督查室", "县政府网站", "6月底前")
        for n in (1, 2, 3)
    ]
    tasks = from_html(tmp_path, html_rows(heads, *rows)).tasks
    assert [(t.lead, t.support) for t in tasks] == [(["县住建局"], [])] * 3


@pytest.mark.parametrize("cell", ["县发改局<br>王东", "县发改局（王东）", "县发改局：王东", "县发改局 王东"])
def test_a_person_beside_each_unit(cell: str, tmp_path: Path) -> None:
    heads = ("序号", "工作任务", "牵头单位及责任人", "责任单位", "时限")
    rows = [(str(n), f"公开第{n}项内容。", cell, "县财政局、各乡镇", "9月底") for n in (1, 2, 3)]
    for task in from_html(tmp_path, html_rows(heads, *rows)).tasks:
        assert (task.lead, task.support, task.persons) == (["县发改局"], ["县财政局", "各乡镇"], ["王东"])


def test_headings_in_the_middle_of_a_cell(tmp_path: Path) -> None:
    """A heading stands over the items below it in its cell, under the heading of its row, and not over other rows."""
    heads = ("重点任务", "具体措施", "责任单位")
    tasks = from_html(
        tmp_path,
        html_rows(
            heads,
            ("一、决策公开", "（一）规划公开<br>1.公开总体规划。<br>2.公开专项规划。<br>（二）预案公开<br>1.公开应急预案。", "县发改局"),
            ("二、服务公开", "1.公开办事指南。<br>2.公开服务事项。", "县政务局"),
        ),
    ).tasks  # fmt: skip
    assert [(t.path, t.no) for t in tasks] == [
        (["一、决策公开", "（一）规划公开"], "1"),
        (["一、决策公开", "（一）规划公开"], "2"),
        (["一、决策公开", "（二）预案公开"], "1"),
        (["二、服务公开"], "1"),
        (["二、服务公开"], "2"),
    ]


def test_an_annex_of_what_members_stand_for_is_no_plan(tmp_path: Path) -> None:
    items = "".join(
        f"<p>（{n}）公开第{i}项内容，及时更新。（县司法局、县财政局负责，{i}月底前完成）</p>"
        for i, n in enumerate("一二三四", 6)
    )
    annex = html_rows(
        ("成员单位", "工作职责"), *((f"县{n}局", f"负责{n}方面的公开工作，做好协调。") for n in ("财政", "教育", "水利", "林业", "民政"))
    )  # fmt: skip
    tasks = from_html(tmp_path, f"<p>一、重点任务</p>{items}<p>附件</p>{annex}").tasks
    assert [t.lead for t in tasks] == [["县司法局", "县财政局"]] * 4


SENTENCES = [
    ("由县财政局负责，7月底前完成。", ["县财政局"], [], "7月底前完成"),
    ("此项工作由县司法局负责，县政府办公室协助。", ["县司法局"], ["县政府办公室"], None),
    ("由县审计局会同县财政局落实。", ["县审计局", "县财政局"], [], None),
    ("由县文旅局牵头，各镇配合，于2026年11月底前完成。", ["县文旅局"], ["各镇"], "2026年11月底前完成"),
]


@pytest.mark.parametrize(("text", "lead", "support", "due"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_a_sentence_says_who_and_by_when(text: str, lead: list[str], support: list[str], due: str | None) -> None:
    said = own_line(text)
    assert said is not None
    found = parse(said, year=2026)
    assert (found.lead, found.support, found.deadline_raw) == (lead, support, due)


@pytest.mark.parametrize("text", ["由县政府统一公布。", "由于机构改革，职责有调整。", "由专家组评审，结果公示。"])
def test_other_sentences_say_nothing_of_it(text: str) -> None:
    assert own_line(text) is None


def test_what_nobody_owes_at_the_end_is_told(tmp_path: Path) -> None:
    plan = from_text(
        tmp_path,
        "云岭县2026年重点任务分工\n一、保障\n1.公开预算执行情况。（县财政局）（2026年6月底前完成）\n2.加强培训。（县人社局；7月底前）\n"
        "3.完善考核机制，按时通报结果。\n",
    )
    assert [(t.lead, t.deadline_raw) for t in plan.tasks] == [
        (["县财政局"], "2026年6月底前完成"), (["县人社局"], "7月底前"),
    ]  # fmt: skip
    assert any("完善考核机制" in w.reason and "后面的" in w.reason for w in plan.tasks[-1].warnings)


@pytest.mark.parametrize(
    ("cell", "lead", "persons"),
    [
        ("责任领导：陈立  责任站所：农业综合服务中心、财政所", ["农业综合服务中心", "财政所"], ["陈立"]),
        ("负责单位：县林业局", ["县林业局"], []),
        ("牵头负责单位：县林业局；办理时间：9月底前", ["县林业局"], []),
    ],
)
def test_labels_of_towns(cell: str, lead: list[str], persons: list[str]) -> None:
    found = parse(cell)
    assert (found.lead, found.persons) == (lead, persons)


def test_dates_as_they_are_written() -> None:
    def dates(cell: str) -> list[str | None]:
        return [d.date for d in column_deadlines(cell, 2026)]

    assert dates("六月底前") == ["2026-06-30"] and dates("十二月底前") == ["2026-12-31"]
    assert dates("二〇二六年十月底前") == ["2026-10-31"] and dates("十一月15日前") == ["2026-11-15"]
    assert dates("2026年Ⅱ季度") == ["2026-06-30"] and dates("2026年Q3") == ["2026-09-30"]
    assert dates("9月30日前（其中方案8月底前）") == ["2026-09-30"]
    assert find_deadlines("企业开办时间压缩至0.5个工作日以内。", 2026) == []
    assert find_deadlines("审批时限压减到20个工作日以内。", 2026) == []
    (within,) = find_deadlines("收到申请后5个工作日内答复。", 2026)
    assert within.days == 5


def test_who_owes_stands_at_the_beginning_or_after_each_part(tmp_path: Path) -> None:
    plan = from_text(
        tmp_path,
        "云岭县2026年重点任务分工\n一、便民\n"
        "（一）企业注销“一件事”。县市场监管局牵头，会同县税务局，于8月底前实现企业注销一次办成。\n"
        "（二）推动数据流通。一是开展授权运营试点（县数据局）；二是培育数据商20家（县数据局、县商务局）；三是建立交易规则（县司法局）。\n"
        "（三）加强保密审查。（党政办，许浩；全年）\n",
    )
    assert [(t.lead, t.support, t.persons) for t in plan.tasks] == [
        (["县市场监管局"], ["县税务局"], []),
        (["县数据局"], [], []),
        (["县数据局", "县商务局"], [], []),
        (["县司法局"], [], []),
        (["党政办"], [], ["许浩"]),
    ]
