"""What holds of every schedule, whatever is printed and whatever happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.plans.schedule import EVERY, occurrences

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
TEMPO = ("及时", "实时更新", "定期", "第一时间", "动态调整", "当天", "常态化", "随时", "即时")
STEADY = ("长期坚持", "全年", "持续推进", "按要求", "")
EVENTS = ("发布", "批复", "项目完工", "受理", "印发后", "于本文印发", "在本方案印发后")


@st.composite
def deadlines(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A list as the reader gives it. Days run from 1: a limit of 0 days has a test of its own."""
    out: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["by_date", "within_days", "recurring", "other"]))
        if kind == "by_date":
            date = draw(st.one_of(st.none(), DAYS.map(dt.date.isoformat)))
            out.append({"raw": "6月底前", "kind": kind, "date": date})
        elif kind == "within_days":
            n, unit = draw(st.integers(1, 24)), draw(st.sampled_from(["日", "个工作日", "个月"]))
            anchor = draw(st.sampled_from(EVENTS))
            anchor = anchor if "印发" in anchor else f"自第{number}件{anchor}之日起"
            made = {"raw": f"{anchor}{n}{unit}内", "kind": kind, "anchor": anchor, "working": unit == "个工作日"}
            out.append({**made, "days": n * (30 if unit == "个月" else 1)})
        elif kind == "recurring":
            every = draw(st.sampled_from([*EVERY, "two_years", "day"]))
            out.append({"raw": "每期一次", "kind": kind, "every": every})
        else:
            out.append({"raw": draw(st.sampled_from(TEMPO + STEADY)), "kind": kind})
    return out


FACTS = {
    "given": deadlines(),
    "year": st.integers(2000, 2100),
    "issued": st.one_of(st.none(), DAYS),
    "review": st.sampled_from(["", *EVERY]),
    # One day for each deadline: two days of issue have a test of their own.
    "days": st.dictionaries(st.integers(1, 6), st.lists(DAYS, max_size=1), max_size=4),
    "text": st.sampled_from(["建立数据库", "及时公开", ""]),
}


@settings(max_examples=300, deadline=None)
@given(**FACTS)
def test_every_list_gives_an_ordered_schedule(
    given: list[dict[str, Any]],
    year: int,
    issued: dt.date | None,
    review: str,
    days: dict[int, list[dt.date]],
    text: str,
) -> None:
    made = occurrences(given, text=text, year=year, issued_on=issued, review=review, happenings=days)
    assert made, "a task always owes something"
    clocks = [o.clock for o in made]
    assert len(clocks) == len(set(clocks))
    assert max(map(len, clocks)) <= 40  # the column of the ledger
    dates = [o.due for o in made if o.due is not None]
    assert dates == sorted(dates)
    assert all(o.due is None for o in made[len(dates) :]), "waiting ones stand last"
    assert all((o.due is None) == bool(o.waits) for o in made)
    again = occurrences(given, text=text, year=year, issued_on=issued, review=review, happenings=days)
    assert made == again


@settings(max_examples=200, deadline=None)
@given(
    raws=st.lists(st.sampled_from(TEMPO), max_size=4), year=st.integers(2000, 2100), issued=st.one_of(st.none(), DAYS)
)
def test_no_date_is_invented_for_words_of_tempo(raws: list[str], year: int, issued: dt.date | None) -> None:
    given = [{"raw": raw, "kind": "other"} for raw in raws]
    made = occurrences(given, text="及时公开", year=year, issued_on=issued)
    assert [(o.clock, o.due) for o in made] == [("tempo", None)]


@settings(max_examples=200, deadline=None)
@given(**FACTS)
def test_every_date_has_a_reason(
    given: list[dict[str, Any]],
    year: int,
    issued: dt.date | None,
    review: str,
    days: dict[int, list[dt.date]],
    text: str,
) -> None:
    """Printed, the end of a period, counted from a fact, or assumed and said to be."""
    printed = {d["date"] for d in given if d["kind"] == "by_date"}
    for o in occurrences(given, text=text, year=year, issued_on=issued, review=review, happenings=days):
        if o.due is None:
            continue
        if o.clock.startswith("by"):
            assert o.due.isoformat() in printed
        elif o.clock.startswith("in"):
            number = int(o.clock[2:].partition(":")[0])
            assert o.opens in {issued, *days.get(number, [])} and o.due > o.opens
        elif o.clock == "year":
            assert o.assumed and (o.due.month, o.due.day) == (12, 31)
        else:
            assert o.clock.startswith(("r", "rv")) and o.opens is not None and o.opens < o.due


@settings(max_examples=200, deadline=None)
@given(given=deadlines(), day=DAYS, number=st.integers(1, 6), review=st.sampled_from(sorted(EVERY)))
def test_a_fact_moves_its_own_clocks_only(given: list[dict[str, Any]], day: dt.date, number: int, review: str) -> None:
    issued = dt.date(2020, 8, 21)

    def clocks(**facts: Any) -> set[str]:
        return {o.clock for o in occurrences(given, text="", year=2020, issued_on=issued, **facts)}

    base = clocks()
    told = clocks(happenings={number: [day]})
    assert base ^ told <= {f"in{number}", f"in{number}:{day}"}
    reviewed = clocks(review=review)
    assert all(c in ("tempo", "year") or c.startswith("rv:") for c in base ^ reviewed)
