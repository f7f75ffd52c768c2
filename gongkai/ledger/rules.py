"""What state a matter is in. Derived from dates, never stored."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.db.models import Q

from gongkai.ledger.models import Duty, Matter
from gongkai.orgs.rules import Thing


class Status(StrEnum):
    """The states of a matter, in the order in which they press. Who has asked for settlement waits for the office,
    and is not called overdue meanwhile."""

    ASKED = "asked"
    OVERDUE = "overdue"
    DUE = "due"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"


LABELS = {
    Status.ASKED: "待办结",
    Status.OVERDUE: "已逾期",
    Status.DUE: "临期",
    Status.RUNNING: "推进中",
    Status.WAITING: "待起算",
    Status.DONE: "已办结",
}
SOON = 14
"""Days before its date from which a duty is shown as 临期. A habit of offices, not of law."""


def status_of(matter: Matter, today: dt.date) -> Status:
    """The state of a matter on a day."""
    if not matter.todo:
        return Status.DONE
    if matter.asked_on is not None:
        return Status.ASKED
    if matter.next_due is not None and matter.next_due < today:
        return Status.OVERDUE
    if matter.next_due is not None and matter.next_due <= today + dt.timedelta(SOON):
        return Status.DUE
    if matter.next_due is None:
        return Status.WAITING
    return Status.RUNNING


def in_status(status: Status, today: dt.date) -> Q:
    """The same as a condition of the database."""
    soon = today + dt.timedelta(SOON)
    return {
        Status.DONE: Q(todo=0),
        Status.OVERDUE: Q(todo__gt=0, next_due__lt=today, asked_on=None),
        Status.ASKED: Q(todo__gt=0, asked_on__isnull=False),
        Status.DUE: Q(todo__gt=0, next_due__gte=today, next_due__lte=soon, asked_on=None),
        Status.WAITING: Q(todo__gt=0, next_due=None, asked_on=None),
        Status.RUNNING: Q(todo__gt=0, next_due__gt=soon, asked_on=None),
    }[status]


def current_since(today: dt.date) -> int:
    """The first year whose plans are still work: until March last year's are (年报, what was carried over)."""
    return today.year - (1 if today.month <= 3 else 0)


def overdue(duty: Duty, today: dt.date) -> bool:
    """Whether a duty is open past its date."""
    return duty.settled_on is None and duty.due is not None and duty.due < today


def late(duty: Duty) -> bool:
    """Whether a duty was met after its date."""
    return duty.settled_on is not None and duty.due is not None and duty.settled_on > duty.due


def of_matter(matter: Matter) -> Thing:
    """A matter as something rights are asked about."""
    return Thing(matter.body, frozenset(b.organisation for b in matter.bearers.all()))
