"""What the law allows at this moment: checks on a step before it is taken, and what is offered. No writes.

Each check yields issues with the code of its rule. Articles are those of 《政府信息公开条例》 unless another is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.base.issues import Issue
from gongkai.cases.life import LAPSED, TABLE, VERBS, Standing, State
from gongkai.cases.rules import deciding, disputes, steps
from gongkai.cases.rules.steps import BASES
from gongkai.law.calendar import Calendar

__all__ = ["BASES", "Offer", "check", "offers"]

_CHECKS = {**steps.CHECKS, "decide": deciding.decide, **disputes.CHECKS}


def check(
    at: Standing, verb: str, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None = None
) -> list[Issue]:
    """Everything that speaks against a step now; empty where it may be taken.

    `on` is the day on which it happened. First whether the state knows the step, then the order of days, then the rule.
    """
    if verb not in VERBS:
        return [Issue("verb", f"没有“{verb}”这一步。", "verb")]
    if verb == "receive":
        if at.state is not None:
            return [Issue("state", "这件申请已经登记过，不能再登记一次。")]
        return list(steps.receive(at, on, data, calendar))
    if at.state is None:
        return [Issue("state", f"还没有登记，不能办理“{VERBS[verb]}”；先登记收到的申请。")]
    if (at.state, verb) not in TABLE:
        return [Issue("state", _why_not(at, verb))]
    if at.last is not None and on < at.last:
        return [Issue("order", f"{VERBS[verb]}的日期{on}早于上一步的日期{at.last}，请核对日期先后。", "on")]
    found = _CHECKS.get(verb)
    return list(found(at, on, data, calendar)) if found else []


def _why_not(at: Standing, verb: str) -> str:
    """Why a state does not know a step, and what comes first."""
    assert at.state is not None
    name = f"办理“{VERBS[verb]}”"
    if at.state is State.SUBMITTED:
        return f"申请还没有双方确认（第三十一条），不能{name}；先与申请人确认。"
    if at.state is State.CORRECTION:
        return f"已经告知补正，等申请人补正或者补正期满，现在不能{name}。"
    if at.state is State.FEE:
        return f"已经发出收费通知，等申请人缴费或者缴费期满，现在不能{name}。"
    if at.state is State.OPEN:
        first = {"deliver": "先作出决定。", "archive": "先作出决定并送达。", "confirm": "已经登记收到。"}
        wanted = {"correction_received": "没有告知过补正", "correction_lapsed": "没有告知过补正"}
        wanted |= {"fee_paid": "没有发出收费通知", "fee_lapsed": "没有发出收费通知"}
        return f"现在不能{name}：{wanted.get(verb) or first.get(verb) or '这一步已经过去'}".rstrip("。") + "。"
    if at.state is State.DECIDED:
        return f"已经作出决定，等待送达，不能{name}；先送达。"
    return f"这件申请{at.state.label}，不能{name}。"


@dataclass(frozen=True, slots=True)
class Offer:
    """A step, whether it may be taken today, and if not why."""

    verb: str
    name: str
    why_not: str = ""

    @property
    def open(self) -> bool:
        """Whether it may be taken."""
        return not self.why_not


_PROBES: dict[str, Mapping[str, Any]] = {
    "approve_extension": {"days": 1},
    "ask_extension": {"days": 1},
    "fee_notice": {"basis": "pieces", "amount": 100},
    "deliver": {"channel": "in_person"},
    "third_party_replied": {"agrees": True},
    "reconsidered": {"result": "other"},
    "judged": {"result": "other"},
}
"""What a form will ask for: given here so that only what no form can mend speaks against an offer."""

_ASKED_LATER = {
    "consultation.served",
    "assist.reply_by",
    "correction.reply_by",
    "reasons.reply_by",
    "set_date.date",
    "decide.outcome",
}


def offers(at: Standing, on: dt.date, calendar: Calendar | None = None) -> list[Offer]:
    """Every step with whether the law allows it today, in the order of a case; what is not offered says why."""
    out = []
    for verb, name in VERBS.items():
        if verb == "receive":
            continue
        probe = _PROBES.get(verb, {})
        if verb == "decide" and at.state in (State.CORRECTION, State.FEE):
            # While these are awaited nothing can be decided but that the request lapsed, and that only after the period.
            probe = {"outcome": LAPSED[at.state is State.FEE], "reason": "…"}
        issues = [i for i in check(at, verb, on, probe, calendar) if i.rule not in _ASKED_LATER]
        out.append(Offer(verb, name, issues[0].say if issues else ""))
    return out
