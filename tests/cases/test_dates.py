"""Until when must a request be answered? Stories whose last day was counted by hand, on a calendar, with the article.

A line is: the story | the last day (`~` where it is provisional, `-` where there is none) | the article | how it was counted.
A step of the story is a verb with its day and what it says; days of one story are of the year of the line's first day unless
they name another. In the counting, `3-6 (4)` means: 3 to 6 are working days, and with them four have gone by; + is a make-up day.
Rest days and make-up days are those of the notices of 2019, 2021 and 2023 to 2026; 2027 has none yet.
"""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.cases import rules
from gongkai.cases.life import Standing, Step, play, step
from tests.cases.story import naive_due

# 《政府信息公开条例》第三十条 restart, 第三十一条 receipt, 第三十二条 and 第三十四条 opinions, 第三十三条 twenty working days,
# 第三十五条 set date; 国办函〔2020〕109号 fee. 《民法典》第二百零一条: the first day is not counted.
TABLE = """
# twenty working days (第三十三条)
2026-03-02 in_person | 2026-03-30 | 第三十三条 | 3月3-6 (4) 9-13 (9) 16-20 (14) 23-27 (19) 30 (20)
2026-09-21 mail_signed | 2026-10-26 | 第三十三条 | 22-24 (3) 中秋 28-30 (6) 国庆 8 9 +10 (9) 12-16 (14) 19-23 (19) 26 (20)
2026-02-10 in_person | 2026-03-16 | 第三十三条 | 11-13 +14 (4) 春节15-23 24-27 +28 (9) 3月2-6 (14) 9-13 (19) 16 (20)
2026-04-28 in_person | 2026-05-28 | 第三十三条 | 29 30 (2) 劳动节 6-8 +9 (6) 11-15 (11) 18-22 (16) 25-28 (20)
2025-01-24 in_person | 2025-02-27 | 第三十三条 | +26 27 (2) 春节 2月5-7 +8 (6) 10-14 (11) 17-21 (16) 24-27 (20)
2025-09-22 in_person | 2025-10-24 | 第三十三条 | 23-26 (4) +28 29 30 (7) 国庆1-8 9 10 +11 (10) 13-17 (15) 20-24 (20)
2024-02-05 in_person | 2024-03-08 | 第三十三条 | 6-9 (4) 春节10-17 +18 (5) 19-23 (10) 26-29 (14) 3月1 (15) 4-8 (20)
2024-09-13 in_person | 2024-10-17 | 第三十三条 | +14 (1) 中秋 18-20 (4) 23-27 (9) +29 30 (11) 国庆 8-11 +12 (16) 14-17 (20)
2024-12-20 in_person | 2025-01-20 | 第三十三条 | 23-27 (5) 30 31 (7) 元旦 1月2 3 (9) 6-10 (14) 13-17 (19) 20 (20)
2025-12-15 in_person | 2026-01-13 | 第三十三条 | 16-19 (4) 22-26 (9) 29-31 (12) 元旦1-3 +4 (13) 5-9 (18) 12 13 (20)
2021-09-24 in_person | 2021-10-27 | 第三十三条 | +26 27-30 (5) 国庆1-7 8 +9 (7) 11-15 (12) 18-22 (17) 25-27 (20)
2023-01-19 in_person | 2023-02-21 | 第三十三条 | 20 (1) 春节21-27 +28 +29 30 31 (5) 2月1-3 (8) 6-10 (13) 13-17 (18) 20 21 (20)
2023-09-25 in_person | 2023-10-27 | 第三十三条 | 26-28 (3) 中秋国庆29-6 +7 +8 (5) 9-13 (10) 16-20 (15) 23-27 (20)
2019-05-15 in_person | 2019-06-13 | 第三十三条 | 16 17 (2) 20-24 (7) 27-31 (12) 6月3-6 (16) 端午7-9 10-13 (20)
2026-03-07 mail_signed | 2026-04-03 | 第三十一条 | 周六签收 9-13 (5) 16-20 (10) 23-27 (15) 30 31 (17) 4月1-3 (20)
2026-05-09 in_person | 2026-06-05 | 第三十三条 | 调休日收到 11-15 (5) 18-22 (10) 25-29 (15) 6月1-5 (20)
2026-10-03 mail_signed | 2026-11-03 | 第三十三条 | 假日签收 8 9 +10 (3) 12-16 (8) 19-23 (13) 26-30 (18) 11月2 3 (20)
2026-01-19 in_person | 2026-02-14 | 第三十三条 | 20-23 (4) 26-30 (9) 2月2-6 (14) 9-13 (19) +14 (20)
2026-09-03 in_person | 2026-10-08 | 第三十三条 | 4 (1) 7-11 (6) 14-18 (11) +20 21-24 (16) 28-30 (19) 10月8 (20)
# the day of receipt (第三十一条)
2026-03-06 internet confirmed=03-09 | 2026-04-07 | 第三十一条 | 10-13 (4) 16-20 (9) 23-27 (14) 30 31 (16) 4月1-3 (19) 清明 7 (20)
2025-04-24 fax; 04-25 confirm | 2025-05-27 | 第三十一条 | +27 28-30 (4) 劳动节 6-9 (8) 12-16 (13) 19-23 (18) 26 27 (20)
2024-04-26 mail_unsigned confirmed=04-28 | 2024-05-28 | 第三十一条 | 29 30 (2) 6-10 +11 (8) 13-17 (13) 20-24 (18) 27 28 (20)
2026-06-01 mail_signed confirmed=06-10 | 2026-06-30 | 第三十一条 | 签收之日起 2-5 (4) 8-12 (9) 15-18 (13) 端午 22-26 (18) 29 30 (20)
2026-06-01 internet | - | 第三十一条 | 没有双方确认
# a correction begins the count anew, its day not counted (第三十条)
2026-03-02 in_person; 03-11 ask_correction reply_by=03-31; 03-20 correction_received | 2026-04-20 | 第三十条 | 23-27 (5) 30 31 (7) 4月1-3 (10) 7-10 (14) 13-17 (19) 20 (20)
2026-03-02 in_person; 03-03 ask_correction reply_by=03-31 | 2026-03-30 | 第三十三条 | 还没有补正，原期限不变
2025-03-03 in_person; 03-05 ask_correction reply_by=03-20; 03-16 correction_received | 2025-04-14 | 第三十条 | 周日收到 17-21 (5) 24-28 (10) 31 (11) 4月1-3 (14) 清明4-6 7-11 (19) 14 (20)
2025-01-10 in_person; 01-15 ask_correction reply_by=02-14; 01-27 correction_received | 2025-03-03 | 第三十条 | 春节 2月5-7 +8 (4) 10-14 (9) 17-21 (14) 24-28 (19) 3月3 (20)
2026-03-02 in_person; 03-03 approve_extension days=10; 03-03 notify_extension; 03-04 ask_correction reply_by=03-25; 03-16 correction_received | 2026-04-14 | 第三十条 | 原来的延期不再算 17-20 (4) 23-27 (9) 30 31 (11) 4月1-3 (14) 7-10 (18) 13 14 (20)
2024-12-16 in_person; 12-20 ask_correction reply_by=2025-01-10; 12-31 correction_received | 2025-02-05 | 第三十条 | 1月2 3 (2) 6-10 (7) 13-17 (12) 20-24 (17) +26 27 (19) 春节 2月5 (20)
# an extension of at most twenty, told before the period ends (第三十三条第二款)
2026-03-02 in_person; 03-27 approve_extension days=20; 03-30 notify_extension | 2026-04-28 | 第三十三条 | 到3月30 (20) 31 (1) 4月1-3 (4) 7-10 (8) 13-17 (13) 20-24 (18) 27 28 (20)
2026-09-21 in_person; 10-20 approve_extension days=5; 10-26 notify_extension | 2026-11-02 | 第三十三条 | 到10月26 (20) 27-30 (4) 11月2 (5)
2026-03-02 in_person; 03-27 approve_extension days=20 | 2026-03-30 | 第三十三条 | 批准而没有告知，不延长
2024-09-13 in_person; 10-17 approve_extension days=1; 10-17 notify_extension | 2024-10-18 | 第三十三条 | 到10月17 (20) 18 (1)
2025-08-28 in_person; 09-25 approve_extension days=20; 09-25 notify_extension | 2025-10-29 | 第三十三条 | 29 (1) 9月1-5 (6) 8-12 (11) 15-19 (16) 22-25 (20)；26 (1) +28 29 30 (4) 9 10 +11 (7) 13-17 (12) 20-24 (17) 27-29 (20)
# opinions: from the day after the letter to the day of the answer nothing counts (第三十二条、第三十四条、第三十三条第三款)
2026-03-02 in_person; 03-09 ask_third_party served=03-10; 03-18 third_party_replied agrees=yes | 2026-04-09 | 第三十二条 | 3-6 9 (5) 扣10-18 19 20 (7) 23-27 (12) 30 31 (14) 4月1-3 (17) 7-9 (20)
2026-03-02 in_person; 03-09 ask_third_party served=03-10 | 2026-04-22 | 第三十二条 | 15日自10日：11-13 (3) 16-20 (8) 23-27 (13) 30 31 (15)；5日已用 4月1-3 (8) 7-10 (12) 13-17 (17) 20-22 (20)
2026-03-02 in_person; 03-09 ask_third_party | 2026-04-21 | 第三十二条 | 15日自9日到3月30；31 (6) 4月1-3 (9) 7-10 (13) 13-17 (18) 20 21 (20)
2026-03-02 in_person; 03-09 ask_third_party served=03-10; 04-15 third_party_replied agrees=no | 2026-04-22 | 第三十二条 | 期满后才答复，只扣到3月31
2026-03-02 in_person; 03-09 ask_third_party; 03-12 ask_co_producer served=03-12; 03-18 third_party_replied agrees=no; 03-24 co_producer_replied | 2026-04-15 | 第三十四条 | 5日已用 重叠只扣一次10-24 25-27 (8) 30 31 (10) 4月1-3 (13) 7-10 (17) 13-15 (20)
2026-03-02 in_person; 03-04 ask_third_party; 03-06 third_party_replied agrees=yes; 03-10 ask_co_producer; 03-13 co_producer_replied | 2026-04-07 | 第三十四条 | 3 4 (2) 扣5 6 9 10 (4) 扣11-13 16-20 (9) 23-27 (14) 30 31 (16) 4月1-3 (19) 7 (20)
2026-03-02 in_person; 03-04 ask_third_party served=03-04; 03-10 ask_co_producer; 03-12 co_producer_replied; 03-25 third_party_replied agrees=no | 2026-04-21 | 第三十二条 | 3 4 (2) 扣5-25 26 27 (4) 30 31 (6) 4月1-3 (9) 7-10 (13) 13-17 (18) 20 21 (20)
2026-03-02 in_person; 03-09 ask_third_party; 03-16 consultation_served served=03-12 | 2026-04-24 | 第三十二条 | 15日自12日：13 (1) 16-20 (6) 23-27 (11) 30 31 (13) 4月1 2 (15)；5日已用 3 (6) 7-10 (10) 13-17 (15) 20-24 (20)
2026-03-02 in_person; 03-04 ask_third_party served=03-04; 03-10 ask_co_producer; 03-12 consultation_served of=1 served=03-11 | 2026-04-28 | 第三十四条 | 3 4 (2) 扣5-25；15日自11日：12 13 (2) 16-20 (7) 23-27 (12) 30 31 (14) 4月1 (15)；2 3 (4) 7-10 (8) 13-17 (13) 20-24 (18) 27 28 (20)
2026-02-02 in_person; 02-06 ask_third_party served=02-09 | 2026-03-30 | 第三十二条 | 3-6 (4) 15日：10-13 +14 (5) 24-27 +28 (10) 3月2-6 (15)；9-13 (9) 16-20 (14) 23-27 (19) 30 (20)
2026-03-02 in_person; 03-09 ask_third_party served=03-10; 03-18 third_party_replied agrees=yes; 04-07 approve_extension days=10; 04-09 notify_extension | 2026-04-23 | 第三十三条 | 到4月9 (20) 10 (1) 13-17 (6) 20-23 (10)
2026-03-02 in_person; 03-10 approve_extension days=5; 03-10 notify_extension; 03-12 ask_co_producer served=03-12; 03-19 co_producer_replied | 2026-04-14 | 第三十四条 | 3-6 9-12 (8) 扣13-19 20 (9) 23-27 (14) 30 31 (16) 4月1-3 (19) 7 (20)；8-10 (3) 13 14 (5)
2026-03-02 in_person; 03-30 ask_co_producer | 2026-03-30 | 第三十三条 | 最后一日才征求，二十日已经用完
2026-03-02 in_person; 03-27 ask_co_producer; 04-08 co_producer_replied | 2026-04-09 | 第三十四条 | 到27 (19) 扣30-8 9 (20)
2026-03-02 in_person; 03-03 ask_third_party served=03-04; 03-04 ask_correction reply_by=03-20; 03-16 correction_received; 03-20 third_party_replied agrees=no | 2026-04-20 | 第三十条 | 自16日 扣17-20 23-27 (5) 30 31 (7) 4月1-3 (10) 7-10 (14) 13-17 (19) 20 (20)
# a fee paid begins the count anew (国办函〔2020〕109号), a set date stands in its place (第三十五条)
2026-03-02 in_person; 03-20 fee_notice basis=pages amount=700; 03-31 fee_paid | 2026-04-29 | 109号 | 4月1-3 (3) 7-10 (7) 13-17 (12) 20-24 (17) 27-29 (20)
2026-04-01 in_person; 04-20 fee_notice basis=pieces amount=2000; 04-30 fee_paid | 2026-06-01 | 109号 | 5月6-8 +9 (4) 11-15 (9) 18-22 (14) 25-29 (19) 6月1 (20)
2026-03-02 in_person; 03-09 ask_reasons reply_by=03-16; 03-12 reasons_given; 03-20 set_date date=05-29 | 2026-05-29 | 第三十五条 | 定为5月29
2026-03-02 in_person; 03-09 ask_reasons reply_by=03-16; 03-12 reasons_given; 03-20 set_date date=05-29; 03-23 fee_notice basis=pages amount=700; 03-31 fee_paid | 2026-04-29 | 109号 | 缴费后重新计算，原定日期不再算
# years without a notice
2026-11-23 in_person | 2026-12-21 | 第三十三条 | 24-27 (4) 30 (5) 12月1-4 (9) 7-11 (14) 14-18 (19) 21 (20)
2026-12-03 in_person | 2026-12-31 | 第三十三条 | 4 (1) 7-11 (6) 14-18 (11) 21-25 (16) 28-31 (20)
2026-12-14 in_person | 2027-01-11~ | 第三十三条 | 15-18 (4) 21-25 (9) 28-31 (13) 1月1 (14) 4-8 (19) 11 (20)，元旦按周五暂计
2026-11-23 in_person; 12-15 approve_extension days=20; 12-18 notify_extension | 2027-01-18~ | 第三十三条 | 到12月21 (20) 22-25 (4) 28-31 (8) 1月1 (9) 4-8 (14) 11-15 (19) 18 (20)
"""

ROWS = [line for line in TABLE.strip().splitlines() if not line.startswith("#")]
DATES = ("confirmed", "reply_by", "served", "date")


def told(text: str) -> list[Step]:
    """The steps of a story."""
    out: list[Step] = []
    year = text[:4]
    for part in text.split(";"):
        on, verb, *more = part.split()
        data: dict[str, object] = {}
        if not out:
            data["channel"], verb = verb, "receive"
        for word in more:
            name, value = word.split("=")
            data[name] = (
                dt.date.fromisoformat(value if len(value) == 10 else f"{year}-{value}") if name in DATES
                else int(value) if value.isdecimal() else {"yes": True, "no": False}.get(value, value)
            )  # fmt: skip
        out.append(Step(verb, dt.date.fromisoformat(on if len(on) == 10 else f"{year}-{on}"), data))
    return out


def test_there_are_fifty() -> None:
    assert len(ROWS) >= 50
    assert len({row.split("|")[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[r.split("|")[0].strip()[:60] for r in ROWS])
def test_counted_by_hand(row: str) -> None:
    story, wanted, article, _ = (cell.strip() for cell in row.split("|"))
    steps, at = told(story), Standing()
    for one in steps:
        assert rules.check(at, one.verb, one.on, one.data) == []
        at = step(at, one)
    assert at == play(steps)
    due = at.due()
    if wanted == "-":
        assert due is None
        assert naive_due(steps) is None
        return
    assert due is not None
    day, provisional = dt.date.fromisoformat(wanted.rstrip("~")), wanted.endswith("~")
    assert (due.day, due.provisional) == (day, provisional)
    assert naive_due(steps) == (day, provisional)
    said = due.citation + "".join(s.basis + s.text for s in due.steps)
    assert article in said
    assert str(day) in "".join(s.text for s in due.steps)


LIMITS = [
    # Seven working days for asking a correction (第三十条); twenty for paying (109号), typed by hand.
    ("2026-03-02 in_person", "correction", "2026-03-11"),  # 3-6 (4) 9-11 (7)
    ("2026-09-21 in_person", "correction", "2026-10-08"),  # 22-24 (3) 28-30 (6) 8 (7)
    ("2025-04-25 in_person", "correction", "2025-05-08"),  # +27 28-30 (4) 6-8 (7)
    ("2026-02-12 in_person", "correction", "2026-02-28"),  # 13 +14 (2) 24-27 (6) +28 (7)
    ("2026-03-02 in_person; 03-20 fee_notice basis=pages amount=700", "fee", "2026-04-20"),
    # 23-27 (5) 30 31 (7) 4月1-3 (10) 7-10 (14) 13-17 (19) 20 (20)
    ("2026-09-21 in_person; 09-30 fee_notice basis=pages amount=700", "fee", "2026-11-03"),
    # 8 9 +10 (3) 12-16 (8) 19-23 (13) 26-30 (18) 11月2 3 (20)
]


@pytest.mark.parametrize(("story", "which", "day"), LIMITS)
def test_other_periods_of_a_case(story: str, which: str, day: str) -> None:
    at = play(told(story))
    assert str(at.correction_until() if which == "correction" else at.fee_until()) == day
    limit = dt.date.fromisoformat(day)
    if which == "correction":
        late = {"reply_by": limit + dt.timedelta(30)}
        assert rules.check(at, "ask_correction", limit, late) == []
        assert [i.rule for i in rules.check(at, "ask_correction", limit + dt.timedelta(1), late)] == [
            "correction.period"
        ]
    else:
        assert [i.rule for i in rules.check(at, "fee_lapsed", limit, {})] == ["fee.not_lapsed"]
        assert rules.check(at, "fee_lapsed", limit + dt.timedelta(1), {}) == []
