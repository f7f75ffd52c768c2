"""Which day it is: the day in China, unless a rehearsal or a test says another."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from gongkai.base import clock
from gongkai.base.clock import now, on_day, today


@pytest.fixture(autouse=True)
def _no_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_TODAY", raising=False)


def at(monkeypatch: pytest.MonkeyPatch, instant: str) -> None:
    """Stop the clock at an instant."""
    fixed = dt.datetime.fromisoformat(instant)

    class Stopped(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return fixed.astimezone(tz)

    class Module:
        datetime, date, UTC = Stopped, dt.date, dt.UTC

    monkeypatch.setattr(clock, "dt", Module)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-01T15:59:59.999999+00:00", dt.date(2026, 3, 1)),
        ("2026-03-01T16:00:00+00:00", dt.date(2026, 3, 2)),
        ("2025-12-31T16:00:00+00:00", dt.date(2026, 1, 1)),
        ("2026-03-02T00:00:00+08:00", dt.date(2026, 3, 2)),
        ("2026-03-01T23:00:00-10:00", dt.date(2026, 3, 2)),
        # Asia/Shanghai had summer time from 1986 to 1991; it has none now.
        ("2026-07-01T16:30:00+00:00", dt.date(2026, 7, 2)),
    ],
)
def test_the_day_turns_at_midnight_in_china(monkeypatch: pytest.MonkeyPatch, instant: str, day: dt.date) -> None:
    at(monkeypatch, instant)
    assert today() == day


def test_the_day_does_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stands in another zone has China's day all the same."""
    expected = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    import time

    monkeypatch.setenv("TZ", "Pacific/Honolulu")
    time.tzset()
    try:
        assert today() in (expected, dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date())
    finally:
        monkeypatch.undo()
        time.tzset()


def test_now_is_an_instant_in_utc() -> None:
    assert now().utcoffset() == dt.timedelta(0)
    assert abs((dt.datetime.now(dt.UTC) - now()).total_seconds()) < 5


def test_on_day_holds_inside_only() -> None:
    day, other = dt.date(2019, 1, 1), dt.date(2020, 2, 29)
    before = today()
    with on_day(day):
        assert today() == day
        with on_day(other):
            assert today() == other
        assert today() == day
    assert today() in (before, before + dt.timedelta(days=1))


def test_on_day_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), on_day(dt.date(2019, 1, 1)):
        raise ZeroDivisionError
    assert today() != dt.date(2019, 1, 1)


def test_on_day_is_of_its_own_thread() -> None:
    """A rehearsal in one thread must not move the day of another."""
    seen: list[dt.date] = []
    with on_day(dt.date(2019, 1, 1)):
        thread = threading.Thread(target=lambda: seen.append(today()))
        thread.start()
        thread.join()
    assert seen and seen[0] != dt.date(2019, 1, 1)


def test_a_rehearsal_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_TODAY", "2026-12-31")
    assert today() == dt.date(2026, 12, 31)
    with on_day(dt.date(2019, 1, 1)):
        assert today() == dt.date(2019, 1, 1)
    monkeypatch.setenv("GONGKAI_TODAY", "")
    assert today() != dt.date(2026, 12, 31)


def test_a_rehearsal_moves_the_day_not_the_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is stamped with the real instant whatever day is played."""
    monkeypatch.setenv("GONGKAI_TODAY", "2019-01-01")
    assert now().year >= 2025


@pytest.mark.parametrize("told", ["2026-02-30", "明天", "2026/1/1"])
def test_a_day_that_is_none_is_not_guessed(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("GONGKAI_TODAY", told)
    with pytest.raises(ValueError, match=r"day is out of range|Invalid isoformat"):
        today()
