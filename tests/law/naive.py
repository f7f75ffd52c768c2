"""Until when? — answered a second time, by walking one day at a time over the raw notices.

Shares no code with gongkai.law: it reads the notice files and the chinese_calendar package itself and
knows only what a person counting on a wall calendar knows. Slow on purpose.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import chinese_calendar.constants as package

DAY = dt.timedelta(days=1)
NOTICES = Path(str(importlib.resources.files("gongkai") / "law" / "holidays"))


class Days:
    """Which days work: notice files first, the package for years whose file lists no days."""

    def __init__(self, local: Path | None = None) -> None:
        listed: dict[int, dict[dt.date, bool]] = {}
        for path in NOTICES.glob("*.toml"):
            data = tomllib.loads(path.read_text("utf-8"))
            if "off" in data:
                listed[int(path.stem)] = self._read(data)
        years = {day.year for day in package.holidays}
        self.covered = years | set(listed)
        self.marks: dict[dt.date, bool] = {}
        for day in package.holidays:
            if day.year not in listed:
                self.marks[day] = False
        for day in package.workdays:
            if day.year not in listed:
                self.marks[day] = True
        for days in listed.values():
            self.marks.update(days)
        if local:
            self.marks.update(self._read(tomllib.loads(local.read_text("utf-8"))))

    @staticmethod
    def _read(data: dict) -> dict[dt.date, bool]:
        found = {}
        for span in data.get("off", []):
            day = span["first"]
            while day <= span["last"]:
                found[day] = False
                day += DAY
        for day in data.get("work", []):
            found[day] = True
        return found

    def works(self, day: dt.date) -> bool:
        if day in self.marks:
            return self.marks[day]
        return day.isoweekday() not in (6, 7)

    def known(self, day: dt.date) -> bool:
        return day.year in self.covered


@dataclass
class Consultation:
    who: str
    asked: dt.date
    served: dt.date | None = None
    answered: dt.date | None = None


@dataclass
class Request:
    """A request for information, as the facts of its reply clock."""

    received: dt.date
    corrected: dt.date | None = None
    paid: dt.date | None = None
    consultations: list[Consultation] = field(default_factory=list)
    approved: dt.date | None = None
    notified: dt.date | None = None
    extra: int = 20
    set_date: dt.date | None = None


LATE = "late"  # an extension after the period had ended
Answer = tuple[dt.date, bool] | str


def working(days: Days, start: dt.date, n: int) -> tuple[dt.date, bool]:
    """The n-th working day after start, and whether a day of an unknown year was walked over."""
    day, unknown = start, False
    while n:
        day += DAY
        unknown = unknown or not days.known(day)
        if days.works(day):
            n -= 1
    return day, unknown


def later(days: Days, start: dt.date, n: int) -> tuple[dt.date, bool]:
    """n calendar days on, then on to a day that works."""
    day = start
    for _ in range(n):
        day += DAY
    return _onward(days, day)


def months(days: Days, start: dt.date, n: int) -> tuple[dt.date, bool]:
    """n months on: the same day of the month, or the last day when the month is too short."""
    day, left = start, n
    while True:
        day += DAY
        if day.day == 1:
            left -= 1
        if left == 0 and (day.day == start.day or (day + DAY).day == 1):
            return _onward(days, day)


def before(days: Days, hearing: dt.date, n: int) -> tuple[dt.date, bool]:
    """n calendar days back, then back to a day that works."""
    day = hearing
    for _ in range(n):
        day -= DAY
    unknown = not days.known(day)
    while not days.works(day):
        day -= DAY
        unknown = unknown or not days.known(day)
    return day, unknown


def _onward(days: Days, day: dt.date) -> tuple[dt.date, bool]:
    unknown = not days.known(day)
    while not days.works(day):
        day += DAY
        unknown = unknown or not days.known(day)
    return day, unknown


def reply(days: Days, request: Request) -> Answer:
    """The last day to answer a request, walking from the last restart."""
    if request.set_date and request.approved is None:
        return request.set_date, False
    ends = []
    for c in request.consultations:
        lapse, _ = working(days, c.served or c.asked, 15)
        ends.append((c.asked, lapse if c.answered is None or c.answered > lapse else c.answered))
    start = request.received
    for restart in (request.corrected, request.paid):
        if restart and restart > start:
            start = restart
    state = [start, False]

    def walk(n: int) -> None:
        day, unknown = state
        while n:
            day += DAY
            unknown = unknown or not days.known(day)
            if days.works(day) and not any(asked < day <= end for asked, end in ends):
                n -= 1
        state[:] = [day, unknown]

    walk(20)
    if request.approved and request.approved >= start:
        for event in (request.approved, request.notified):
            if event and event > state[0]:
                return LATE
        if request.notified:
            walk(request.extra)
    if request.set_date:
        return request.set_date, False
    return state[0], state[1]
