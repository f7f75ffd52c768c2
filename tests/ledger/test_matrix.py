"""What a cell of the matrix says, from the duties alone: typed by hand, state by state."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.ledger.matrix import LABELS, Cell, state_of
from gongkai.ledger.models import Duty

DAY = dt.date(2026, 3, 2)
PAST, TODAY, LATER = dt.date(2026, 3, 1), DAY, dt.date(2026, 3, 31)


def duty(due: dt.date | None, settled: dt.date | None = None) -> Duty:
    return Duty(clock="c", due=due, settled_on=settled)


@pytest.mark.parametrize(
    ("duties", "says"),
    [
        ([], "不能判断"),
        ([duty(None)], "不能判断"),
        ([duty(LATER)], "未到期"),
        ([duty(TODAY)], "未到期"),  # the day itself is still in time
        ([duty(PAST)], "逾期未公开"),
        ([duty(PAST, PAST)], "已公开"),
        ([duty(PAST, LATER)], "已公开"),  # late, but out
        ([duty(PAST, PAST), duty(LATER)], "已公开"),
        ([duty(PAST, PAST), duty(PAST)], "逾期未公开"),  # one of two is missing
        ([duty(None, PAST)], "已公开"),
    ],
)
def test_what_a_cell_says(duties: list[Duty], says: str) -> None:
    assert LABELS[state_of(duties, DAY)] == says


def test_accepted_evidence_counts_where_its_clock_is_gone() -> None:
    """A line met once stays 已公开 when new terms bring a new clock; what is late stays late."""
    assert state_of([duty(LATER)], DAY, proved=True) == Cell.MET
    assert state_of([duty(PAST)], DAY, proved=True) == Cell.LATE
