"""Random cases of every kind of clock, told once to the code under test and once to the naive walk."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from gongkai.law.calendar import Calendar
from gongkai.law.clocks import ClockError, due, working_days
from tests.law import naive

COUNTY = Path(__file__).parent / "county.toml"
WORKING = {
    "correction_notice": ("received", 7),
    "proactive_publish": ("formed", 20),
    "third_party_opinion": ("third_party_served", 15),
    "fee_payment": ("fee_notified", 20),
    "procurement_result": ("determined", 2),
    "land_pre_notice_posting_min": ("posted", 10),
    "penalty_withdraw": ("penalty_changed", 3),
    "legality_review_min": ("review_submitted", 7),
    "message_complaint": ("received", 15),
}
CALENDAR_DAYS = {
    "budget_government": ("approved", 20),
    "land_compensation_posting_min": ("posted", 30),
    "suit_after_reconsideration": ("decision_received", 15),
    "petition_finish": ("accepted", 60),
    "reconsideration": ("known", 60),
}
MONTHS = {"direct_suit": ("known", 6), "message_hard_limit": ("received", 3)}
# The Regulation is in force from 15 May 2019; the notices known end with 2026.
FIRST, LAST = dt.date(2019, 5, 15), dt.date(2029, 6, 30)


class Pair:
    """Both implementations, over the national days and over a county's days."""

    def __init__(self) -> None:
        self.pairs = [(Calendar(), naive.Days()), (Calendar.load(COUNTY), naive.Days(COUNTY))]

    def check(self, rng: random.Random) -> tuple[str, object, object, object]:
        """One random case: what it was, the facts, and the two answers."""
        calendar, days = self.pairs[rng.random() < 0.3]
        kind = rng.choices(("reply", "wd", "d", "m", "before", "count"), (70, 10, 8, 4, 3, 5))[0]
        day = _day(rng)
        expected: naive.Answer
        if kind == "reply":
            request, facts = request_case(rng, day)
            return kind, facts, _ours("reply", facts, calendar), naive.reply(days, request)
        if kind == "count":
            n = rng.randint(1, 260)
            found = working_days(n, day, calendar)
            return kind, (day, n), (found.day, found.provisional), naive.working(days, day, n)
        if kind == "before":
            facts = {"hearing": day}
            rule, expected = "hearing_materials_before", naive.before(days, day, 7)
            if day < dt.date(2019, 9, 1):
                facts["hearing"] = day = dt.date(2019, 9, 2)
                expected = naive.before(days, day, 7)
        else:
            table, count = {
                "wd": (WORKING, naive.working),
                "d": (CALENDAR_DAYS, naive.later),
                "m": (MONTHS, naive.months),
            }[kind]
            rule = rng.choice(sorted(table))
            fact, n = table[rule]
            facts, expected = {fact: day}, count(days, day, n)
            if rule == "legality_review_min" and day < dt.date(2019, 9, 1):
                facts = {fact: dt.date(2019, 9, 1)}
                expected = count(days, dt.date(2019, 9, 1), n)
        return rule, facts, _ours(rule, facts, calendar), expected


def _ours(rule: str, facts: dict, calendar: Calendar) -> naive.Answer:
    try:
        found = due(rule, facts, calendar)
    except ClockError as error:
        # The only refusal that a random case may meet; anything else shows as a difference.
        return naive.LATE if "晚于原期限最后一日" in str(error) else f"error: {error}"
    return found.day, found.provisional


def _day(rng: random.Random) -> dt.date:
    return FIRST + dt.timedelta(rng.randrange((LAST - FIRST).days))


def request_case(rng: random.Random, received: dt.date) -> tuple[naive.Request, dict]:
    """A random request for information, and the same as facts for `due`."""

    def after(day: dt.date, most: int) -> dt.date:
        return day + dt.timedelta(rng.randint(0, most))

    request = naive.Request(received)
    facts: dict[str, object] = {}
    channel = rng.choice((None, None, "当面", "mail_signed", "平信", "互联网", "fax"))
    if channel is None:
        facts["收到日期" if rng.random() < 0.2 else "received"] = received
    else:
        facts["channel"] = channel
        fact = {"当面": "submitted", "mail_signed": "signed"}.get(channel, "confirmed")
        facts[fact] = received.isoformat()
    if rng.random() < 0.4:
        asked = after(received, 14)
        facts["correction_asked"] = asked
        if rng.random() < 0.8:
            request.corrected = facts["correction_received"] = after(asked, 30)
    if rng.random() < 0.1:
        facts["fee_notified"] = notified = after(received, 30)
        if rng.random() < 0.7:
            request.paid = facts["paid"] = after(notified, 30)
    for who in ("third_party", "co_producer"):
        columns: dict[str, list] = {"asked": [], "served": [], "answered": []}
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            c = naive.Consultation(who, after(received, 45))
            if rng.random() < 0.6:
                c.served = after(c.asked, 10)
            if rng.random() < 0.7:
                c.answered = after(c.served or c.asked, 35)
            request.consultations.append(c)
            for column, value in (("asked", c.asked), ("served", c.served), ("answered", c.answered)):
                columns[column].append(value)
        for column, values in columns.items():
            if rng.random() < 0.5:
                facts[f"{who}_{column}"] = values
            else:
                facts |= {f"{who}_{column}.{i}": v for i, v in enumerate(values, 1)}
    if rng.random() < 0.4:
        request.approved = facts["extension_approved"] = after(received, 60)
        if rng.random() < 0.9:
            request.notified = facts["extension_notified"] = after(request.approved, 3)
        if rng.random() < 0.5:
            request.extra = facts["extension_days"] = rng.randint(1, 20)
    if rng.random() < 0.03:
        request.set_date = facts["set_date"] = after(received, 200)
    return request, facts
