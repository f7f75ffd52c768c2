"""The working days themselves: notices, package, overlay, coverage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import chinese_calendar
import pytest

from gongkai.law import calendar as module
from gongkai.law.calendar import Calendar, national
from gongkai.law.clocks import working_days
from gongkai.law.errors import ClockError
from tests.law.chance import COUNTY

D = dt.date


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_notice_files_agree_with_the_package_day_by_day(year: int, count: int) -> None:
    day, worked = D(year, 1, 1), 0
    while day.year == year:
        assert national().is_working(day) == chinese_calendar.is_workday(day), day
        worked += national().is_working(day)
        day += dt.timedelta(1)
    assert worked == count


def test_earlier_years_come_from_the_package() -> None:
    day = D(2018, 1, 1)
    while day.year < 2024:
        assert national().is_working(day) == chinese_calendar.is_workday(day), day
        day += dt.timedelta(1)


@pytest.mark.parametrize(
    ("day", "works", "reason"),
    [
        (D(2026, 9, 19), False, "周六"),
        (D(2026, 9, 21), True, "周一，工作日"),
        (D(2026, 10, 1), False, "国庆节放假（国办发明电〔2025〕7号）"),
        (D(2026, 10, 10), True, "调休上班（国办发明电〔2025〕7号）"),
        (D(2025, 10, 6), False, "国庆节、中秋节放假（国办发明电〔2024〕12号）"),
        # A number nobody checked is not shown as a fact: the title of the notice is.
        (D(2021, 9, 26), True, "调休上班（国务院办公厅关于2021年部分节假日安排的通知）"),
        (D(2020, 2, 1), False, "春节放假（国务院办公厅关于延长2020年春节假期的通知）"),
        (D(2019, 5, 2), False, "劳动节放假（国务院办公厅关于调整2019年劳动节假期安排的通知）"),
        (D(2018, 12, 31), False, "元旦放假（国务院办公厅关于2019年部分节假日安排的通知）"),
        # Half-day holidays such as 8 March are ordinary working days.
        (D(2024, 3, 8), True, "周五，工作日"),
    ],
)
def test_reasons(day: dt.date, works: bool, reason: str) -> None:
    assert national().is_working(day) is works
    assert national().reason(day) == reason


def test_coverage() -> None:
    assert national().covers(D(2026, 12, 31)) and national().covers(D(2018, 1, 1))
    assert not national().covers(D(2027, 1, 1))
    assert national().is_working(D(2027, 1, 1))  # a Friday, for want of a notice
    assert "2027年放假安排通知尚未收录，暂按周一至周五计算，通知发布后须重算" in national().reason(D(2027, 1, 1))


def test_county_days() -> None:
    county = Calendar.load(COUNTY)
    assert not county.is_working(D(2026, 4, 20)) and national().is_working(D(2026, 4, 20))
    assert county.is_working(D(2026, 11, 28)) and not national().is_working(D(2026, 11, 28))
    assert county.reason(D(2026, 4, 20)) == "三月三放假（某自治县关于2026年民族节日放假的通知）"
    assert not county.covers(D(2027, 1, 1))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("off = ", "TOML"),
        ('title = "空"', "没有 off"),
        ('off = [{name = "x", first = 2026-05-02, last = 2026-05-01}]', "先后"),
        ("off = [{first = 2026-05-02}]", "name"),
        ('work = ["2026-05-02"]', "日期列表"),
        ("off = 3", "off"),
    ],
)
def test_bad_local_files(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "local.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ClockError, match=word):
        Calendar.load(file)


def test_missing_local_file(tmp_path: Path) -> None:
    with pytest.raises(ClockError, match="无法读取"):
        Calendar.load(tmp_path / "none.toml")


def test_a_new_notice_makes_the_date_firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice of a new year is one more file; it may reach back into December."""
    for path in module.HOLIDAYS.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "2027.toml").write_text(
        'title = "2027年通知"\nwork = [2027-01-02]\noff = [{ name = "元旦", first = 2026-12-31, last = 2027-01-01 }]\n',
        "utf-8",
    )
    monkeypatch.setattr(module, "HOLIDAYS", tmp_path)
    caches = (module._notice, module.year_marks)
    for cache in caches:
        cache.cache_clear()
    try:
        # 18 working days to 31 Dec are now 17; Sat 2, Mon 4 and Tue 5 Jan make 20.
        found = working_days(20, "2026-12-07", Calendar())
        assert (found.day, found.provisional) == (D(2027, 1, 5), False)
        assert Calendar().reason(D(2026, 12, 31)) == "元旦放假（2027年通知）"
    finally:
        for cache in caches:
            cache.cache_clear()


def test_days_before_the_first_notice_are_provisional() -> None:
    assert working_days(1, "2003-12-30").provisional
    assert not working_days(1, "2003-12-31").provisional  # only 2 January 2004 and later are walked
