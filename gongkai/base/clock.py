"""Which day it is. Rules take dates; the edge converts once, in Asia/Shanghai."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_day: ContextVar[dt.date | None] = ContextVar("gongkai_day", default=None)


def now() -> dt.datetime:
    """This instant, in UTC: what the log is stamped with."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day in China; another when `on_day` holds, or when GONGKAI_TODAY (YYYY-MM-DD) is set for a rehearsal."""
    held = _day.get()
    if held is not None:
        return held
    told = os.environ.get("GONGKAI_TODAY")
    if told:
        return dt.date.fromisoformat(told)
    return dt.datetime.now(ZONE).date()


def moment() -> dt.datetime:
    """This time of day on `today()`: the moment that pages show. The log keeps the true one, see `now`."""
    day, true = today(), now().astimezone(ZONE)
    return true if true.date() == day else true.replace(year=day.year, month=day.month, day=day.day)


@contextmanager
def on_day(day: dt.date) -> Iterator[None]:
    """Play what is inside as if it were `day`: for the sample county and for tests."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
