"""What the law allows at this moment: checks on a step before it is taken, and what is offered. No writes.

Each check yields issues with the code of its rule. Articles are those of 《政府信息公开条例》 unless another is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.base.issues import Issue
from gongkai.cases.life import (
    AMEND,
    CHANNELS,
    CONFIRMED,
    DISCLOSES,
    LAPSED,
    RESULTS,
    TABLE,
    VERBS,
    Consultation,
    Standing,
    State,
)
from gongkai.law import clocks
from gongkai.law.calendar import Calendar
from gongkai.law.fees import attainable
from gongkai.law.outcomes import field_name, grounds, must, outcomes

Found = Iterator[Issue]
Check = Callable[[Standing, dt.date, Mapping[str, Any], Calendar | None], Found]

BASES = {"pieces": "按件", "pages": "按量（页）"}
EXTENSION_MOST = 20
"""Working days (第三十三条第二款); the rule of the clock holds the same number, and a test compares them."""


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
        return list(_receive(at, on, data, calendar))
    if at.state is None:
        return [Issue("state", f"还没有登记，不能{VERBS[verb]}；先登记收到的申请。")]
    if (at.state, verb) not in TABLE:
        return [Issue("state", _why_not(at, verb))]
    if at.last is not None and on < at.last:
        return [Issue("order", f"{VERBS[verb]}的日期{on}早于上一步的日期{at.last}，请核对日期先后。", "on")]
    found = _CHECKS.get(verb)
    return list(found(at, on, data, calendar)) if found else []


def _why_not(at: Standing, verb: str) -> str:
    """Why a state does not know a step, and what comes first."""
    assert at.state is not None
    name = VERBS[verb]
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


def _receive(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十一条: the day of receipt follows the channel."""
    channel = data.get("channel")
    if channel not in CHANNELS:
        yield Issue("receive.channel", f"请选提交渠道：{'、'.join(CHANNELS.values())}（第三十一条）。", "channel")
        return
    known = data.get("confirmed")
    if channel in CONFIRMED and known is not None and known < on:
        yield Issue(
            "receive.confirmed", f"双方确认的日期{known}早于提交的日期{on}，请核对（第三十一条）。", "confirmed"
        )


def _ask_correction(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十条: once, within seven working days of receipt, with a reasonable period."""
    if at.correction_asked is not None:
        yield Issue("correction.once", f"{at.correction_asked}已经告知过补正，补正只能一次性告知（第三十条）。")
    until = at.correction_until(calendar)
    if until is not None and on > until:
        yield Issue("correction.period", f"补正应在收到申请之日起7个工作日内告知，最晚{until}（第三十条）。", "on")
    until = data.get("reply_by")
    if until is None or until <= on:
        yield Issue("correction.reply_by", "请写明合理的补正期限，要晚于告知的日期（第三十条）。", "reply_by")


def _correction_lapsed(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if at.reply_by is not None and on <= at.reply_by:
        yield Issue("correction.not_lapsed", f"补正期限到{at.reply_by}为止，期满之后才视为放弃（第三十条）。", "on")


def _served(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    served = data.get("served")
    if served is not None and served < on:
        yield Issue("consultation.served", f"送达日期{served}早于发出征求意见书的日期{on}，请核对。", "served")


def _replied(kind: str, name: str, article: str) -> Check:
    def look(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
        waiting = [n for n, c in enumerate(at.consultations) if c.kind == kind and c.replied is None]
        if not waiting:
            yield Issue("consultation.none", f"没有等待答复的{name}意见；先书面征求意见（{article}）。")
            return
        wanted = data.get("of")
        if wanted is not None and int(wanted) not in waiting:
            yield Issue("consultation.none", f"这一次征求的意见已经收到答复（{article}）。", "of")
            return
        asked = at.consultations[waiting[0] if wanted is None else int(wanted)]
        if on < (asked.served or asked.asked):
            yield Issue("order", f"收到意见的日期{on}早于送达征求意见书的日期{asked.served or asked.asked}。", "on")
        if kind == "third_party" and not isinstance(data.get("agrees"), bool):
            yield Issue("consultation.agrees", "请记明第三方同意还是不同意公开（第三十二条）。", "agrees")

    return look


def _approve_extension(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十三条第二款: by the head of the 工作机构, before the period ends, at most twenty working days, once."""
    days = data.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= EXTENSION_MOST:
        yield Issue("extension.days", "延长的期限为1至20个工作日（第三十三条第二款）。", "days")
    if at.extension is not None:
        yield Issue("extension.once", f"{at.extension[0]}已经批准过延期，只能延长一次（第三十三条第二款）。")
    yield from _in_time(
        at, on, calendar, "extension.period", "延期应在答复期限届满前批准并告知申请人（第三十三条第二款）"
    )
    if at.set_date is not None:
        yield Issue("extension.set_date", f"已经确定{at.set_date}前答复（第三十五条），不再延期。")


def _notify_extension(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if at.extension is None:
        yield Issue("extension.approval", "告知延期之前，要经政府信息公开工作机构负责人批准（第三十三条第二款）。")
        return
    if at.extension_notified is not None:
        yield Issue("extension.once", f"{at.extension_notified}已经告知过延期（第三十三条第二款）。")
        return
    if at.set_date is not None:
        # The clock asks that an extension be told within the first period, which the set date has replaced.
        yield Issue("extension.set_date", f"已经确定{at.set_date}前答复（第三十五条），不再告知延期。")
        return
    yield from _in_time(at, on, calendar, "extension.period", "延期应在原答复期限届满前告知申请人（第三十三条第二款）")


def _in_time(at: Standing, on: dt.date, calendar: Calendar | None, rule: str, say: str) -> Found:
    limit = at.due(calendar)
    if limit is not None and on > limit.day:
        yield Issue(rule, f"{say}，期限已于{limit.day}届满。", "on")
    if limit is None:
        yield Issue(rule, "更正申请没有法定答复期限（第四十一条），用不着这一步。")


def _fee_notice(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """国办函〔2020〕109号: within the answer period, by piece or by page, never both."""
    basis = data.get("basis")
    if basis not in BASES:
        yield Issue("fee.basis", "请选按件还是按量计收（国办函〔2020〕109号第三条）。", "basis")
    if at.fee_notified is not None:
        both = basis in BASES and basis != at.fee_basis
        say = "同一申请不能同时按件又按量计收" if both else "同一申请只收一次费"
        yield Issue(
            "fee.both" if both else "fee.once", f"{at.fee_notified}已经发过收费通知，{say}（第三条）。", "basis"
        )
    amount = data.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        yield Issue("fee.amount", "没有要收的费用就不发收费通知；数额是正整数，单位元。", "amount")
    elif basis in BASES and not attainable(str(basis), amount):
        yield Issue(
            "fee.amount", f"{BASES[str(basis)]}计收得不出{amount}元，请按国办函〔2020〕109号的档次核对。", "amount"
        )
    yield from _in_time(at, on, calendar, "fee.period", "收费通知应在答复期限内作出（国办函〔2020〕109号第六条）")


def _fee_lapsed(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    until = at.fee_until(calendar)
    if until is not None and on <= until:
        yield Issue("fee.not_lapsed", f"缴费期限到{until}为止，期满之后才视为放弃（国办函〔2020〕109号）。", "on")


def _ask_reasons(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十五条: number or frequency plainly beyond what is reasonable."""
    if at.reasons_asked is not None:
        yield Issue("reasons.once", f"{at.reasons_asked}已经要求说明理由（第三十五条）。")
    until = data.get("reply_by")
    if until is None or until <= on:
        yield Issue("reasons.reply_by", "请写明说明理由的期限，要晚于要求的日期（第三十五条）。", "reply_by")


def _reasons_given(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if at.reasons_asked is None:
        yield Issue("reasons.none", "没有要求过说明理由（第三十五条）。")
    elif at.reasons_given is not None:
        yield Issue("reasons.once", f"{at.reasons_given}已经收到说明的理由。")


def _set_date(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十五条: the reasons hold, but the period cannot be kept: a reasonable date is set and told."""
    if at.reasons_given is None:
        yield Issue("set_date.reasons", "申请人说明理由、认定理由合理之后，才能确定延迟答复的期限（第三十五条）。")
    if at.set_date is not None:
        yield Issue("set_date.once", f"已经确定{at.set_date}前答复。")
    day = data.get("date")
    limit = at.due(calendar)
    if day is None or limit is None or day <= limit.day:
        yield Issue("set_date.date", "延迟答复的日期要晚于原答复期限（第三十五条）。", "date")
    yield from _in_time(at, on, calendar, "set_date.period", "延迟答复应在原答复期限届满前告知（第三十五条）")


def _decide(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十六条至第三十九条, in the order of the triage."""
    outcome, ground = data.get("outcome") or "", data.get("ground") or ""
    if at.purpose == "amend":
        if outcome not in AMEND:
            yield Issue("decide.outcome", f"更正申请的结果是：{'、'.join(AMEND.values())}（第四十一条）。", "outcome")
        elif not _text(data, "reason"):
            yield Issue("decide.must", "请填写理由。", "reason")
        if at.state is not State.OPEN:
            yield Issue("state", f"{at.state.label if at.state else ''}，现在不能这样答复。", "outcome")
        return
    if outcome not in outcomes():
        yield Issue("decide.outcome", "请选答复结果（第三十六条至第三十九条）。", "outcome")
        return
    yield from _lapse(at, outcome, on, calendar)
    found = outcomes()[outcome]
    if found.after_correction and at.correction_received is None:
        yield Issue("decide.after_correction", "补正之后仍不明确才能这样答复；没有收到过补正（第三十条）。", "outcome")
    if found.withholds:
        yield from _withholding(outcome, ground, data)
        if ground in grounds() and grounds()[ground].asks_third_party:
            yield from _third_party_first(at)
    if found.withholds or outcome in DISCLOSES:
        yield from _no_waiting(at, on, calendar)
    if outcome == "disclosed" and _objected(at) and not _text(data, "public_interest"):
        say = "第三方不同意公开；要公开，请写明不公开会对公共利益造成的重大影响（第三十二条）。"
        yield Issue("third_party.objects", say, "public_interest")
    for code in must(outcome, ground):
        said = data.get("category") if code == "category" else None  # it has a field of its own besides the texts
        if code not in ("ground", "separable") and not said and not _text(data, code):
            yield Issue("decide.must", f"请填写“{field_name(code)}”（{found.basis}）。", code)
    category = data.get("category")
    if category and ground in grounds() and category not in grounds()[ground].categories:
        yield Issue("decide.category", f"请在{'、'.join(grounds()[ground].categories)}里选一类。", "category")


def _lapse(at: Standing, outcome: str, on: dt.date, calendar: Calendar | None) -> Found:
    """视为放弃 only after its own notice and period, and nothing else while one of these is awaited."""
    wanted = {State.CORRECTION: LAPSED[0], State.FEE: LAPSED[1]}.get(at.state or State.OPEN)
    if at.state is State.LAPSED:
        wanted = at.outcome
    if wanted is not None and outcome != wanted:
        yield Issue("state", f"{at.state.label if at.state else ''}，现在不能这样答复。", "outcome")
    elif wanted is None and outcome in LAPSED:
        yield Issue(
            "decide.lapse", f"没有告知过{'补正' if outcome == LAPSED[0] else '收费'}，不能视为放弃。", "outcome"
        )
    elif at.state is State.CORRECTION:
        yield from _correction_lapsed(at, on, {}, calendar)
    elif at.state is State.FEE:
        yield from _fee_lapsed(at, on, {}, calendar)


def _withholding(outcome: str, ground: str, data: Mapping[str, Any]) -> Found:
    """第十四条至第十六条、第三十七条: the article, and whether it can be separated."""
    if ground not in grounds():
        names = "、".join(g.name for g in grounds().values())
        yield Issue("decide.ground", f"请选不予公开的依据：{names}（第十四条至第十六条）。", "ground")
    separable = data.get("separable")
    if not isinstance(separable, bool):
        yield Issue("decide.separable", "请回答能不能区分处理（第三十七条）。", "separable")
    elif outcome == "refused" and separable:
        yield Issue(
            "decide.separable", "能够区分处理的，应当提供可以公开的部分，请选“部分公开”（第三十七条）。", "separable"
        )
    elif outcome == "partial" and not separable:
        yield Issue("decide.separable", "部分公开的前提是能够区分处理（第三十七条）。", "separable")


def _third_party_first(at: Standing) -> Found:
    """第三十二条: Article 15 only after the third party was asked, and not against its consent."""
    asked = [c for c in at.consultations if c.kind == "third_party"]
    if not asked:
        yield Issue("third_party.ask", "依第十五条不予公开之前，要书面征求第三方意见（第三十二条）。", "ground")
    elif all(c.agrees for c in asked):
        yield Issue("third_party.agreed", "第三方同意公开，不能再依第十五条不予公开。", "ground")


def _no_waiting(at: Standing, on: dt.date, calendar: Calendar | None) -> Found:
    """第三十二条、第三十四条: who was asked may answer within fifteen working days of being served."""
    for one in at.consultations:
        if one.waits(on, calendar):
            who = "第三方" if one.kind == "third_party" else "共同制作机关"
            article = "第三十二条" if one.kind == "third_party" else "第三十四条"
            until = one.lapses(calendar)
            yield Issue(f"{one.kind}.waiting", f"{who}可以在{until}之前提出意见，收到意见或者期满再决定（{article}）。")


def _objected(at: Standing) -> bool:
    return any(c.kind == "third_party" and c.agrees is False for c in at.consultations)


def _text(data: Mapping[str, Any], code: str) -> str:
    """A text of an answer: its own, or the reason where a play gives one for all."""
    texts = data.get("texts") or {}
    return str(texts.get(code) or (data.get("reason") if not texts else "") or "").strip()


def _deliver(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if data.get("channel") not in CHANNELS:
        yield Issue("deliver.channel", f"请选送达方式：{'、'.join(CHANNELS.values())}。", "channel")


def _dispute(at: Standing, on: dt.date, verb: str, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    kind = "行政复议" if verb == "reconsider" else "行政诉讼"
    if any(d.kind == verb and d.ended is None for d in at.disputes):
        yield Issue("dispute.open", f"已经有一件没有办结的{kind}。")
    if at.withdrawn:
        yield Issue("dispute.ripe", f"申请已经撤回，没有可以申请{kind}的行为。")
        return
    told = at.delivered or (at.ended if at.outcome in LAPSED else None)
    if told is None:
        limit = at.due(calendar)
        if not (limit is not None and at.running and on > limit.day):
            yield Issue(
                "dispute.ripe",
                f"还没有送达答复，也没有逾期，不能申请{kind}（行政复议法第二十条、行政诉讼法第四十六条）。",
            )
        return
    if data.get("accepted"):
        return  # the organ or the court took it in; whether it was late is theirs to say
    yield from _dispute_period(at, on, verb, told, calendar)


def _dispute_period(at: Standing, on: dt.date, verb: str, told: dt.date, calendar: Calendar | None) -> Found:
    if verb == "reconsider":
        until = clocks.due("reconsideration", {"known": told}, calendar).day
        if on > until:
            yield Issue("reconsider.period", f"申请行政复议的期限到{until}为止；复议机关已经受理的，请注明。", "on")
        return
    before = [d for d in at.disputes if d.kind == "reconsider"]
    if at.remedy == "B" and not before:
        say = "不予公开的决定应当先申请行政复议（行政复议法第二十三条）；法院已经受理的，请注明。"
        yield Issue("remedy.first", say)
        return
    ended = [d.ended for d in before if d.ended]
    if ended:
        until = clocks.due("suit_after_reconsideration", {"decision_received": max(ended)}, calendar).day
    elif before:
        return  # when the organ that reconsiders decided is not known here
    else:
        until = clocks.due("direct_suit", {"known": told}, calendar).day
    if on > until:
        yield Issue(
            "sue.period", f"起诉的期限到{until}为止（行政诉讼法第四十五条、第四十六条）；法院已经受理的，请注明。", "on"
        )


def _result(kind: str, name: str) -> Check:
    def look(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
        if not any(d.kind == kind and d.ended is None for d in at.disputes):
            yield Issue("dispute.none", f"没有等待结果的{name}。")
        if kind != "complain" and data.get("result") not in RESULTS:
            yield Issue("dispute.result", f"请选结果：{'、'.join(RESULTS.values())}。", "result")

    return look


_CHECKS: dict[str, Check] = {
    "ask_correction": _ask_correction,
    "correction_lapsed": _correction_lapsed,
    "ask_third_party": _served,
    "ask_co_producer": _served,
    "third_party_replied": _replied("third_party", "第三方", "第三十二条"),
    "co_producer_replied": _replied("co_producer", "共同制作机关", "第三十四条"),
    "ask_reasons": _ask_reasons,
    "reasons_given": _reasons_given,
    "set_date": _set_date,
    "approve_extension": _approve_extension,
    "notify_extension": _notify_extension,
    "fee_notice": _fee_notice,
    "fee_lapsed": _fee_lapsed,
    "decide": _decide,
    "deliver": _deliver,
    "reconsider": lambda at, on, data, calendar: _dispute(at, on, "reconsider", data, calendar),
    "sue": lambda at, on, data, calendar: _dispute(at, on, "sue", data, calendar),
    "complaint_ended": _result("complain", "投诉举报"),
    "reconsidered": _result("reconsider", "行政复议"),
    "judged": _result("sue", "行政诉讼"),
}


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
    "fee_notice": {"basis": "pieces", "amount": 100},
    "deliver": {"channel": "in_person"},
    "third_party_replied": {"agrees": True},
    "reconsidered": {"result": "other"},
    "judged": {"result": "other"},
}
"""What a form will ask for: given here so that only what no form can mend speaks against an offer."""

_ASKED_LATER = {"correction.reply_by", "reasons.reply_by", "set_date.date", "decide.outcome"}


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


def consultation_name(one: Consultation) -> str:
    """第三方 or 共同制作机关."""
    return "第三方" if one.kind == "third_party" else "共同制作机关"
