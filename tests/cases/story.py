"""Random stories of cases, lawful and unlawful steps mixed, and what must hold of them whatever happens.

`Walk` tells one story through `rules.check` and `life.step`; `naive_due` answers until when a second time, by counting on a
wall calendar; `balanced` looks at the yearly report of a set of stories. Nothing here touches a database.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from gongkai.cases import rules
from gongkai.cases.counting import DisputeRow, RequestRow, dispute_table, request_table
from gongkai.cases.life import AMEND, APPLICANTS, CHANNELS, ENDED, TABLE, VERBS, Standing, State, Step, play, step
from gongkai.law.annual import check_disputes, check_requests
from gongkai.law.clocks import ClockError, Due
from gongkai.law.outcomes import grounds, outcomes
from tests.law.naive import Days

FIRST, LAST = dt.date(2019, 6, 3), dt.date(2027, 12, 31)
DAY = dt.timedelta(days=1)
ATTEMPTS = 16
"""Steps that a story tries; about six are taken."""


class Broken(AssertionError):
    """Something that must hold does not; the story is told."""


# -- until when, counted on a wall calendar ----------------------------------------------------------------------------


@cache
def _wall() -> tuple[frozenset[int], frozenset[int]]:
    """Rest days and days of years without a notice, by ordinal, as the notices print them."""
    days, rest, unknown = Days(), set(), set()
    day = dt.date(2019, 1, 1)
    while day.year < 2036:
        if not days.works(day):
            rest.add(day.toordinal())
        if not days.known(day):
            unknown.add(day.toordinal())
        day += DAY
    return frozenset(rest), frozenset(unknown)


def _nth(day: int, n: int) -> int:
    rest, _ = _wall()
    while n:
        day += 1
        n -= day not in rest
    return day


def naive_due(steps: Sequence[Step], purpose: str = "access") -> tuple[dt.date, bool] | None:
    """The last day for the answer and whether it is provisional, from nothing but what happened, a day at a time."""
    begin: int | None = None
    letters: list[list[Any]] = []  # kind, day asked, day served, day answered, whether the day of service is not known
    allowed, granted, told, fixed = 20, 0, 0, None
    for one in steps:
        on, data = one.on.toordinal(), one.data
        if one.verb == "receive":
            if data["channel"] in ("in_person", "mail_signed"):
                begin = on
            elif data.get("confirmed"):
                begin = data["confirmed"].toordinal()
        elif one.verb == "confirm":
            begin = on
        elif one.verb in ("correction_received", "fee_paid"):
            begin, granted, told, fixed = on, 0, 0, None
        elif one.verb in ("ask_third_party", "ask_co_producer"):
            served = data.get("served")
            letters.append([one.verb[4:], on, served.toordinal() if served else on, None, not served])
        elif one.verb in ("third_party_replied", "co_producer_replied"):
            kind = one.verb.removesuffix("_replied")
            waiting = [x for x in letters if x[0] == kind and x[3] is None]
            of = data.get("of")
            (waiting[0] if of is None else letters[of])[3] = on
        elif one.verb == "consultation_served":
            unserved = [x for x in letters if x[4] and x[3] is None]
            letter = unserved[0] if data.get("of") is None else letters[data["of"]]
            letter[2], letter[4] = data["served"].toordinal(), False
        elif one.verb == "approve_extension":
            granted = data["days"]
        elif one.verb == "notify_extension":
            told = granted
        elif one.verb == "set_date":
            fixed = data["date"]
    if begin is None or purpose != "access":
        return None
    if fixed:
        return fixed, False
    rest, unknown = _wall()
    shut: set[int] = set()
    for _, asked, served, answered, _ in letters:
        until = _nth(served, 15)
        shut.update(range(asked + 1, (until if answered is None else min(answered, until)) + 1))
    day, left, blind = begin, allowed + told, False
    while left:
        day += 1
        blind = blind or day in unknown
        if day not in rest and day not in shut:
            left -= 1
    return dt.date.fromordinal(day), blind


# -- a random story ----------------------------------------------------------------------------------------------------

BY_STATE: dict[State, tuple[str, ...]] = {s: tuple(v for t, v in TABLE if t == s) for s in State}
OFTEN = {
    "decide": 2, "deliver": 3, "fee_notice": 2, "approve_extension": 3, "ask_correction": 3, "ask_third_party": 3,
    "ask_co_producer": 2, "ask_reasons": 2, "correction_received": 4, "fee_paid": 4, "join": 0.1, "split": 0.1,
    "withdraw": 0.2, "correct_entry": 0.1, "ask_assist": 0.1, "ask_extension": 0.5, "transfer": 0.2, "complain": 0.3, "complaint_ended": 0.3, "sue": 0.5, "reconsider": 0.5,
}  # fmt: skip
"""How often a step is tried where the state knows it; 1 where nothing is said."""
EVERY = tuple(VERBS)
OUTCOMES, GROUNDS = tuple(outcomes()), tuple(grounds())
AMOUNTS = (100, 2000, 2200, 10, 700, 720, 380, 5, 0, -100, "100", True, None)


class Walk:
    """One story. `go` takes a random step, which is taken only where the rules let it; after each, what must hold is held."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.purpose = "amend" if rng.random() < 0.05 else "access"
        self.kind = rng.choice(tuple(APPLICANTS))
        self.at = Standing(purpose=self.purpose)
        self.steps: list[Step] = []
        self.refused = 0
        self.seen: set[State | None] = set()
        self.due: Due | None = None
        self.day = FIRST + rng.randrange((LAST - FIRST).days) * DAY

    def tell(self) -> str:
        """The story, for whoever has to find out what went wrong."""
        lines = [f"{s.on} {s.verb} {dict(s.data)}" for s in self.steps]
        return "\n".join([self.purpose, *lines, repr(self.at)])

    def run(self, attempts: int) -> Walk:
        """A whole story."""
        for _ in range(attempts):
            self.go()
            self.seen.add(self.at.state)
            if self.at.state in (State.ARCHIVED, State.MOVED) and self.rng.random() < 0.4:
                break
        if play(self.steps, self.purpose) != self.at:
            raise Broken(f"told again it is another case\n{self.tell()}")
        again = self.at.due()
        if (again and (again.day, again.provisional)) != (self.due and (self.due.day, self.due.provisional)):
            raise Broken(f"due again it is {again}, was {self.due}\n{self.tell()}")
        return self

    def go(self) -> None:
        """One attempt: mostly a step that the state knows, on a day that may be too early, in time or too late."""
        rng, at = self.rng, self.at
        if at.state is None:
            verb = "receive" if rng.random() < 0.9 else rng.choice(EVERY)
        elif rng.random() < 0.85 and (known := BY_STATE[at.state]):
            verb = rng.choices(known, [self._wanted(v) for v in known])[0]
        else:
            verb = rng.choice(EVERY)
        on = self._when(verb)
        data = self._data(verb, on)
        kept = dict(data)
        issues = rules.check(at, verb, on, data)
        if issues:
            self.refused += 1
            if data != kept or at is not self.at:
                raise Broken(f"a refused {verb} changed something\n{self.tell()}")
            if not all(i.rule and i.say.endswith("。") for i in issues):
                raise Broken(f"a refusal says too little: {issues}")
            return
        if at.state is not None and (at.state, verb) not in TABLE:
            raise Broken(f"{verb} was let pass\n{self.tell()}")
        taken = Step(verb, on, data)
        self.steps.append(taken)
        try:
            self.at = step(at, taken)
            self._hold(taken)
        except (Broken, ClockError, KeyError, TypeError, AssertionError) as error:
            raise Broken(f"{type(error).__name__} {error}\n{self.tell()}") from error

    def _wanted(self, verb: str) -> float:
        at = self.at
        waits = {
            "set_date": at.reasons_given and not at.set_date,
            "reasons_given": at.reasons_asked and not at.reasons_given,
            "notify_extension": at.extension and not at.extension_notified,
            "consultation_served": any(c.replied is None and c.served is None for c in at.consultations),
            "decline_extension": at.extension_asked,
            "third_party_replied": any(c.replied is None and c.kind == "third_party" for c in at.consultations),
            "co_producer_replied": any(c.replied is None and c.kind == "co_producer" for c in at.consultations),
        }
        return 6 if waits.get(verb) else 0.2 if verb in waits else OFTEN.get(verb, 1)

    def _when(self, verb: str) -> dt.date:
        rng, at = self.rng, self.at
        last = at.last or self.day
        dice = rng.random()
        if dice < 0.05:
            return last - rng.randrange(1, 9) * DAY
        limit = {
            "correction_lapsed": at.reply_by,
            "fee_lapsed": at.fee_until(),
            "fee_paid": at.fee_until(),
        }.get(verb)
        if limit is None and dice < 0.15 and (found := at.due()):
            limit = found.day
        if limit is not None and dice < 0.8:
            return max(last, limit + rng.randrange(-2, 3) * DAY)
        return last + rng.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 5, 8, 30)) * DAY

    def _data(self, verb: str, on: dt.date) -> dict[str, Any]:
        rng = self.rng
        bad = rng.random() < 0.08
        near = on + rng.randrange(-1 if bad else 0, 20) * DAY
        if verb == "receive":
            channel = "鸽子" if bad else rng.choice(tuple(CHANNELS))
            return {"channel": channel, "confirmed": rng.choice((None, near))}
        if verb in ("ask_correction", "ask_reasons"):
            return {"reply_by": None if bad else on + rng.randrange(0, 22) * DAY}
        if verb in ("ask_third_party", "ask_co_producer"):
            return {"served": rng.choice((None, on, near))}
        if verb.endswith("_replied"):
            numbers = [n for n, c in enumerate(self.at.consultations) if c.kind == verb.removesuffix("_replied")]
            of = rng.choice([None, None, *numbers])
            return {"agrees": None if bad else rng.random() < 0.5, "of": of}
        if verb == "consultation_served":
            return {
                "of": rng.choice([None, *range(len(self.at.consultations))]),
                "served": on - rng.randrange(-bad, 6) * DAY,
            }
        if verb in ("approve_extension", "ask_extension"):
            return {"days": rng.choice((0, 21, "5", None)) if bad else rng.randrange(1, 21)}
        if verb == "set_date":
            return {"date": on + rng.randrange(0, 90) * DAY}
        if verb == "fee_notice":
            basis, amount = rng.choice((("pieces", 100), ("pages", 700), ("pages", 720), ("pieces", 2200)))
            return {"basis": "both" if bad else basis, "amount": rng.choice(AMOUNTS) if bad else amount}
        if verb == "decide":
            return self._decision(bad)
        if verb == "correct_entry":
            return {"fields": rng.choice((["phone"], ["address", "way"], ["asked"]))}
        if verb == "ask_assist":
            return {"reply_by": None if bad else near}
        if verb == "deliver":
            return {"channel": "" if bad else rng.choice(tuple(CHANNELS))}
        if verb in ("reconsider", "sue"):
            return {"accepted": rng.random() < 0.3}
        if verb in ("reconsidered", "judged"):
            return {"result": "" if bad else rng.choice(("upheld", "corrected", "other"))}
        return {}

    def _decision(self, bad: bool) -> dict[str, Any]:
        rng, at = self.rng, self.at
        if self.purpose == "amend":
            return {"outcome": rng.choice((*AMEND, "disclosed")), "reason": "" if bad else "理由"}
        outcome = rng.choice(OUTCOMES)
        if at.state in (State.CORRECTION, State.FEE, State.LAPSED) and rng.random() < 0.7:
            outcome = "lapsed_fee" if at.fee_notified else "lapsed_correction"
        ground = rng.choice(GROUNDS) if outcome in ("refused", "partial") or bad else ""
        category = next(iter(grounds()[ground].categories), "") if ground else ""
        separable = outcome == "partial" if not bad else rng.choice((True, False, None))
        return {
            "outcome": outcome, "ground": ground, "category": category, "separable": separable,
            "reason": "" if bad and rng.random() < 0.5 else "理由",
        }  # fmt: skip

    # -- what must hold

    def _hold(self, taken: Step) -> None:
        at = self.at
        assert at.state is not None
        _ask(not (at.running and at.state in ENDED), "both running and ended")
        _ask(at.state is not State.OPEN or at.ended is None, "open and ended")
        _ask((at.ended is not None) == (at.state in _SETTLED), "an end without a day, or a day without an end")
        _ask(at.state is not State.SUBMITTED or at.received is None, "received and not confirmed")
        self._hold_due(taken)
        self._hold_outcome()

    def _hold_due(self, taken: Step) -> None:
        at = self.at
        was, due = self.due, at.due()
        self.due = due
        naive = naive_due(self.steps, self.purpose)
        if due is None:
            _ask(naive is None, f"no day where the wall calendar says {naive}")
            return
        _ask(naive == (due.day, due.provisional), f"the clock says {due.day}, the wall calendar {naive}")
        _ask(at.begin is not None and due.day > at.begin, "due on or before the day it runs from")
        if was is not None and taken.verb in _LONGER:
            _ask(due.day >= was.day, f"{taken.verb} made it {due.day} from {was.day}")
        if was is not None and taken.verb in ("ask_extension", "approve_extension", "decline_extension"):
            _ask(due.day == was.day, "asked or approved and not told, yet longer")
        if was is not None and taken.verb.endswith("_replied") and at.set_date is None:
            _ask(due.day <= was.day, "an answer made it longer")
        if at.consultations:
            plain = replace(at, extension=None, extension_notified=None, set_date=None)
            bare = replace(plain, consultations=()).due()
            held = plain.due()
            _ask(bare is not None and held is not None and bare.day <= held.day, "excluded days made it shorter")
        if at.extension_notified is not None and at.set_date is None:
            plain = replace(at, extension=None, extension_notified=None)
            base = plain.due()
            _ask(base is not None and at.extension is not None, "an extension of nothing")
            assert base is not None and at.extension is not None
            first, _ = naive_due([s for s in self.steps if s.verb != "notify_extension"]) or (base.day, False)
            _ask(first == base.day and base.day < due.day, "an extension that does not extend")
            _ask(1 <= at.extension[1] <= 20, "an extension of more than twenty")

    def _hold_outcome(self) -> None:
        at = self.at
        if at.outcome and at.purpose == "access" and at.received:
            known = {o.row for o in outcomes().values()} | {g.row for g in grounds().values()}
            _ask(at.row in known - {""}, f"no row {at.row}")
            _ask((at.row in _WITHHELD) == (at.outcome == "refused"), "a row of another outcome")
            _ask((at.row == "2") == (at.outcome == "partial"), "partial counts once")
            _ask(not at.withdrawn or at.row == "6.3", "withdrawn and not 6.3")
        else:
            _ask(at.row == "", "a row without an outcome")
        first = at.outcome in ("refused", "partial") and (at.decided or dt.date.min) >= dt.date(2024, 1, 1)
        none = not at.outcome or at.withdrawn or at.outcome in AMEND
        _ask(at.remedy == ("none" if none else "B" if first else "A"), f"remedy {at.remedy}")
        self._hold_late()

    def _hold_late(self) -> None:
        at, limit = self.at, self.due
        if self.rng.random() < 0.7:
            return  # two more clocks at every step would take as long as all the rest
        late = [at.overdue(d) for d in (at.last or FIRST, dt.date(2040, 1, 1))]
        _ask(late[0] <= late[1], "late and then not late")
        if limit is None or at.outcome.startswith("lapsed"):
            _ask(late == [False, False], "late without a clock")
        elif at.state in (State.OPEN, State.DECIDED):
            _ask(late == [bool(at.last and at.last > limit.day), True], "late before the day, or not after it")


_LONGER = ("ask_third_party", "ask_co_producer", "consultation_served", "notify_extension", "set_date")
_SETTLED = (State.LAPSED, State.DECIDED, State.CLOSED, State.ARCHIVED)
_WITHHELD = ("3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7")


def _ask(holds: bool, say: str) -> None:
    if not holds:
        raise Broken(say)


# -- the report of many ------------------------------------------------------------------------------------------------


def request_row(number: int, told: Walk) -> RequestRow | None:
    """What the report takes from a case; nothing of what was moved, not received, or about one's own records."""
    at = told.at
    if at.received is None or at.state is State.MOVED or at.purpose != "access":
        return None
    return number, told.kind, at.received, at.ended, at.row


def balanced(told: Sequence[Walk], years: range = range(2019, 2032)) -> Mapping[int, int]:
    """H1 to H6 over the years, and every number has so many cases behind it. Gives the results counted in each year."""
    rows = [r for n, w in enumerate(told) if (r := request_row(n, w))]
    disputes: list[DisputeRow] = [
        (n, d.kind, d.first, d.on, d.ended, d.result) for n, w in enumerate(told) for d in w.at.disputes
    ]
    before, out = None, {}
    for year in years:
        table, behind = request_table(year, rows)
        fourth, of_disputes = dispute_table(year, disputes)
        found = [*check_requests(table, before), *check_disputes(fourth)]
        _ask(not found, f"{year}: {found}")
        for row, columns in table.items():
            for column, number in columns.items():
                _ask(len(behind.get((row, column), [])) == number, f"{year} {row} {column}: cases behind")
        for block, cells in fourth.items():
            for cell, number in cells.items():
                _ask(len(of_disputes.get((block, cell), [])) == number, f"{year} {block} {cell}: cases behind")
        before, out[year] = table, table["total"]["总计"]
    ended = sum(r[3] is not None for r in rows)
    _ask(sum(out.values()) == ended, f"{ended} ended, {sum(out.values())} counted")
    return out
