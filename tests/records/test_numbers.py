"""Document numbers in any bracket style; index numbers by the office's rule."""

import datetime as dt

import pytest

from gongkai.records import numbers


@pytest.mark.parametrize(
    ("printed", "tidy"),
    [
        ("青政办〔2024〕8号", "青政办〔2024〕8号"),
        ("青政办[2024]8号", "青政办〔2024〕8号"),
        ("青政办［2024］8号", "青政办〔2024〕8号"),
        ("青政办（2024）8号", "青政办〔2024〕8号"),
        ("青政办(2024)8 号", "青政办〔2024〕8号"),
        ("青政办【2024】第08号", "青政办〔2024〕8号"),
        ("青政办 〔２０２４〕 １２ 号", "青政办〔2024〕12号"),
        ("青政办<2024>8号", "青政办〔2024〕8号"),
        ("青禾县人民政府令第3号", "青禾县人民政府令第3号"),
        ("内部编号12", "内部编号12"),
    ],
)
def test_numbers_are_tidied(printed: str, tidy: str) -> None:
    assert numbers.tidy(printed) == tidy


def test_what_is_a_number() -> None:
    assert numbers.well_formed("青民发〔2023〕31号")
    assert numbers.well_formed("云泽市人民政府令第12号")
    assert not numbers.well_formed("青民发2023年31号")
    assert not numbers.well_formed("31号")


def test_numbers_cited_in_a_text() -> None:
    text = "根据《青禾县临时救助办法》（青政规〔2023〕4号）和青民发[2024]第12号，废止青政办（2019）7号。再看青政规〔2023〕4号。"
    assert list(numbers.cited(text)) == ["青政规〔2023〕4号", "青民发〔2024〕12号", "青政办〔2019〕7号"]


@pytest.mark.parametrize(
    ("pattern", "code", "made"),
    [
        ("{code}/{year}-{serial:05d}", "11441700007280420Y", "11441700007280420Y/2026-00007"),
        ("{code}/{year}{month:02d}-{serial:05d}", "11341602003165791L", "11341602003165791L/202603-00007"),
        ("{code}/{year}-{serial:06d}", "11330800002618015K", "11330800002618015K/2026-000007"),
    ],
)
def test_index_numbers(pattern: str, code: str, made: str) -> None:
    assert numbers.form(pattern, code, dt.date(2026, 3, 5), 7) == made
    assert numbers.INDEX.fullmatch(made)


def test_a_month_in_the_pattern_counts_by_month() -> None:
    assert numbers.period_of("{code}/{year}-{serial:05d}", dt.date(2026, 3, 5)) == "2026"
    assert numbers.period_of("{code}/{year}{month:02d}-{serial:05d}", dt.date(2026, 3, 5)) == "202603"
