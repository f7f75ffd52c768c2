"""The five plans that stand beside the checkout, where they do: begun, accepted and confirmed like any other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gongkai.ledger.models import Matter
from gongkai.plans import actions, intake
from gongkai.plans.models import Draft, Plan
from tests.plans.bureau import Bureau, build, duties, follow, matter, task

PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"
ON = dt.date(2022, 6, 1)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PLANS.is_dir(), reason="no folder shared/plans beside the checkout"),
]


@pytest.fixture
def bureau() -> Bureau:
    return build()


def begun(bureau: Bureau, name: str) -> Draft:
    data = (PLANS / f"{name}.txt").read_bytes()
    return actions.begin_intake(data, f"{name}.txt", bureau.body, actor=bureau.viewer("wang", ON), on=ON)


def confirmed(bureau: Bureau, name: str, **head: str) -> Plan:
    draft, wang = begun(bureau, name), bureau.viewer("wang", ON)
    title = {} if draft.head["title"] else {"title": "政务公开工作要点分工方案"}  # 000 and 001 print none
    actions.change_head(draft.pk, {**title, **head}, actor=wang)
    actions.change_draft(draft.pk, lambda rows, _: intake.accept_all(rows), actor=wang)
    return actions.confirm_intake(draft.pk, actor=wang, on=ON)


@pytest.mark.parametrize(
    ("name", "count", "year"),
    [("000", 37, 2020), ("001", 33, 2021), ("002", 44, 2022), ("003", 32, 2020), ("004", 39, 2020)],
)
def test_through_intake(bureau: Bureau, name: str, count: int, year: int) -> None:
    plan = confirmed(bureau, name)
    follow()
    assert (plan.tasks.count(), plan.year, Matter.objects.count()) == (count, year, count)
    read = Draft.objects.get(plan=plan).rows
    # Read again from the cells, the dates are the same: so a correction and its undoing leave them.
    assert all(r["deadlines"] == intake.dated(r["text"], r["deadline_raw"], year) for r in read)
    assert all(t.source.get("text_start") is not None for t in plan.tasks.all())


def doubted(draft: Draft, word: str) -> list[int]:
    """The rows, from 1, with a doubt that says the word."""
    return [n for n, r in enumerate(draft.rows, 1) if any(word in d["reason"] for d in r["doubts"])]


def test_title_and_number_of_two_years_are_told(bureau: Bureau) -> None:
    """002 #26 cites a notice of 2021 by a number of 2020."""
    draft = begun(bureau, "002")
    assert doubted(draft, "年份不一致") == [26]
    assert not draft.rows[25]["accepted"]


def test_due_before_issued_is_told_and_stays_past(bureau: Bureau) -> None:
    """004 was issued on 2020-08-21 and asks for a catalogue by 2020-06-30 (systems L3)."""
    draft = begun(bureau, "004")
    assert doubted(draft, "早于印发日期") == [5]
    assert not draft.rows[4]["accepted"]
    plan = confirmed(bureau, "004")
    follow()
    (duty,) = matter(plan, 5).duties.all()
    assert (duty.clock, duty.due, duty.past) == ("by1", dt.date(2020, 6, 30), True)
    # 004 #3 10月底前, #6 2020年11月底前, #29 and #33 2020年底前; none of them had passed.
    dated = {n: duties(plan, n)["by1"] for n in (3, 6, 29, 33)}
    assert dated == {3: "2020-10-31", 6: "2020-11-30", 29: "2020-12-31", 33: "2020-12-31"}
    assert Matter.objects.filter(duties__past=True).count() == 1


def test_dates_of_the_other_four(bureau: Bureau) -> None:
    """The table of deadlines in systems §2, clause by clause."""
    plans = {name: confirmed(bureau, name) for name in ("000", "001", "002", "003")}
    follow()
    assert duties(plans["000"], 6) == {"by1": "2020-12-31"}
    assert duties(plans["001"], 20) == {"by1": "2021-12-31"}
    assert duties(plans["001"], 24) == {"by1": "2021-11-20"}
    assert duties(plans["001"], 7) == duties(plans["001"], 28) == {"r1:2021": "2021-12-31"}
    assert duties(plans["001"], 6) == duties(plans["001"], 29) == {"tempo": None}  # 定期
    assert duties(plans["002"], 2) == duties(plans["002"], 5) == {"by1": "2022-12-31"}
    assert duties(plans["002"], 29) == {"tempo": None}  # 当天
    assert duties(plans["002"], 40) == {"r1:2022": "2022-12-31"}
    assert duties(plans["002"], 44) == {"in1": None}  # 002 prints no date of issue
    assert duties(plans["003"], 4) == {"by1": "2020-12-31"}
    quarters = {"r1:2020-Q1": "2020-03-31", "r1:2020-Q2": "2020-06-30", "r1:2020-Q3": "2020-09-30"}
    assert duties(plans["003"], 26) == {**quarters, "r1:2020-Q4": "2020-12-31", "r2:2020": "2020-12-31"}
    assert duties(plans["003"], 27) == {"in1": None}


def test_the_ledger_goes_up_30_days_after_issue(bureau: Bureau) -> None:
    """002 #44, with the date of issue set (systems L7)."""
    plan = confirmed(bureau, "002", issued_on="2022-05-31")
    follow()
    assert duties(plan, 44) == {"in1": "2022-06-30"}  # a Thursday


def test_five_working_days_over_national_day(bureau: Bureau) -> None:
    """003 #27, started on Friday 2020-09-25 (systems L3)."""
    plan = confirmed(bureau, "003")
    wang = bureau.viewer("wang", ON)
    actions.tell_happening(task(plan, 27), 1, dt.date(2020, 9, 25), actor=wang, on=ON)
    follow()
    assert duties(plan, 27) == {"in1:2020-09-25": "2020-10-09"}
