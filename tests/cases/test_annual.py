"""Tables three and four of a small body's report over two years, typed by hand, cases in every column and every row."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.cases import actions, life, reads
from gongkai.cases.counting import dispute_table, request_table
from gongkai.cases.models import Case
from gongkai.law.annual import BLOCKS, COLUMNS, LEAVES, RESULTS, ROWS, check_disputes, check_requests
from tests.cases import DAY, Town

# case | kind of applicant | received | ended | row: twenty-one results, six kinds, three years, two never ended
CASES = """
1  | natural       | 2025-11-03 | 2025-11-20 | 1
2  | natural       | 2025-12-22 | 2026-01-15 | 2
3  | business      | 2025-12-29 | 2026-01-05 | 3.4
4  | research      | 2025-12-30 | 2027-01-06 | 6.3
5  | natural       | 2026-01-04 | 2026-01-28 | 1
6  | natural       | 2026-01-12 | 2026-02-02 | 1
7  | natural       | 2026-01-13 | 2026-02-03 | 2
8  | business      | 2026-02-02 | 2026-03-02 | 3.1
9  | research      | 2026-02-03 | 2026-03-02 | 3.2
10 | charity       | 2026-02-04 | 2026-03-03 | 3.3
11 | legal_service | 2026-02-05 | 2026-03-03 | 3.4
12 | other         | 2026-02-06 | 2026-03-04 | 3.5
13 | natural       | 2026-03-02 | 2026-03-30 | 3.6
14 | natural       | 2026-03-03 | 2026-03-30 | 3.7
15 | business      | 2026-03-04 | 2026-03-31 | 3.8
16 | natural       | 2026-04-01 | 2026-04-29 | 4.1
17 | legal_service | 2026-04-02 | 2026-04-30 | 4.1
18 | charity       | 2026-04-07 | 2026-05-06 | 4.2
19 | other         | 2026-05-06 | 2026-06-03 | 4.3
20 | natural       | 2026-05-07 | 2026-06-04 | 5.1
21 | natural       | 2026-05-08 | 2026-06-05 | 5.2
22 | research      | 2026-06-01 | 2026-06-29 | 5.3
23 | natural       | 2026-06-02 | 2026-06-30 | 5.4
24 | business      | 2026-06-03 | 2026-07-01 | 5.5
25 | natural       | 2026-07-01 | 2026-08-03 | 6.1
26 | charity       | 2026-07-02 | 2026-09-02 | 6.2
27 | natural       | 2026-07-03 | 2026-07-06 | 6.3
28 | natural       | 2026-12-31 | 2026-12-31 | 1
29 | natural       | 2026-12-21 | 2027-01-15 | 4.1
30 | business      | 2026-12-28 | -          | -
31 | legal_service | 2026-12-30 | 2027-02-01 | 2
32 | natural       | 2027-01-04 | 2027-01-04 | 1
"""

# 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计, counted from the list above with a finger on it.
YEAR_2025 = """
new         | 2 1 1 0 0 0 4
carried     | 0 0 0 0 0 0 0
1           | 1 0 0 0 0 0 1
total       | 1 0 0 0 0 0 1
forward     | 1 1 1 0 0 0 3
"""
YEAR_2026 = """
new     | 13 4 2 3 3 2 27
carried | 1 1 1 0 0 0 3
1       | 3 0 0 0 0 0 3
2       | 2 0 0 0 0 0 2
3.1     | 0 1 0 0 0 0 1
3.2     | 0 0 1 0 0 0 1
3.3     | 0 0 0 1 0 0 1
3.4     | 0 1 0 0 1 0 2
3.5     | 0 0 0 0 0 1 1
3.6     | 1 0 0 0 0 0 1
3.7     | 1 0 0 0 0 0 1
3.8     | 0 1 0 0 0 0 1
4.1     | 1 0 0 0 1 0 2
4.2     | 0 0 0 1 0 0 1
4.3     | 0 0 0 0 0 1 1
5.1     | 1 0 0 0 0 0 1
5.2     | 1 0 0 0 0 0 1
5.3     | 0 0 1 0 0 0 1
5.4     | 1 0 0 0 0 0 1
5.5     | 0 1 0 0 0 0 1
6.1     | 1 0 0 0 0 0 1
6.2     | 0 0 0 1 0 0 1
6.3     | 1 0 0 0 0 0 1
total   | 13 4 2 3 2 2 26
forward | 1 1 1 0 1 0 4
"""
YEAR_2027 = """
new     | 1 0 0 0 0 0 1
carried | 1 1 1 0 1 0 4
1       | 1 0 0 0 0 0 1
2       | 0 0 0 0 1 0 1
4.1     | 1 0 0 0 0 0 1
6.3     | 0 0 1 0 0 0 1
total   | 2 0 1 0 1 0 4
forward | 0 1 0 0 0 0 1
"""


def rows(text: str) -> list[list[str]]:
    return [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]


def listed() -> list[tuple[int, str, dt.date, dt.date | None, str]]:
    return [
        (int(n), kind, dt.date.fromisoformat(received), None if ended == "-" else dt.date.fromisoformat(ended), row)
        for n, kind, received, ended, row in rows(CASES)
    ]


def typed(text: str) -> dict[str, dict[str, int]]:
    """A table as typed; rows that are not typed are all noughts."""
    told = {row: [int(x) for x in cells.split()] for row, cells in rows(text)}
    return {row: dict(zip(COLUMNS, told.get(row, [0] * 7), strict=True)) for row in ROWS}


def test_the_third_table_of_three_years() -> None:
    before = None
    for year, text in ((2025, YEAR_2025), (2026, YEAR_2026), (2027, YEAR_2027)):
        table, behind = request_table(year, listed())
        assert table == typed(text), year
        assert check_requests(table, before) == []
        for (row, column), cases in behind.items():
            assert len(cases) == table[row][column]
        before = table
    assert {row for *_, row in listed()} - {"-"} == set(LEAVES)
    assert {kind for _, kind, *_ in listed()} == set(life.APPLICANTS)


def test_the_cases_behind_a_number() -> None:
    _, behind = request_table(2026, listed())
    assert behind["carried", "总计"] == [2, 3, 4]
    assert behind["forward", "总计"] == [4, 29, 30, 31]
    assert behind["2", "自然人"] == [2, 7]
    assert behind["3.4", "总计"] == [3, 11]
    assert behind["6.3", "自然人"] == [27]
    assert ("3.1", "自然人") not in behind


# case | kind | sued without a reconsideration before | begun | ended | result
DISPUTES = """
8  | reconsider |   | 2026-03-10 | 2026-05-11 | upheld
8  | sue        |   | 2026-05-20 | 2026-11-02 | corrected
13 | reconsider |   | 2026-04-02 | 2026-06-01 | corrected
14 | reconsider |   | 2026-12-01 | 2027-01-20 | upheld
16 | sue        | x | 2026-05-11 | 2026-10-12 | upheld
20 | sue        | x | 2026-09-01 | -          | -
21 | reconsider |   | 2026-07-01 | 2026-08-03 | other
22 | complain   |   | 2026-07-01 | 2026-08-03 | -
"""
FOURTH = {
    # 结果维持 结果纠正 其他结果 尚未审结 总计: 行政复议, 未经复议直接起诉, 复议后起诉
    2026: ((1, 1, 1, 1, 4), (1, 0, 0, 1, 2), (0, 1, 0, 0, 1)),
    2027: ((1, 0, 0, 0, 1), (0, 0, 0, 1, 1), (0, 0, 0, 0, 0)),
}


def test_the_fourth_table() -> None:
    held = [
        (
            int(n),
            kind,
            first == "x",
            dt.date.fromisoformat(on),
            None if end == "-" else dt.date.fromisoformat(end),
            result,
        )
        for n, kind, first, on, end, result in rows(DISPUTES)
    ]
    for year, wanted in FOURTH.items():
        table, behind = dispute_table(year, held)
        assert table == {b: dict(zip(RESULTS, cells, strict=True)) for b, cells in zip(BLOCKS, wanted, strict=True)}
        assert check_disputes(table) == []
        assert behind[BLOCKS[0], "总计"] == ([8, 13, 14, 21] if year == 2026 else [14])


@pytest.mark.django_db
def test_a_year_through_the_actions(town: Town) -> None:
    """Withdrawn is 6.3, moved and corrections of records are not counted, partial counts once, fees are added up."""
    day = dt.timedelta(1)
    act = {"actor": town.who("clerk"), "on": DAY}
    part = town.receive()
    town.decide(part.pk, "partial", ground="enforcement", separable=True)
    gone = town.receive(kind="business")
    actions.withdraw(gone.pk, **act)
    unconfirmed = town.receive("internet")
    actions.withdraw(unconfirmed.pk, **act)
    moved = town.receive("internet")
    actions.transfer(moved.pk, town.pk("school"), why="由教育局负责", **act)
    own = town.receive(purpose="amend")
    town.decide(own.pk, "amended")
    paid = town.receive(kind="other")
    actions.fee_notice(paid.pk, "pages", 700, **act)
    actions.fee_paid(paid.pk, actor=town.who("clerk"), on=DAY + day)
    halves = actions.split(town.receive().pk, ["甲", "乙"], **act)
    last = dt.date(2026, 12, 30)
    late = town.receive(on=last, kind="research")
    told = reads.annual(2026, town.pk("water"))
    assert told.requests == typed(
        """
        new     | 3 1 1 0 0 1 6
        carried | 0 0 0 0 0 0 0
        2       | 1 0 0 0 0 0 1
        6.3     | 0 1 0 0 0 0 1
        total   | 1 1 0 0 0 0 2
        forward | 2 0 1 0 0 1 4
        """
    )
    assert told.fees == 700
    assert told.behind["2", "总计"] == [part.pk]
    assert told.behind["6.3", "总计"] == [gone.pk]
    assert told.behind["forward", "总计"] == [paid.pk, *(h.pk for h in halves), late.pk]
    assert reads.annual(2026, town.pk("school")).requests["new"]["总计"] == 0  # not confirmed there yet
    new_year = dt.date(2027, 1, 15)
    town.decide(late.pk, "not_exist", new_year)
    then = reads.annual(2027, town.pk("water"))
    assert check_requests(then.requests, told.requests) == []
    assert then.requests["carried"]["科研机构"] == then.requests["4.1"]["科研机构"] == 1
    assert then.behind["4.1", "总计"] == [late.pk]
    assert Case.objects.count() == 11  # nine of 水利局 with the two halves, the one sent on, the one split
    assert reads.annual(2026, town.pk("water")).requests == told.requests


@pytest.mark.django_db
def test_disputes_through_the_actions(town: Town) -> None:
    case = town.receive()
    town.decide(case.pk, "refused", ground="safety", separable=False)
    act = {"actor": town.who("clerk"), "on": DAY}
    actions.deliver(case.pk, "in_person", **act)
    actions.complain(case.pk, **act)
    actions.reconsider(case.pk, **act)
    actions.reconsidered(case.pk, "upheld", **act)
    actions.sue(case.pk, **act)
    told = reads.annual(2026, town.pk("water"))
    assert [list(told.disputes[b].values()) for b in BLOCKS] == [[1, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 1]]
    assert told.behind[BLOCKS[2], "尚未审结"] == [case.pk]
