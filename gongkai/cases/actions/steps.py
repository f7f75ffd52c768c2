"""Steps on the way to an answer: correction, consultation, extension, reasons, fee, withdrawal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from gongkai.base.actions import Actor, record_event
from gongkai.base.issues import refuse
from gongkai.cases.actions.common import locked, right_of, setup_of, standing, take
from gongkai.cases.actions.intake import tell
from gongkai.cases.actions.letters import issue
from gongkai.cases.life import ENDED
from gongkai.cases.models import UNDER_WAY, Answer, Case, Stage, Step
from gongkai.law.fees import Fee, by_page, by_piece, count_of
from gongkai.orgs.rules import Viewer

FEE_RULE = "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"
PAY_HOW = "凭非税收入缴款码缴入同级国库，取得财政票据"
"""How a fee is paid where the office set nothing: it is general revenue and goes to the treasury."""


def _one(
    case: int,
    verb: str,
    actor: Viewer,
    on: dt.date,
    data: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
) -> tuple[Case, Step]:
    held = locked(case, actor, right_of(verb))
    return held, take(held, verb, on, data or {}, actor=actor, told=told)


def assign(case: int, organisation: int, *, actor: Viewer, on: dt.date, note: str = "") -> Case:
    """Give a case to the section or unit that holds the information."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        if held.state in ENDED:
            raise refuse("assign.ended", f"这件申请{held.get_state_display()}，不用再交办。")
        if organisation not in actor.tree or organisation not in actor.tree.subtree(held.body_id):
            raise refuse("assign.organisation", "请选本机关的内设机构或者所属单位。", "organisation")
        held.handler_id = organisation
        held.save(update_fields=["handler"])
        payload = {"to": organisation}
        record_event("assign", "case", str(case), actor=actor, on=on, reason=note.strip(), payload=payload)
    return held


def ask_correction(case: int, points: Sequence[str], reply_by: dt.date | None, *, actor: Viewer, on: dt.date) -> Step:
    """Tell once, within seven working days, everything that is to be corrected, and by when (第三十条)."""
    wanted = [p.strip() for p in points if p.strip()]
    if not wanted:
        raise refuse("correction.points", "请写明需要补正的事项，一次写全（第三十条）。", "points")
    with transaction.atomic():
        held, step = _one(case, "ask_correction", actor, on, {"reply_by": reply_by}, {"points": wanted})
        issue(held, "correction", step, points=wanted, reply_by=reply_by)
        tell(held, "correction", f"需要补正，请在{reply_by}之前补正")
    return step


def correction_received(case: int, *, actor: Viewer, on: dt.date, asked: str = "") -> Step:
    """The corrected request came; the period begins anew, this day not counted (第三十条)."""
    with transaction.atomic():
        return take_correction(locked(case, actor, right_of("correction_received")), asked.strip(), asked, actor, on)


def take_correction(case: Case, asked: str, said: str, actor: Actor, on: dt.date) -> Step:
    """The step of a locked case, whoever takes it: `asked` is what is asked for from now on, empty where nothing changed.

    What stood there before stays in the account: what was asked at first may matter in a dispute.
    """
    told = {"before": case.asked if asked else "", "asked": said.strip()}
    step = take(case, "correction_received", on, {}, actor=actor, told=told)
    if asked:
        case.asked = asked
        case.save(update_fields=["asked"])
    return step


def correction_lapsed(case: int, *, actor: Viewer, on: dt.date) -> Step:
    """Not corrected in time without good reason: the request counts as given up (第三十条)."""
    with transaction.atomic():
        held, step = _one(case, "correction_lapsed", actor, on)
        at = standing(held)
        then = f"{at.correction_asked}告知补正，补正期限至{at.reply_by}"
        issue(held, "lapsed_correction", step, asked_then=then)
    return step


def ask_third_party(
    case: int, party: str, information: str, *, actor: Viewer, on: dt.date, served: dt.date | None = None
) -> Step:
    """Ask in writing whose rights disclosure would touch; the time until the answer is not counted (第三十二条、第三十三条)."""
    return _consult(case, "ask_third_party", party, information, actor, on, served)


def ask_co_producer(
    case: int, party: str, information: str, *, actor: Viewer, on: dt.date, served: dt.date | None = None
) -> Step:
    """Ask an organ that made the information too; silence is consent (第三十四条)."""
    return _consult(case, "ask_co_producer", party, information, actor, on, served)


def _consult(
    case: int, verb: str, party: str, information: str, actor: Viewer, on: dt.date, served: dt.date | None
) -> Step:
    _named(party, information, "请填写向谁征求意见。", "请写明征求意见的信息内容。")
    told = {"party": party.strip(), "information": information.strip()}
    with transaction.atomic():
        held, step = _one(case, verb, actor, on, {"served": served}, told)
        reply_by = standing(held).consultations[-1].lapses()
        if verb == "ask_co_producer":
            issue(held, "co_producer", step, reply_by=reply_by, **told)
            return step
        asked = issue(held, "third_party", step, reply_by=reply_by, **told)
        issue(held, "third_party_confirm", step, number=asked.number, reply_by=reply_by, **told)
        issue(held, "third_party_applicant", step, **told)
        tell(held, "consulting", "正在征求第三方意见，所需时间不计入答复期限")
    return step


def third_party_replied(
    case: int, agrees: bool | None, *, actor: Viewer, on: dt.date, of: int | None = None, reasons: str = ""
) -> Step:
    """A third party answered. Refusing, it must have good reasons (第三十二条)."""
    with transaction.atomic():
        return _one(case, "third_party_replied", actor, on, {"agrees": agrees, "of": of}, {"reasons": reasons.strip()})[
            1
        ]


def co_producer_replied(
    case: int, agrees: bool | None = None, *, actor: Viewer, on: dt.date, of: int | None = None, reasons: str = ""
) -> Step:
    """An organ that made the information too answered (第三十四条)."""
    with transaction.atomic():
        return _one(case, "co_producer_replied", actor, on, {"agrees": agrees, "of": of}, {"reasons": reasons.strip()})[
            1
        ]


def ask_assist(
    case: int,
    party: str,
    information: str,
    points: Sequence[str],
    reply_by: dt.date | None,
    *,
    actor: Viewer,
    on: dt.date,
) -> Step:
    """Ask another unit to help with what it holds (第十一条): 协办函. The period goes on meanwhile."""
    _named(party, information, "请填写请哪个单位协办。", "请写明涉及的信息。")
    told = {
        "party": party.strip(),
        "information": information.strip(),
        "points": [p.strip() for p in points if p.strip()],
    }
    with transaction.atomic():
        held, step = _one(case, "ask_assist", actor, on, {"reply_by": reply_by}, told)
        issue(held, "assist", step, reply_by=reply_by, **told)
    return step


def _named(party: str, information: str, who: str, what: str) -> None:
    for text, field, say in ((party, "party", who), (information, "information", what)):
        if not text.strip():
            raise refuse(f"consultation.{field}", say, field)


def consultation_served(case: int, of: int | None, served: dt.date | None, *, actor: Viewer, on: dt.date) -> Step:
    """The day on which a letter that asks for an opinion was served became known: the fifteen working days run from it
    (第三十二条、第三十四条). `of` counts the letters of the case from nought; None is the first that
    waits."""
    with transaction.atomic():
        return _one(case, "consultation_served", actor, on, {"of": of, "served": served})[1]


def ask_extension(case: int, days: int | None, why: str, *, actor: Viewer, on: dt.date) -> Step:
    """Put it to the head of the 工作机构 that the period be longer (第三十三条第二款)."""
    if not why.strip():
        raise refuse("extension.why", "请写明延期的理由。", "why")
    with transaction.atomic():
        return _one(case, "ask_extension", actor, on, {"days": days}, {"why": why.strip()})[1]


def decline_extension(case: int, why: str, *, actor: Viewer, on: dt.date) -> Step:
    """The head does not agree: the answer is due as it was."""
    if not why.strip():
        raise refuse("extension.why", "请写明为什么不延期。", "why")
    with transaction.atomic():
        return _one(case, "decline_extension", actor, on, told={"why": why.strip()})[1]


def approve_extension(case: int, days: int | None, why: str, *, actor: Viewer, on: dt.date) -> Step:
    """The head of the 工作机构 lets the period be longer by up to twenty working days (第三十三条第二款)."""
    if not why.strip():
        raise refuse("extension.why", "请写明延期的理由。", "why")
    with transaction.atomic():
        return _one(case, "approve_extension", actor, on, {"days": days}, {"why": why.strip()})[1]


def notify_extension(case: int, *, actor: Viewer, on: dt.date) -> Step:
    """Tell the applicant of the extension, before the period ends (第三十三条第二款)."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        before = standing(held)
        old = before.due()
        step = take(held, "notify_extension", on, {}, actor=actor, at=before)
        assert before.extension is not None and old is not None
        approval = held.steps.filter(verb="approve_extension").last()
        issue(
            held, "extension", step, old_due=old.day, new_due=held.due_on, days=before.extension[1],
            approved_by=approval.name if approval else "", approved_on=before.extension[0],
        )  # fmt: skip
        tell(held, "extension", f"答复期限延长至{held.due_on}")
    return step


def ask_reasons(case: int, points: str, reply_by: dt.date | None, *, actor: Viewer, on: dt.date) -> Step:
    """Number or frequency are plainly beyond what is reasonable: ask for the reasons (第三十五条)."""
    if not points.strip():
        raise refuse("reasons.points", "请写明申请的数量、频次怎样明显超过合理范围（第三十五条）。", "points")
    with transaction.atomic():
        held, step = _one(case, "ask_reasons", actor, on, {"reply_by": reply_by}, {"points": points.strip()})
        issue(held, "reasons", step, points=[points.strip()], reply_by=reply_by, reason=points.strip())
        tell(held, "reasons", f"请在{reply_by}之前说明理由")
    return step


def reasons_given(case: int, text: str, *, actor: Viewer, on: dt.date) -> Step:
    """The applicant gave reasons (第三十五条)."""
    with transaction.atomic():
        return _one(case, "reasons_given", actor, on, told={"text": text.strip()})[1]


def set_date(case: int, date: dt.date | None, why: str, *, actor: Viewer, on: dt.date) -> Step:
    """The reasons hold but the period is too short: set a reasonable date for the answer and tell it (第三十五条)."""
    with transaction.atomic():
        held = locked(case, actor, right_of("set_date"))
        old = held.due_on
        step = take(held, "set_date", on, {"date": date}, actor=actor, told={"why": why.strip()})
        issue(held, "delay", step, old_due=old, new_due=date, reason=why.strip())
        tell(held, "delay", f"答复期限定为{date}")
    return step


def fee_of(case: Case, basis: str, count: int, on: dt.date) -> Fee:
    """The fee of a case, with its working: `count` pages, or pieces after those of the same applicant and month."""
    if count < 1:
        raise refuse("fee.count", "件数、页数是正整数。", "count")
    if basis == "pages":
        return by_page(count)
    if basis == "pieces":
        return by_piece(count, pieces_before(case, on))
    raise refuse("fee.basis", "请选按件还是按量计收（国办函〔2020〕109号第三条）。", "basis")


def pieces_before(case: Case, on: dt.date) -> int:
    """How many pieces the applicant asked this body for earlier in the calendar month of the request."""
    received = case.received_on or case.submitted_on
    if not case.applicant_mark:
        return 0
    same = Case.objects.filter(
        body=case.body_id, applicant_mark=case.applicant_mark, received_on__year=received.year,
        received_on__month=received.month,
    ).exclude(state="moved")  # fmt: skip
    return same.filter(received_on__lt=received).count() + same.filter(received_on=received, pk__lt=case.pk).count()


def fee_notice(case: int, basis: str, amount: int, *, actor: Viewer, on: dt.date, count: int | None = None) -> Step:
    """Tell the applicant the fee: basis, rates, amount, how to pay (国办函〔2020〕109号第六条)."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        fee = fee_of(held, basis, count, on) if count else _guessed(held, basis, amount, on)
        if fee is not None and fee.amount != amount:
            raise refuse("fee.amount", f"按{count}{fee.unit}计算应收{fee.amount}元，不是{amount}元。", "amount")
        step = take(held, "fee_notice", on, {"basis": basis, "amount": amount, "count": count}, actor=actor)
        until = standing(held).fee_until()
        working = (
            [*fee.working, f"以上依据{fee.citation}"]
            if fee
            else [f"按当月累计件数的档次计算，本件{amount}元", FEE_RULE]
        )
        name = "按件计收" if basis == "pieces" else "按量计收"
        issue(
            held, "fee", step, fee_basis_name=name, fee_working=working, fee_amount=amount, pay_by=until,
            pay_how=setup_of(held.body_id).pay_how or PAY_HOW,
        )  # fmt: skip
        tell(held, "fee", f"需要缴纳信息处理费{amount}元，请在{until}之前缴纳")
    return step


def _guessed(case: Case, basis: str, amount: int, on: dt.date) -> Fee | None:
    """The working of an amount whose count nobody told: pages have one number that costs it, pieces where none came before."""
    if basis not in ("pages", "pieces") or (basis == "pieces" and pieces_before(case, on)):
        return None
    count = count_of(basis, amount)
    return fee_of(case, basis, count, on) if count else None


def fee_paid(case: int, *, actor: Viewer, on: dt.date, receipt: str = "") -> Step:
    """The fee was paid; handling goes on."""
    with transaction.atomic():
        return _one(case, "fee_paid", actor, on, told={"receipt": receipt.strip()})[1]


def fee_lapsed(case: int, *, actor: Viewer, on: dt.date) -> Step:
    """Not paid in time: the request counts as given up."""
    with transaction.atomic():
        held, step = _one(case, "fee_lapsed", actor, on)
        at = standing(held)
        then = f"{at.fee_notified}发出收费通知，缴费期限至{at.fee_until()}"
        issue(held, "lapsed_fee", step, noticed_then=then)
    return step


def withdraw(case: int, *, actor: Viewer, on: dt.date, note: str = "") -> Step:
    """The applicant takes the request back."""
    with transaction.atomic():
        return take_withdrawal(locked(case, actor, right_of("withdraw")), note, actor, on)


def take_withdrawal(case: Case, note: str, actor: Actor, on: dt.date) -> Step:
    """The step of a locked case, whoever takes it: what was being drafted falls away, and the applicant has it in writing."""
    step = take(case, "withdraw", on, {}, actor=actor, told={"note": note.strip()})
    Answer.objects.filter(case=case, stage__in=UNDER_WAY).update(stage=Stage.DROPPED)
    if case.received_on:
        issue(case, "withdrawn", step)
    tell(case, "withdrawn", "申请已经撤回")
    return step
