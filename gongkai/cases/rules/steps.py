"""Checks on the way to an answer: receipt, correction, consultation, extension, reasons, fee, delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from gongkai.base.issues import Issue
from gongkai.cases.life import CHANNELS, CONFIRMED, REACHES, Standing, State
from gongkai.cases.rules.types import Check, Found
from gongkai.law.calendar import Calendar
from gongkai.law.fees import attainable
from gongkai.law.rulebook import book

BASES = {"pieces": "按件", "pages": "按量（页）"}


def receive(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
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


def _correct_entry(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """A slip in what was taken in is put right; what an answer was signed on stays as it was."""
    if at.state is State.DECIDED and set(data.get("fields") or ()) - set(REACHES):
        yield Issue("entry.decided", "答复已经签发，只能更正联系方式和获取方式。")


def _ask_assist(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第十一条: to agree with another organ. The time is not taken out of the period."""
    until = data.get("reply_by")
    if until is None or until <= on:
        yield Issue("assist.reply_by", "请写明请对方回复的日期，要晚于发出的日期。", "reply_by")


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


def correction_lapsed(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if at.reply_by is not None and on <= at.reply_by:
        yield Issue("correction.not_lapsed", f"补正期限到{at.reply_by}为止，期满之后才视为放弃（第三十条）。", "on")


def _served(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    served = data.get("served")
    if served is not None and served < on:
        yield Issue("consultation.served", f"送达日期{served}早于发出征求意见书的日期{on}，请核对。", "served")


def _served_later(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """The fifteen working days run from the day on which the letter was served (第三十二条、第三十四条)."""
    waiting = [n for n, c in enumerate(at.consultations) if c.served is None and c.replied is None]
    if not waiting:
        yield Issue("consultation.none", "没有等着登记送达的征求意见书。")
        return
    served, wanted = data.get("served"), data.get("of")
    wanted = waiting[0] if wanted is None else wanted
    if wanted not in waiting:
        yield Issue("consultation.none", "这一份征求意见书已经登记过送达，或者已经收到意见。", "of")
    elif served is None or served > on:
        yield Issue("consultation.served", "请填已经送达的日期，不能在今天之后。", "served")
    else:
        yield from _served(at, at.consultations[int(wanted)].asked, data, calendar)


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


def extension_most() -> int:
    """How many working days an extension may have at most, by the rule of the clock (第三十三条第二款)."""
    rule = book().find("reply")[0].extension
    assert rule is not None
    return rule.max


def _approve_extension(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十三条第二款: by the head of the 工作机构, before the period ends, at most twenty working days, once."""
    yield from _days(data)
    yield from _may_extend(at, on, calendar)


def _ask_extension(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """The clerk puts it to the head, who says yes or no."""
    yield from _days(data)
    if at.extension_asked is not None:
        yield Issue("extension.asked", f"{at.extension_asked[0]}已经请示延期，等负责人批准。")
    yield from _may_extend(at, on, calendar)


def _decline_extension(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if at.extension_asked is None:
        yield Issue("extension.asked", "没有请示过延期。")


def _days(data: Mapping[str, Any]) -> Found:
    days = data.get("days")
    most = extension_most()
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= most:
        yield Issue("extension.days", f"延长的期限为1至{most}个工作日（第三十三条第二款）。", "days")


def _may_extend(at: Standing, on: dt.date, calendar: Calendar | None) -> Found:
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
        say = "同一申请不能同时按件又按量计收（国办函〔2020〕109号第三条）" if both else "同一申请只收一次费"
        yield Issue("fee.both" if both else "fee.once", f"{at.fee_notified}已经发过收费通知，{say}。", "basis")
    amount = data.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        yield Issue("fee.amount", "没有要收的费用就不发收费通知；数额是正整数，单位元。", "amount")
    elif basis in BASES and not attainable(str(basis), amount):
        yield Issue(
            "fee.amount", f"{BASES[str(basis)]}计收得不出{amount}元，请按国办函〔2020〕109号的档次核对。", "amount"
        )
    yield from _in_time(at, on, calendar, "fee.period", "收费通知应在答复期限内作出（国办函〔2020〕109号第六条）")


def _fee_paid(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    until = at.fee_until(calendar)
    if until is not None and on > until:
        yield Issue("fee.late", f"缴费期限已于{until}届满，逾期未缴费的视为放弃申请（国办函〔2020〕109号）。", "on")


def fee_lapsed(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
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


def _deliver(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    if data.get("channel") not in CHANNELS:
        yield Issue("deliver.channel", f"请选送达方式：{'、'.join(CHANNELS.values())}。", "channel")


CHECKS: dict[str, Check] = {
    "correct_entry": _correct_entry,
    "ask_assist": _ask_assist,
    "ask_correction": _ask_correction,
    "correction_lapsed": correction_lapsed,
    "ask_third_party": _served,
    "ask_co_producer": _served,
    "third_party_replied": _replied("third_party", "第三方", "第三十二条"),
    "co_producer_replied": _replied("co_producer", "共同制作机关", "第三十四条"),
    "consultation_served": _served_later,
    "ask_reasons": _ask_reasons,
    "reasons_given": _reasons_given,
    "set_date": _set_date,
    "ask_extension": _ask_extension,
    "approve_extension": _approve_extension,
    "decline_extension": _decline_extension,
    "notify_extension": _notify_extension,
    "fee_notice": _fee_notice,
    "fee_paid": _fee_paid,
    "fee_lapsed": fee_lapsed,
    "deliver": _deliver,
}
