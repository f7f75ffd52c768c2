"""The head of a draft corrected: what was asked because of the date of issue or the year is asked as it now stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gongkai.base.issues import Refused
from gongkai.orgs import actions as orgs
from gongkai.plans import actions, intake
from gongkai.plans.models import Draft
from gongkai.plans.reading import checks
from tests.plans.bureau import DAY, FOUNDED, HEAD, Bureau, build, sheet

pytestmark = pytest.mark.django_db

ROWS = (
    ("一、加强公开", "1. 2020年6月30日前公布权责清单。", "办公室", ""),
    ("一、加强公开", "2. 2020年9月15日前公布执法结果。", "市场执法股", ""),
    ("二、回应关切", "3. 10月底前发布解读材料。", "法规股", ""),
    ("三、保障监督", "4. 建立规范性文件数据库。", "法规股", ""),
)
ISSUED = "青川县市场监督管理局办公室 2020年8月21日印发"


@pytest.fixture
def bureau() -> Bureau:
    return build()


def begun(bureau: Bureau, head: str = HEAD, foot: str = ISSUED, rows: Any = ROWS) -> Draft:
    data = sheet(rows, head=head, foot=foot)
    return actions.begin_intake(data, "plan.txt", bureau.body, actor=bureau.viewer("wang"), on=DAY)


def head(bureau: Bureau, draft: Draft, **values: str) -> None:
    actions.change_head(draft.pk, values, actor=bureau.viewer("wang"))


def change(bureau: Bureau, draft: Draft, make: Callable[[Any, str, int], Any], number: int) -> None:
    key = held(draft).rows[number - 1]["key"]
    actions.change_draft(draft.pk, lambda rows, year: make(rows, key, year), actor=bureau.viewer("wang"))


def accept(bureau: Bureau, draft: Draft, number: int) -> None:
    change(bureau, draft, lambda rows, key, _: intake.accept(rows, key), number)


def held(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def doubts(draft: Draft, number: int) -> list[str]:
    return [d["reason"] for d in held(draft).rows[number - 1]["doubts"]]


def open_rows(draft: Draft) -> list[int]:
    return [n for n, r in enumerate(held(draft).rows, 1) if not r["accepted"]]


JUNE = "时限“2020年6月30日前”早于印发日期{}：印发时已逾期，请确认。"
SEPTEMBER = "时限“2020年9月15日前”早于印发日期{}：印发时已逾期，请确认。"


def test_as_it_is_read(bureau: Bureau) -> None:
    draft = begun(bureau)
    assert doubts(draft, 1) == [JUNE.format("2020-08-21")]
    assert doubts(draft, 2) == [] and doubts(draft, 4) == []
    assert doubts(draft, 3) == ["“10月底前”没有写年份，按2020年推定。"]
    assert open_rows(draft) == [1]


def test_a_later_issue_opens_what_it_passes(bureau: Bureau) -> None:
    draft = begun(bureau)
    head(bureau, draft, issued_on="2020-09-21")
    assert doubts(draft, 1) == [JUNE.format("2020-09-21")]
    assert doubts(draft, 2) == [SEPTEMBER.format("2020-09-21")]
    assert open_rows(draft) == [1, 2]
    with pytest.raises(Refused, match="第1、2行"):
        actions.confirm_intake(draft.pk, actor=bureau.viewer("wang"), on=DAY)


def test_an_earlier_issue_answers_the_question(bureau: Bureau) -> None:
    draft = begun(bureau)
    head(bureau, draft, issued_on="2020-06-21")
    assert doubts(draft, 1) == [] and open_rows(draft) == []


def test_on_the_very_day_of_issue_a_deadline_can_be_met(bureau: Bureau) -> None:
    draft = begun(bureau)
    head(bureau, draft, issued_on="2020-06-30")
    assert doubts(draft, 1) == []
    head(bureau, draft, issued_on="2020-07-01")
    assert doubts(draft, 1) == [JUNE.format("2020-07-01")] and open_rows(draft) == [1]


def test_without_a_day_of_issue_nothing_is_before_it(bureau: Bureau) -> None:
    draft = begun(bureau)
    head(bureau, draft, issued_on="")
    assert doubts(draft, 1) == [] and open_rows(draft) == []
    head(bureau, draft, issued_on="2020-08-21")
    assert doubts(draft, 1) == [JUNE.format("2020-08-21")] and open_rows(draft) == [1]


def test_what_was_confirmed_and_stays_so_is_not_asked_again(bureau: Bureau) -> None:
    """The clerk has said that June had passed at issue: another day of August changes nothing about that."""
    draft = begun(bureau)
    accept(bureau, draft, 1)
    head(bureau, draft, issued_on="2020-08-28")
    assert doubts(draft, 1) == [JUNE.format("2020-08-28")]  # the words follow
    assert open_rows(draft) == []
    head(bureau, draft, issued_on="2020-09-21")
    assert open_rows(draft) == [2]  # September is new; the others stay confirmed


def test_confirmed_with_another_question_open(bureau: Bureau) -> None:
    """Row 2 is asked about its unit and, later, about its date: each question by itself."""
    rows = (ROWS[0], ("一、加强公开", "2. 2020年9月15日前公布执法结果。", "网络信息股", ""))
    draft = begun(bureau, rows=rows)
    unit = "机构表里没有“网络信息股”，请选或先在机构页里添加"
    assert doubts(draft, 2) == [unit] and open_rows(draft) == [1, 2]
    head(bureau, draft, issued_on="2020-09-21")
    assert doubts(draft, 2) == [unit, SEPTEMBER.format("2020-09-21")]
    head(bureau, draft, issued_on="2020-06-21")
    assert doubts(draft, 2) == [unit] and open_rows(draft) == [2]  # the unit is not answered


# Rows the clerk has edited.


def test_an_edited_row_is_asked_too(bureau: Bureau) -> None:
    draft = begun(bureau)
    change(bureau, draft, lambda r, k, y: intake.edit(r, k, {"text": "9月10日前建立数据库。"}, y), 4)
    assert doubts(draft, 4) == [] and open_rows(draft) == [1]
    head(bureau, draft, issued_on="2020-09-11")
    assert doubts(draft, 4) == ["时限“9月10日前”早于印发日期2020-09-11：印发时已逾期，请确认。"]
    assert open_rows(draft) == [1, 4]


def test_what_the_clerk_typed_knowing_it_is_past_is_not_asked(bureau: Bureau) -> None:
    draft = begun(bureau)
    change(bureau, draft, lambda r, k, y: intake.edit(r, k, {"text": "2020年5月底前公布权责清单。"}, y), 1)
    assert doubts(draft, 1) == [] and open_rows(draft) == []
    head(bureau, draft, issued_on="2020-08-28")
    assert open_rows(draft) == []
    # Were it not past for a while, it would be a new question.
    head(bureau, draft, issued_on="2020-05-20")
    head(bureau, draft, issued_on="2020-08-28")
    assert open_rows(draft) == [1]


def test_a_typed_column_stands_in_the_place_of_the_clause_in_another_year_too(bureau: Bureau) -> None:
    draft = begun(bureau)
    change(bureau, draft, lambda r, k, y: intake.edit(r, k, {"deadline_raw": "11月底前"}, y), 3)
    assert [d["date"] for d in held(draft).rows[2]["deadlines"]] == ["2020-11-30"]
    head(bureau, draft, year="2021", title=HEAD.replace("2020", "2021"))
    assert [d["date"] for d in held(draft).rows[2]["deadlines"]] == ["2021-11-30"]


def test_a_split_row_asks_each_half_by_itself(bureau: Bureau) -> None:
    rows = (("一、公开", "1. 2020年6月30日前公布清单。（2）2020年7月10日前公布结果。", "办公室", ""), ROWS[3])
    draft = begun(bureau, rows=rows)
    number = next(n for n, r in enumerate(held(draft).rows, 1) if "清单" in r["text"])
    text = held(draft).rows[number - 1]["text"]
    if "结果" in text:
        change(bureau, draft, lambda r, k, y: intake.split(r, k, text.index("（2）"), y), number)
    head(bureau, draft, issued_on="2020-07-01")
    first, second = held(draft).rows[number - 1 : number + 1]
    assert [d["reason"] for d in first["doubts"]] == [JUNE.format("2020-07-01")]
    assert second["doubts"] == []


# The year.


def test_another_year_says_so(bureau: Bureau) -> None:
    draft = begun(bureau)
    head(bureau, draft, year="2021", title=HEAD.replace("2020", "2021"), issued_on="2021-03-05")
    assert doubts(draft, 3) == ["“10月底前”没有写年份，按2021年推定。"]
    assert doubts(draft, 1) == [JUNE.format("2021-03-05")]
    assert doubts(draft, 2) == [SEPTEMBER.format("2021-03-05")]
    assert open_rows(draft) == [1, 2]


def test_a_year_before_the_issue_opens_what_it_dates(bureau: Bureau) -> None:
    draft = begun(bureau)
    head(bureau, draft, year="2019")
    assert doubts(draft, 3) == [
        "“10月底前”没有写年份，按2019年推定。",
        "时限“10月底前”早于印发日期2020-08-21：印发时已逾期，请确认。",
    ]
    assert open_rows(draft) == [1, 3]


# Names, as the tree stood on the day of issue.


def test_a_unit_that_stood_on_the_other_day(bureau: Bureau) -> None:
    """信用股 was closed on 1 July 2020: on 21 August nobody has taken over; on 21 June it stood."""
    admin = bureau.viewer("admin")
    unit = orgs.found_organisation("信用股", "section", parent=bureau.body, actor=admin, on=FOUNDED)
    orgs.end_organisation(unit.pk, into=[], actor=admin, on=dt.date(2020, 7, 1), reason="机构改革")
    draft = begun(bureau, rows=(("一、公开", "1. 公布信用信息。", "信用股", "网络信息股"), ROWS[3]))
    gone, unknown = "“信用股”已撤销，请选由谁承接", "机构表里没有“网络信息股”，请选或先在机构页里添加"
    assert doubts(draft, 1) == [gone, unknown] and open_rows(draft) == [1]
    head(bureau, draft, issued_on="2020-06-21")
    assert doubts(draft, 1) == [unknown] and open_rows(draft) == [1]
    accept(bureau, draft, 1)
    head(bureau, draft, issued_on="2020-08-21")
    assert doubts(draft, 1) == [unknown, gone] and open_rows(draft) == [1]


def test_a_confirmed_unknown_unit_is_not_asked_again(bureau: Bureau) -> None:
    draft = begun(bureau, rows=(("一、公开", "1. 公布信用信息。", "网络信息股", ""), ROWS[3]))
    accept(bureau, draft, 1)
    head(bureau, draft, issued_on="2020-09-21")
    assert open_rows(draft) == []


# What is said of the whole plan: the year of its title.

BARE = HEAD.replace("2020年", "")
INFERRED = "标题中没有年份，按文中日期推定为2020年，请核对。"


def test_the_year_of_the_title(bureau: Bureau) -> None:
    draft = begun(bureau, head=BARE)
    assert held(draft).notes == [INFERRED]
    head(bureau, draft, issued_on="2020-09-21")
    assert held(draft).notes == [INFERRED]
    head(bureau, draft, issued_on="2021-01-05")
    assert held(draft).notes == ["标题中没有年份，印发日期是2021-01-05，年度填的是2020年，请核对。"]
    head(bureau, draft, year="2021")
    assert held(draft).notes == []  # typed by the clerk, and the year of the issue
    head(bureau, draft, title=HEAD)
    assert held(draft).notes == ["标题写的是2020年，年度填的是2021年，请核对。"]
    head(bureau, draft, year="2020")
    assert held(draft).notes == []
    for expected in (
        ["标题写的是2020年，年度填的是2021年，请核对。"],
        [],
        ["标题中没有年份，印发日期是2021-01-05，年度填的是2020年，请核对。"],
        [INFERRED],
    ):
        actions.undo_draft(draft.pk, actor=bureau.viewer("wang"))
        assert held(draft).notes == expected


def test_other_notes_stay(bureau: Bureau) -> None:
    bureau.imported(sheet(ROWS, foot=ISSUED))
    draft = begun(bureau)
    (note,) = held(draft).notes
    assert "已在2020-09-28导入过" in note
    head(bureau, draft, issued_on="2021-01-05")
    assert held(draft).notes == [note]


def test_a_number_and_a_title_of_different_years(bureau: Bureau) -> None:
    """Said of the clause: no date of issue changes it, the corrected clause does."""
    clause = "1. 落实《青川县2020年政务公开工作要点》（青川办发〔2019〕5号）。"
    draft = begun(bureau, rows=(("一、公开", clause, "办公室", ""), ROWS[3]))
    said = "《青川县2020年政务公开工作要点》的标题年份与文号“青川办发〔2019〕5号”的年份不一致，请核对原文。"
    assert doubts(draft, 1) == [said] and open_rows(draft) == [1]
    accept(bureau, draft, 1)
    head(bureau, draft, issued_on="2020-09-21")
    assert doubts(draft, 1) == [said] and open_rows(draft) == []
    right = "落实《青川县2020年政务公开工作要点》（青川办发〔2020〕5号）。"
    change(bureau, draft, lambda r, k, y: intake.edit(r, k, {"text": right}, y), 1)
    assert doubts(draft, 1) == []
    head(bureau, draft, issued_on="2020-09-11")
    assert doubts(draft, 1) == []


# Undo, and what does not depend on the head.


def test_undone_rows_and_confirmations_are_as_before(bureau: Bureau) -> None:
    draft = begun(bureau)
    accept(bureau, draft, 1)
    before = held(draft)
    head(bureau, draft, issued_on="2020-09-21", year="2019")
    assert held(draft).rows != before.rows
    actions.undo_draft(draft.pk, actor=bureau.viewer("wang"))
    after = held(draft)
    assert (after.rows, after.head, after.notes) == (before.rows, before.head, before.notes)


def test_a_row_left_open_by_the_clerk_stays_open(bureau: Bureau) -> None:
    draft = begun(bureau)
    change(bureau, draft, lambda rows, key, _: intake.accept(rows, key, accepted=False), 4)
    head(bureau, draft, issued_on="2020-06-21", issuer="青川县市场监督管理局")
    assert open_rows(draft) == [4]


def test_title_and_issuer_touch_no_row(bureau: Bureau) -> None:
    draft = begun(bureau)
    before = held(draft).rows
    head(bureau, draft, title="2020年另一个标题", issuer="青川县市场监督管理局")
    assert held(draft).rows == before


@pytest.mark.parametrize(
    ("field", "reason", "key"),
    [
        ("deadlines", JUNE.format("2020-08-21"), ("issued_on", "2020年6月30日前")),
        ("deadlines", "“10月底前”没有写年份，按2020年推定。", ("year", "10月底前")),
        ("lead", "机构表里没有“网络信息股”，请选或先在机构页里添加", None),
        ("deadlines", "别的话", None),
    ],
)
def test_a_doubt_is_known_again(field: str, reason: str, key: tuple[str, str] | None) -> None:
    assert checks.key_of(field, reason) == key
