"""Facts as people and programs write them, made into dates under one set of names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.law.calendar import FIRST_YEAR, LAST_YEAR
from gongkai.law.errors import ClockError, shown
from gongkai.law.rulebook import CHANNEL_ALIASES, CHANNELS, Fact, Rule, RuleBook

_SHANGHAI = dt.timezone(dt.timedelta(hours=8))
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")

Values = dict[str, list[Any]]
"""Facts by name; repeatable ones may hold None where a place in the order is empty."""


def read_day(value: object, label: str) -> dt.date:
    """A date from a date, a datetime or text such as 2026-09-21, 2026/9/21, 2026年9月21日.

    An aware datetime counts as its day in China. Raises ClockError when it is not a date.
    """
    day = _as_day(value)
    if day is None:
        raise ClockError(f"“{label}”的值“{shown(value)}”不是日期，请写成 2026-09-21 这样的年-月-日。")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ClockError(f"“{label}”的值“{shown(value)}”须在{FIRST_YEAR}年至{LAST_YEAR}年之间，请检查年份。")
    return day


def read_moment(value: object, label: str) -> dt.datetime:
    """A moment from a datetime or ISO text with hours; a zone, if any, is kept."""
    moment: dt.datetime | None = None
    if isinstance(value, dt.datetime):
        moment = value
    elif isinstance(value, str) and re.search(r"\d[T\s]+\d", value.strip()):
        try:
            moment = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            moment = None
    if moment is None:
        raise ClockError(f"“{label}”的值“{shown(value)}”须写明时分，请写成 2026-11-23T08:30 这样。")
    read_day(moment, label)
    return moment


def read(rule: Rule, book: RuleBook, facts: Mapping[str, object]) -> Values:
    """All facts given, under their own names and as dates (or channel, count, year, moment).

    Keys may be names, Chinese labels or aliases, with `.2` for the second of a repeatable fact; values
    may be single or in a list. None and empty text mean “not yet”. Raises ClockError for a fact the
    rule does not take, a value that cannot be read, or two values for a fact that happens once.
    """
    if not isinstance(facts, Mapping):
        raise ClockError(f"计算{rule.name}的事实须按“名称=日期”给出。")
    values: Values = {}
    numbered: list[tuple[str, int, object, str]] = []
    for key, given in facts.items():
        name, place = _name(rule, book, str(key))
        fact = rule.fact(name)
        items = list(given) if isinstance(given, Sequence) and not isinstance(given, str | bytes) else [given]
        if place is not None:
            for item in items:
                numbered.append((name, place, _value(fact, item), str(key)))
            continue
        read_items = [_value(fact, item) for item in items]
        if fact.repeatable:
            values.setdefault(name, []).extend(read_items)
            continue
        present = [item for item in read_items if item is not None]
        if not present:
            continue
        if any(item != present[0] for item in present + values.get(name, [])):
            raise ClockError(f"{rule.name}的“{fact.label}”（{name}）只能有一个，却给出了多个不同的值，请只保留一个。")
        values[name] = present[:1]
    for name, place, value, key in numbered:
        slots = values.setdefault(name, [])
        slots.extend([None] * (place - len(slots)))
        if slots[place - 1] is not None and slots[place - 1] != value:
            raise ClockError(f"{rule.name}的“{shown(key)}”与同一次序的另一个值冲突，请只保留一个。")
        slots[place - 1] = value
    return {name: found for name, found in values.items() if any(v is not None for v in found)}


def _as_day(value: object) -> dt.date | None:
    if isinstance(value, str):
        text = value.strip()
        match = _DAY.fullmatch(text)
        if match:
            return _made(*map(int, match.groups()))
        try:
            value = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        try:
            return (value.astimezone(_SHANGHAI) if value.tzinfo else value).date()
        except OverflowError:
            return None
    return value if isinstance(value, dt.date) else None


def _made(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _name(rule: Rule, book: RuleBook, key: str) -> tuple[str, int | None]:
    stem, place = key.strip(), None
    head, dot, tail = stem.rpartition(".")
    if dot and tail.isdecimal():
        stem, place = head, int(tail)
    own = {fact.name for fact in rule.facts}
    name = (rule.fact_aliases or {}).get(stem) or book.fact_names.get(stem, stem)
    if name not in own and stem in ("start", "起算日", "起算日期"):
        name = rule.start[0]
    if name not in own:
        known = "、".join(f"{fact.label}（{fact.name}）" for fact in rule.facts)
        raise ClockError(f"{rule.name}不使用事实“{shown(stem)}”，可用的有：{known}。")
    if place is not None:
        if not rule.fact(name).repeatable and place != 1:
            raise ClockError(
                f"{rule.name}的“{rule.fact(name).label}”（{name}）只能有一个，不能写“{shown(key)}”，请去掉序号。"
            )
        if not 1 <= place <= 999:
            raise ClockError(f"事实“{shown(key)}”的序号须在1至999之间，请改正。")
        if not rule.fact(name).repeatable:
            place = None
    return name, place


def _value(fact: Fact, value: object) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if fact.type == "day":
        return read_day(value, fact.label)
    if fact.type == "moment":
        return read_moment(value, fact.label)
    if fact.type == "channel":
        text = str(value).strip()
        code = CHANNEL_ALIASES.get(text, text)
        if code not in CHANNELS:
            raise ClockError(f"不认识渠道“{shown(value)}”，请用当面、挂号、快递、平信、互联网或传真。")
        return code
    given = value.year if isinstance(value, dt.date) and fact.type == "year" else value
    text = str(given).strip().removesuffix("年")
    if isinstance(value, bool) or not text.isdecimal() or len(text) > 9:
        what = "年份，请写成 2025 这样" if fact.type == "year" else "天数，请写成 20 这样的正整数"
        raise ClockError(f"“{fact.label}”的值“{shown(value)}”不是{what}。")
    number = int(text)
    if fact.type == "year" and not FIRST_YEAR <= number < LAST_YEAR:
        raise ClockError(f"“{fact.label}”的值“{shown(value)}”须在{FIRST_YEAR}至{LAST_YEAR - 1}之间，请检查。")
    return number
