"""The state of a matter: typed day by day, and the same in Python as in the database."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from gongkai.ledger import reads
from gongkai.ledger.models import Duty, Matter
from gongkai.ledger.rules import LABELS, SOON, Status, in_status, late, overdue, status_of

DAY = dt.date(2020, 9, 28)


def matter(number: int = 0, **other: object) -> Matter:
    """A matter with one duty open, unless said otherwise."""
    plain = {"source": "plan", "source_id": number, "body": 1, "sheet": 1, "year": 2020, "position": number, "todo": 1}
    return Matter(**{**plain, "title": "公布清单", "basis": "方案", **other})


@pytest.mark.parametrize(
    ("due", "asked", "todo", "expected"),
    [
        ("2020-09-27", None, 1, Status.OVERDUE),
        ("2020-09-27", "2020-09-20", 1, Status.ASKED),  # asked for, though late: it waits for the office
        ("2020-09-28", None, 1, Status.DUE),  # the last day is not over
        ("2020-10-12", None, 1, Status.DUE),  # 14 days
        ("2020-10-13", None, 1, Status.RUNNING),
        ("2020-09-28", "2020-09-20", 1, Status.ASKED),
        ("2020-12-31", "2020-09-20", 2, Status.ASKED),
        (None, "2020-09-20", 1, Status.ASKED),
        (None, None, 1, Status.WAITING),
        ("2020-09-27", None, 0, Status.DONE),
        (None, None, 0, Status.DONE),
    ],
)
def test_typed(due: str | None, asked: str | None, todo: int, expected: Status) -> None:
    made = matter(
        todo=todo,
        next_due=dt.date.fromisoformat(due) if due else None,
        asked_on=dt.date.fromisoformat(asked) if asked else None,
    )
    assert status_of(made, DAY) is expected


def test_every_state_has_a_name() -> None:
    assert list(LABELS) == list(Status) and SOON == 14


@pytest.mark.django_db
def test_python_and_database_agree_on_every_matter() -> None:
    dates = [None, *(DAY + dt.timedelta(d) for d in (-40, -1, 0, 1, 13, 14, 15, 16, 90))]
    grid = product((0, 1, 3), dates, (None, DAY - dt.timedelta(3), DAY))
    Matter.objects.bulk_create(
        matter(n, todo=todo, next_due=due, asked_on=asked) for n, (todo, due, asked) in enumerate(grid)
    )
    seen = set()
    for shift in (-30, -15, -14, -1, 0, 1, 14, 15, 60):
        today = DAY + dt.timedelta(shift)
        by_python: dict[Status, set[int]] = {s: set() for s in Status}
        for made in Matter.objects.all():
            by_python[status_of(made, today)].add(made.pk)
        for status in Status:
            found = list(Matter.objects.filter(in_status(status, today)).values_list("pk", flat=True))
            assert len(found) == len(set(found)) and set(found) == by_python[status], (status, today)
        counted = reads.counts(Matter.objects.all(), today)
        assert counted == {s: len(pks) for s, pks in by_python.items()}
        assert sum(counted.values()) == 90
        seen |= {s for s, n in counted.items() if n}
    assert seen == set(Status)


@pytest.mark.parametrize(
    ("due", "settled", "is_overdue", "is_late"),
    [
        (DAY, None, False, False),
        (DAY - dt.timedelta(1), None, True, False),
        (None, None, False, False),
        (None, DAY, False, False),
        (DAY, DAY, False, False),
        (DAY - dt.timedelta(1), DAY, False, True),
    ],
)
def test_a_duty_past_its_date(due: dt.date | None, settled: dt.date | None, is_overdue: bool, is_late: bool) -> None:
    duty = Duty(clock="by1", due=due, settled_on=settled)
    assert (overdue(duty, DAY), late(duty)) == (is_overdue, is_late)
