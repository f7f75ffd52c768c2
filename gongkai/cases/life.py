"""The life of a case: where a story of steps stands. Plain Python; states, verbs and their table are in `procedure.py`.

What happened is kept as steps and nothing else; state, clock, outcome and what is offered follow from them each time.
Articles are those of 《政府信息公开条例》 unless another law is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai.cases.procedure import (
    AMEND,
    APPLICANTS,
    CHANNELS,
    CONFIRMED,
    DISCLOSES,
    ENDED,
    LAPSED,
    REACHES,
    RESULTS,
    RUNNING,
    TABLE,
    VERBS,
    State,
)
from gongkai.law import clocks
from gongkai.law.calendar import Calendar
from gongkai.law.clocks import Due
from gongkai.law.outcomes import outcomes, remedy_code, report_row, tells_online

__all__ = [
    "AMEND", "APPLICANTS", "CHANNELS", "CONFIRMED", "DISCLOSES", "ENDED", "LAPSED", "REACHES", "RESULTS", "RUNNING", "TABLE", "VERBS",
    "Consultation", "Dispute", "Standing", "State", "Step", "play", "step",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: a verb, its day, and what it says."""

    verb: str
    on: dt.date
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consultation:
    """Somebody asked for an opinion: a third party (第三十二条) or an organ that made the information too (第三十四条)."""

    kind: str
    asked: dt.date
    served: dt.date | None
    replied: dt.date | None = None
    agrees: bool | None = None

    def lapses(self, calendar: Calendar | None = None) -> dt.date:
        """The last of the fifteen working days after it was served."""
        rule = "third_party_opinion" if self.kind == "third_party" else "co_producer_opinion"
        name = f"{self.kind}_served"
        return clocks.due(rule, {name: self.served or self.asked}, calendar).day

    def waits(self, on: dt.date, calendar: Calendar | None = None) -> bool:
        """Whether an answer may still come within its period."""
        return self.replied is None and on <= self.lapses(calendar)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A complaint, a reconsideration or a suit, with what came of it."""

    kind: str
    on: dt.date
    result: str = ""
    ended: dt.date | None = None
    first: bool = False
    """Of a suit: without a reconsideration before (未经复议直接起诉)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a story of steps stands."""

    purpose: str = "access"
    restarts: bool = True
    """Whether the period begins anew when a fee is paid: from memory and unverified, so the body's to set."""
    state: State | None = None
    submitted: dt.date | None = None
    channel: str = ""
    received: dt.date | None = None
    last: dt.date | None = None
    correction_asked: dt.date | None = None
    reply_by: dt.date | None = None
    correction_received: dt.date | None = None
    consultations: tuple[Consultation, ...] = ()
    extension_asked: tuple[dt.date, int] | None = None
    """Put to the head of the 工作机构, who has not yet said yes or no."""
    extension: tuple[dt.date, int] | None = None
    extension_notified: dt.date | None = None
    reasons_asked: dt.date | None = None
    reasons_by: dt.date | None = None
    reasons_given: dt.date | None = None
    set_date: dt.date | None = None
    fee_basis: str = ""
    fee: int | None = None
    fee_notified: dt.date | None = None
    paid: dt.date | None = None
    decided: dt.date | None = None
    outcome: str = ""
    ground: str = ""
    ended: dt.date | None = None
    delivered: dt.date | None = None
    delivered_by: str = ""
    withdrawn: bool = False
    disputes: tuple[Dispute, ...] = ()

    @property
    def begin(self) -> dt.date | None:
        """The day from which the present count runs: receipt, corrected request, or payment."""
        days = [d for d in (self.received, self.correction_received, self.paid if self.restarts else None) if d]
        return max(days, default=None)

    @property
    def facts(self) -> dict[str, Any]:
        """What the clock takes."""
        facts: dict[str, Any] = {
            "received": self.received,
            "correction_asked": self.correction_asked,
            "correction_received": self.correction_received,
            "fee_notified": self.fee_notified,
            "paid": self.paid,
            "set_date": self.set_date,
        }
        for kind in ("third_party", "co_producer"):
            for number, one in enumerate((c for c in self.consultations if c.kind == kind), 1):
                facts[f"{kind}_asked.{number}"] = one.asked
                facts[f"{kind}_served.{number}"] = one.served
                facts[f"{kind}_answered.{number}"] = one.replied
        if self.extension:
            facts["extension_approved"], facts["extension_days"] = self.extension
            facts["extension_notified"] = self.extension_notified
        return {name: day for name, day in facts.items() if day is not None}

    def due(self, calendar: Calendar | None = None) -> Due | None:
        """The last day for the answer (第三十三条); None before receipt, and for corrections of records (第四十一条),
        for which the law sets no period."""
        if self.received is None or self.purpose != "access":
            return None
        settings = None if self.restarts else {"reply.paid": False}
        return clocks.due("reply", self.facts, calendar, settings=settings)

    def correction_until(self, calendar: Calendar | None = None) -> dt.date | None:
        """The last day on which a correction may be asked for (第三十条)."""
        return clocks.due("correction_notice", {"received": self.received}, calendar).day if self.received else None

    def fee_until(self, calendar: Calendar | None = None) -> dt.date | None:
        """The last day for payment."""
        if self.fee_notified is None:
            return None
        return clocks.due("fee_payment", {"fee_notified": self.fee_notified}, calendar).day

    @property
    def running(self) -> bool:
        """Whether the answer clock runs; not for the notice that a request counts as given up: handling had ended."""
        return self.state in RUNNING and self.outcome not in LAPSED

    @property
    def row(self) -> str:
        """The row of the report's third table; empty while open, and for what is not counted."""
        if self.purpose != "access" or self.received is None or not self.outcome:
            return ""
        return report_row(self.outcome, self.ground)

    @property
    def remedy(self) -> str:
        """A, B or none: what the answer must tell, by the law on the day of the decision."""
        if not self.outcome or self.withdrawn or self.outcome in AMEND:
            return "none"
        return remedy_code(self.outcome, self.decided or self.ended or dt.date.max)

    @property
    def tells_online(self) -> bool:
        """Whether the online channel for reconsideration had to be told: delivered over the internet, by the law on the day
        of delivery (行政复议法第二十二条)."""
        day = self.delivered
        return self.remedy != "none" and self.delivered_by == "internet" and day is not None and tells_online(day)

    @property
    def told(self) -> dt.date | None:
        """The day on which the applicant had the answer, or on which the request counted as given up."""
        return self.delivered or (self.ended if self.outcome in LAPSED else None)

    def about_this(self, kind: str) -> list[Dispute]:
        """Disputes about what stands now: the answer once it has gone out; until then, that there is none (逾期不予答复)."""
        return [d for d in self.disputes if d.kind == kind and (self.told is None or d.on >= self.told)]

    def overdue(self, on: dt.date, calendar: Calendar | None = None) -> bool:
        """Whether the answer came, or is still to come, after its last day. Never stored."""
        limit = self.due(calendar)
        if limit is None:
            return False
        if self.delivered is not None:
            return self.delivered > limit.day and self.outcome not in LAPSED
        return self.running and on > limit.day


def play(steps: Iterable[Step], purpose: str = "access", restarts: bool = True) -> Standing:
    """Where a story stands. The steps are those that the rules let pass; `step` says what each changes."""
    at = Standing(purpose=purpose, restarts=restarts)
    for one in steps:
        at = step(at, one)
    return at


def step(at: Standing, one: Step) -> Standing:
    """A standing after one more step. It decides nothing: `rules.check` does, before."""
    data, on = one.data, one.on
    made = replace(at, last=max(at.last or on, on))
    if one.verb == "receive":
        channel = str(data["channel"])
        known = data.get("confirmed") if channel in CONFIRMED else on
        state = State.OPEN if known else State.SUBMITTED
        return replace(made, state=state, submitted=on, channel=channel, received=known, last=max(on, known or on))
    assert at.state is not None
    made = replace(made, state=TABLE[at.state, one.verb])
    change = _CHANGES.get(one.verb)
    return change(made, on, data) if change else made


def _consulted(at: Standing, kind: str, on: dt.date, data: Mapping[str, Any]) -> Standing:
    new = Consultation(kind, on, data.get("served"))
    return replace(at, consultations=(*at.consultations, new))


def _replied(at: Standing, kind: str, on: dt.date, data: Mapping[str, Any]) -> Standing:
    open_ = [n for n, c in enumerate(at.consultations) if c.kind == kind and c.replied is None]
    wanted = data.get("of")
    number = open_[0] if wanted is None else int(wanted)
    changed = list(at.consultations)
    changed[number] = replace(changed[number], replied=on, agrees=data.get("agrees"))
    return replace(at, consultations=tuple(changed))


def _served(at: Standing, on: dt.date, data: Mapping[str, Any]) -> Standing:
    changed = list(at.consultations)
    first = next(n for n, c in enumerate(changed) if c.served is None and c.replied is None)
    number = first if data.get("of") is None else int(data["of"])
    changed[number] = replace(changed[number], served=data["served"])
    return replace(at, consultations=tuple(changed))


_ANEW: dict[str, Any] = {"extension_asked": None, "extension": None, "extension_notified": None, "set_date": None}
"""What was granted for the count that a restart replaces goes with it (第三十条): a date set before would lie too early."""


def _corrected(at: Standing, on: dt.date, data: Mapping[str, Any]) -> Standing:
    return replace(at, correction_received=on, **_ANEW)


def _paid(at: Standing, on: dt.date, data: Mapping[str, Any]) -> Standing:
    return replace(at, paid=on, **(_ANEW if at.restarts else {}))


def _noticed(at: Standing, on: dt.date, data: Mapping[str, Any]) -> Standing:
    return replace(at, fee_notified=on, fee_basis=str(data["basis"]), fee=int(data["amount"]))


def _decided(at: Standing, on: dt.date, data: Mapping[str, Any]) -> Standing:
    return replace(
        at, decided=on, ended=at.ended or on, outcome=str(data["outcome"]), ground=str(data.get("ground") or "")
    )


def _ended(outcome: str) -> Any:
    return lambda at, on, data: replace(at, ended=on, outcome=outcome)


def _withdrawn(at: Standing, on: dt.date, data: Mapping[str, Any]) -> Standing:
    return replace(at, ended=on, outcome="other" if at.received else "", withdrawn=True)


def _disputed(at: Standing, kind: str, on: dt.date) -> Standing:
    first = kind == "sue" and not at.about_this("reconsider")
    return replace(at, disputes=(*at.disputes, Dispute(kind, on, first=first)))


def _resolved(at: Standing, kind: str, on: dt.date, data: Mapping[str, Any]) -> Standing:
    changed = list(at.disputes)
    number = next(n for n, d in enumerate(changed) if d.kind == kind and d.ended is None)
    changed[number] = replace(changed[number], result=str(data.get("result") or ""), ended=on)
    return replace(at, disputes=tuple(changed))


_CHANGES: dict[str, Any] = {
    "confirm": lambda at, on, data: replace(at, received=on),
    "ask_correction": lambda at, on, data: replace(at, correction_asked=on, reply_by=data["reply_by"]),
    "correction_received": _corrected,
    "correction_lapsed": _ended("lapsed_correction"),
    "ask_third_party": lambda at, on, data: _consulted(at, "third_party", on, data),
    "third_party_replied": lambda at, on, data: _replied(at, "third_party", on, data),
    "ask_co_producer": lambda at, on, data: _consulted(at, "co_producer", on, data),
    "co_producer_replied": lambda at, on, data: _replied(at, "co_producer", on, data),
    "consultation_served": _served,
    "ask_reasons": lambda at, on, data: replace(at, reasons_asked=on, reasons_by=data["reply_by"]),
    "reasons_given": lambda at, on, data: replace(at, reasons_given=on),
    "set_date": lambda at, on, data: replace(at, set_date=data["date"]),
    "ask_extension": lambda at, on, data: replace(at, extension_asked=(on, int(data["days"]))),
    "approve_extension": lambda at, on, data: replace(
        at, extension_asked=None, extension=(on, int(data["days"])), extension_notified=None
    ),
    "decline_extension": lambda at, on, data: replace(at, extension_asked=None),
    "notify_extension": lambda at, on, data: replace(at, extension_notified=on),
    "fee_notice": _noticed,
    "fee_paid": _paid,
    "fee_lapsed": _ended("lapsed_fee"),
    "decide": _decided,
    "deliver": lambda at, on, data: replace(at, delivered=on, delivered_by=str(data["channel"])),
    "withdraw": _withdrawn,
    "complain": lambda at, on, data: _disputed(at, "complain", on),
    "complaint_ended": lambda at, on, data: _resolved(at, "complain", on, data),
    "reconsider": lambda at, on, data: _disputed(at, "reconsider", on),
    "reconsidered": lambda at, on, data: _resolved(at, "reconsider", on, data),
    "sue": lambda at, on, data: _disputed(at, "sue", on),
    "judged": lambda at, on, data: _resolved(at, "sue", on, data),
}

assert all(code in outcomes() for code in LAPSED)
