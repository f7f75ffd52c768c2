"""Dates typed from a wall calendar, with the article beside each. None is computed by the code under test."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import pytest

from gongkai.law.clocks import due, rules, working_days


class Case(NamedTuple):
    rule: str
    facts: dict[str, Any]
    due: str
    why: str
    provisional: bool = False


# 条例 = 政府信息公开条例. In autumn 2026: 25–27 Sep and 1–7 Oct off, Sun 20 Sep and Sat 10 Oct worked.
R = {"received": "2026-09-21"}
REPLY = [
    # run
    Case("reply", R, "2026-10-26", "条例第三十三条: 20 working days; the day of receipt is not counted"),
    Case("reply", {"received": "2021-09-24"}, "2021-10-27", "Sun 26 Sep and Sat 9 Oct 2021 were worked"),
    Case("reply", {"received": "2026-02-10"}, "2026-03-16", "Spring Festival 15–23 Feb; 14 and 28 Feb worked"),
    Case("reply", {"received": "2026-04-28"}, "2026-05-28", "Labour Day 1–5 May; Sat 9 May worked"),
    Case("reply", {"received": "2025-01-24"}, "2025-02-27", "Spring Festival 2025; 26 Jan, 8 Feb worked"),
    Case("reply", {"received": "2025-09-22"}, "2025-10-24", "1–8 Oct 2025 off; 28 Sep and 11 Oct worked"),
    Case("reply", {"received": "2026-11-23"}, "2026-12-21", "no rest day but weekends"),
    Case("reply", {"received": "2026-09-20"}, "2026-10-23", "received on a worked Sunday: Monday is day 1"),
    Case("reply", {"received": "2026-10-03"}, "2026-11-03", "received on a holiday: 8 Oct is day 1"),
    Case("reply", {"received": "2026-12-07"}, "2027-01-04", "day 18 is 31 Dec; 1 Jan 2027 unknown", True),
    # proven start, 条例第三十一条
    Case("reply", {"channel": "in_person", "submitted": "2026-09-21"}, "2026-10-26", "提交之日"),
    Case("reply", {"channel": "当面", "submitted": "2026-09-21"}, "2026-10-26", "提交之日"),
    Case("reply", {"channel": "mail_signed", "signed": "2026-09-21"}, "2026-10-26", "签收之日"),
    Case("reply", {"channel": "挂号", "签收日期": "2026-09-21"}, "2026-10-26", "签收之日"),
    Case("reply", {"channel": "快递签收", "signed": "2026-09-21"}, "2026-10-26", "签收之日"),
    Case("reply", {"channel": "平信", "confirmed": "2026-09-21"}, "2026-10-26", "与申请人确认之日"),
    Case(
        "reply",
        {"channel": "互联网", "submitted": "2026-09-12", "confirmed": "2026-09-21"},
        "2026-10-26",
        "双方确认之日, whenever it was sent",
    ),
    Case("reply", {"channel": "传真", "confirmed": "2026-09-21"}, "2026-10-26", "双方确认之日"),
    Case("reply", {"channel": "internet", "received": "2026-09-21"}, "2026-10-26", "receipt given as such"),
    # restart, 条例第三十条
    Case(
        "reply",
        R | {"correction_asked": "2026-09-23", "correction_received": "2026-09-30"},
        "2026-11-03",
        "20 afresh from the correction; 8 Oct is day 1",
    ),
    Case("reply", R | {"correction_received": "2026-09-26"}, "2026-10-29", "came on a holiday: 28 Sep is day 1"),
    Case("reply", R | {"correction_asked": "2026-09-23"}, "2026-10-26", "not yet corrected: first count stands"),
    Case("reply", R | {"fee_notified": "2026-09-28", "paid": "2026-10-09"}, "2026-11-05", "afresh once paid"),
    Case(
        "reply",
        R | {"correction_received": "2026-09-30", "paid": "2026-09-28"},
        "2026-11-03",
        "the later restart counts",
    ),
    # exclude, 条例第三十三条第三款: days d with asked < d ≤ answered
    Case(
        "reply",
        R | {"third_party_asked": "2026-09-22", "third_party_answered": "2026-10-08"},
        "2026-11-03",
        "23, 24, 28, 29, 30 Sep and 8 Oct: six working days are added",
    ),
    Case(
        "reply",
        R | {"third_party_asked": "2026-09-22", "third_party_answered": "2026-09-22"},
        "2026-10-26",
        "answered at once: nothing to leave out",
    ),
    Case(
        "reply",
        R | {"third_party_asked": "2026-09-22", "third_party_served": "2026-09-23"},
        "2026-11-17",
        "silent: 15 working days from service lapse on 21 Oct; 16 left out",
    ),
    Case("reply", R | {"third_party_asked": "2026-09-22"}, "2026-11-16", "open: 15 from sending, to 20 Oct"),
    Case(
        "reply",
        R
        | {
            "third_party_asked": "2026-09-22",
            "third_party_served": "2026-09-22",
            "third_party_answered": "2026-10-30",
        },
        "2026-11-16",
        "answered after the lapse of 20 Oct: only 15 left out",
    ),
    Case(
        "reply",
        R
        | {
            "third_party_asked": "2026-09-22",
            "third_party_answered": "2026-09-30",
            "co_producer_asked": "2026-09-28",
            "co_producer_answered": "2026-10-09",
        },
        "2026-11-04",
        "条例第三十四条: 23 Sep to 9 Oct joined are seven working days, 29 and 30 Sep once",
    ),
    Case(
        "reply",
        R
        | {
            "third_party_asked": ["2026-09-22", "2026-10-12"],
            "third_party_answered": ["2026-09-24", "2026-10-14"],
        },
        "2026-10-30",
        "two and two working days apart",
    ),
    Case(
        "reply",
        R
        | {
            "third_party_asked": "2026-09-22",
            "third_party_asked.2": "2026-09-22",
            "third_party_answered.2": "2026-09-24",
            "third_party_answered.1": "2026-09-23",
        },
        "2026-10-28",
        "the longer of two letters of one day",
    ),
    Case(
        "reply",
        R | {"third_party_asked": "2026-10-26", "third_party_answered": "2026-11-02"},
        "2026-10-26",
        "sent on the last day: that day is used and the period is over",
    ),
    Case(
        "reply",
        R
        | {
            "third_party_asked": "2026-09-22",
            "third_party_answered": "2026-09-24",
            "correction_received": "2026-09-28",
        },
        "2026-10-30",
        "a consultation that ended before the restart does not matter",
    ),
    Case(
        "reply",
        R
        | {
            "third_party_asked": "2026-09-24",
            "third_party_answered": "2026-10-09",
            "correction_received": "2026-09-28",
        },
        "2026-11-05",
        "of a consultation across the restart only 29, 30 Sep, 8, 9 Oct are left out",
    ),
    # extend, 条例第三十三条第二款
    Case(
        "reply",
        R | {"extension_approved": "2026-10-26", "extension_notified": "2026-10-26"},
        "2026-11-23",
        "40 in one count; the last day itself is in time",
    ),
    Case(
        "reply",
        R | {"extension_approved": "2026-10-20", "extension_notified": "2026-10-21", "extension_days": "10"},
        "2026-11-09",
        "30 in one count",
    ),
    Case("reply", R | {"extension_approved": "2026-10-20"}, "2026-10-26", "not told: not yet extended"),
    Case(
        "reply",
        R
        | {
            "third_party_asked": "2026-09-22",
            "third_party_answered": "2026-10-08",
            "extension_approved": "2026-11-03",
            "extension_notified": "2026-11-03",
        },
        "2026-12-01",
        "in time because six days were left out; 40 + 6",
    ),
    Case(
        "reply",
        R
        | {
            "extension_approved": "2026-09-23",
            "extension_notified": "2026-09-23",
            "correction_received": "2026-09-30",
        },
        "2026-11-03",
        "an extension of the count that a restart replaced is spent",
    ),
    Case("reply", R | {"set_date": "2026-12-31"}, "2026-12-31", "条例第三十五条: the set date replaces"),
]

WORKING = [
    Case("correction_notice", R, "2026-10-08", "条例第三十条: 7 working days"),
    Case("correction_notice", {"received": "2025-04-25"}, "2025-05-08", "27 Apr worked, 1–5 May off"),
    Case("correction_supply", {"correction_served": "2026-11-23"}, "2026-12-14", "江苏规范: 15, a setting"),
    Case("reply_extension_max", {"first_due": "2026-10-26"}, "2026-11-23", "条例第三十三条: 20 more"),
    Case("third_party_opinion", {"third_party_served": "2026-11-23"}, "2026-12-14", "条例第三十二条: 15"),
    Case("co_producer_opinion", {"served": "2026-11-23"}, "2026-12-14", "条例第三十四条: 15"),
    Case(
        "fee_payment",
        {"fee_notified": "2026-11-23"},
        "2026-12-21",
        "国办函〔2020〕109号: 20 from the next day",
    ),
    Case(
        "organ_answer_simple_reconsideration",
        {"copy_received": "2026-11-23"},
        "2026-11-30",
        "复议法五十四: 5",
    ),
    Case("organ_answer_suit", {"copy_received": "2026-11-23"}, "2026-12-08", "行政诉讼法六十七: 15 days"),
    Case(
        "organ_answer_suit",
        {"copy_received": "2026-09-18"},
        "2026-10-08",
        "3 Oct is a holiday, 8 Oct the first day after",
    ),
    Case("proactive_publish", {"formed": "2026-09-21"}, "2026-10-26", "条例第二十六条: 20"),
    Case("proactive_publish", {"formed": "2026-09-21", "changed": "2026-11-23"}, "2026-12-21", "变更之日"),
    Case("procurement_result", {"determined": "2026-09-30"}, "2026-10-09", "采购条例四十三: 2"),
    Case("procurement_contract", {"contract_signed": "2026-04-30"}, "2026-05-07", "采购条例五十: 2"),
    Case("land_pre_notice_posting_min", {"posted": "2026-11-23"}, "2026-12-07", "土地条例二十六: at least 10"),
    Case("land_expropriation_notice", {"approval_received": "2026-11-23"}, "2026-12-14", "土地条例三十一: 15"),
    Case("penalty_withdraw", {"penalty_changed": "2026-11-26"}, "2026-12-01", "处罚法四十八、八十五: 3"),
    Case("legality_review_min", {"review_submitted": "2026-11-23"}, "2026-12-02", "决策条例二十六: at least 7"),
    Case("normative_consult_min", {"published": "2026-09-21"}, "2026-10-08", "指标体系24: at least 7"),
    Case("interpretation_publish_default", {"published": "2026-04-28"}, "2026-05-06", "3, from memory"),
    Case(
        "gazette_filing_zhaoqing",
        {"published": "2020-09-25"},
        "2020-10-09",
        "5: Sun 27 Sep counts, 1–8 Oct off",
    ),
    Case("message_simple", {"received": "2026-09-24"}, "2026-09-28", "1; 25–27 Sep off"),
    Case("message_general", {"received": "2025-09-26"}, "2025-10-10", "5: 28, 29, 30 Sep, 9, 10 Oct"),
    Case("message_help", {"received": "2025-01-24"}, "2025-02-07", "5: 26, 27 Jan, 5, 6, 7 Feb"),
    Case("message_complaint", {"received": "2026-11-23"}, "2026-12-14", "15"),
    Case("procurement_inquiry", {"received": "2026-02-12"}, "2026-02-24", "3: 13, Sat 14, 24 Feb"),
    Case("petition_wrong_address", {"received": "2026-11-20"}, "2026-11-27", "5"),
]

CALENDAR = [  # 民法典第二百零一条至第二百零三条
    Case("reconsideration", {"known": "2026-08-04"}, "2026-10-08", "60 end on Sat 3 Oct, a holiday"),
    Case("reconsideration", {"known": "2026-09-22"}, "2026-11-23", "60 end on Sat 21 Nov"),
    Case("reconsideration", {"known": "2026-08-11"}, "2026-10-10", "60 end on Sat 10 Oct, which is worked"),
    Case("reconsideration", {"known": "2023-11-06"}, "2024-01-05", "the earlier version in force that day"),
    Case("reconsideration_if_not_told", {"known": "2025-11-21"}, "2026-11-23", "a year ends on Sat 21 Nov"),
    Case("reconsideration_if_not_told", {"known": "2024-02-29"}, "2025-02-28", "no 29 Feb: end of the month"),
    Case("direct_suit", {"known": "2026-03-31"}, "2026-09-30", "6 months: no 31 Sep, end of the month"),
    Case("direct_suit", {"known": "2026-04-01"}, "2026-10-08", "6 months end on a holiday"),
    Case("direct_suit", {"known": "2025-08-31"}, "2026-02-28", "Sat 28 Feb 2026 is worked"),
    Case("direct_suit", {"known": "2026-08-31"}, "2027-03-01", "ends Sun 28 Feb 2027, no notice yet", True),
    Case("suit_after_reconsideration", {"decision_received": "2026-09-16"}, "2026-10-08", "15 end on 1 Oct"),
    Case("budget_government", {"approved": "2026-09-11"}, "2026-10-08", "预算法十四: 20 days end on 1 Oct"),
    Case("budget_department", {"approved": "2026-01-30"}, "2026-02-24", "20 days end on 19 Feb, a holiday"),
    Case("budget_unit", {"approved": "2026-11-02"}, "2026-11-23", "20 days end on Sun 22 Nov"),
    Case("land_compensation_posting_min", {"posted": "2026-09-02"}, "2026-10-08", "土地管理法四十七: 30"),
    Case("house_compensation_consult_min", {"published": "2026-11-02"}, "2026-12-02", "征收条例十: 30"),
    Case(
        "major_decision_consult_min",
        {"published": "2026-09-10"},
        "2026-10-10",
        "决策条例十五: 30, Sat worked",
    ),
    Case("major_decision_consult_min", {"published": "2026-09-02"}, "2026-10-08", "30 end on 2 Oct"),
    Case("normative_consult_market_min", {"published": "2026-11-02"}, "2026-12-02", "营商条例六十二: 30"),
    Case("rule_consult_min", {"published": "2026-10-23"}, "2026-11-23", "30 end on Sun 22 Nov"),
    Case("message_hard_limit", {"received": "2026-07-03"}, "2026-10-08", "3 months end on Sat 3 Oct"),
    Case("message_hard_limit", {"received": "2025-11-30"}, "2026-02-28", "no 30 Feb; Sat 28 Feb is worked"),
    Case("petition_notice", {"received": "2026-09-17"}, "2026-10-08", "信访条例: 15 end on 2 Oct"),
    Case("petition_finish", {"accepted": "2026-08-04"}, "2026-10-08", "信访条例三十四: 60 end on 3 Oct"),
    Case(
        "petition_finish",
        {"accepted": "2026-08-04", "extension_approved": "2026-10-08", "extension_notified": "2026-10-08"},
        "2026-11-02",
        "30 more: 90 days end on Mon 2 Nov",
    ),
    Case("petition_review", {"received": "2026-09-02"}, "2026-10-08", "信访条例: 30 end on 2 Oct"),
]

FIXED = [
    Case("annual_report_department", {"year": 2025}, "2026-01-31", "条例第四十九条: fixed, though a Saturday"),
    Case(
        "annual_report_department",
        {"年度": "2026年"},
        "2027-01-31",
        "fixed, though a Sunday; not provisional",
    ),
    Case("annual_report_government", {"year": "2025"}, "2026-03-31", "条例第四十九条第二款"),
    Case("annual_report_township", {"year": 2025}, "2026-01-31", "practice, a setting"),
    Case("hearing_materials_before", {"hearing": "2026-11-30"}, "2026-11-23", "决策条例十六: 7 days before"),
    Case("hearing_materials_before", {"hearing": "2026-11-29"}, "2026-11-20", "Sun 22 Nov: earlier, to Friday"),
    Case("hearing_materials_before", {"hearing": "2026-10-12"}, "2026-09-30", "5 Oct off: earlier"),
    Case("opinion_major_info", {"occurred": "2026-10-01T22:30"}, "2026-10-02", "5 hours, holidays included"),
    Case("opinion_major_press", {"occurred": "2026-10-03 08:30"}, "2026-10-04", "24 hours"),
    Case("opinion_other", {"occurred": "2026-11-27T17:00"}, "2026-11-29", "48 hours over the weekend"),
]

ALL = REPLY + WORKING + CALENDAR + FIXED


@pytest.mark.parametrize("case", ALL, ids=lambda c: f"{c.rule}-{c.due}-{c.why}")
def test_due(case: Case) -> None:
    found = due(case.rule, case.facts)
    assert (found.day.isoformat(), found.provisional) == (case.due, case.provisional), case.why
    assert bool(found.reason) is case.provisional
    assert found.steps and all(step.text and step.basis for step in found.steps)
    assert any(step.day == found.day for step in found.steps)


def test_every_rule_has_a_typed_date() -> None:
    assert {rule.code for rule in rules()} == {case.rule for case in ALL}


@pytest.mark.parametrize(
    ("start", "n", "expected", "provisional"),
    [
        ("2026-09-21", 20, "2026-10-26", False),
        ("2026-09-21", 7, "2026-10-08", False),
        ("2026-02-10", 20, "2026-03-16", False),
        ("2026-04-28", 20, "2026-05-28", False),
        ("2025-01-24", 20, "2025-02-27", False),
        ("2025-09-22", 20, "2025-10-24", False),
        ("2025-04-25", 7, "2025-05-08", False),
        ("2026-11-23", 7, "2026-12-02", False),
        ("2026-11-23", 15, "2026-12-14", False),
        ("2026-11-23", 20, "2026-12-21", False),
        ("2026-11-23", 40, "2027-01-18", True),  # 29 working days to 31 Dec, Fri 1 Jan 2027 is the 30th
        ("2020-09-25", 5, "2020-10-09", False),
        ("2021-09-24", 20, "2021-10-27", False),
        ("2020-01-23", 1, "2020-02-03", False),  # the Spring Festival of 2020 was lengthened
        ("2026-09-19", 1, "2026-09-20", False),  # a worked Sunday
    ],
)
def test_working_days(start: str, n: int, expected: str, provisional: bool) -> None:
    found = working_days(n, dt.date.fromisoformat(start))
    assert (found.day.isoformat(), found.provisional) == (expected, provisional)


def test_moments() -> None:
    assert due("opinion_major_info", {"occurred": "2026-10-01T22:30"}).moment == dt.datetime(2026, 10, 2, 3, 30)
    zone = dt.timezone(dt.timedelta(hours=8))
    began = dt.datetime(2026, 11, 27, 17, 0, tzinfo=zone)
    assert due("opinion_other", {"事发时刻": began}).moment == dt.datetime(2026, 11, 29, 17, 0, tzinfo=zone)
    # 23:00 UTC is the next morning in China, and so is the day.
    assert due("reply", {"received": "2026-09-20T23:00+00:00"}).day == dt.date(2026, 10, 26)
