"""Complaint, reconsideration and suit about a case, with their own clocks and results."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.cases.actions.common import locked, standing, take
from gongkai.cases.models import Dispute, Step
from gongkai.cases.procedure import PAPERS
from gongkai.law import clocks
from gongkai.orgs.rules import Viewer


class Brought(TypedDict, total=False):
    """What is known of a reconsideration or a suit: where, under which number, when the copy came, whether it was taken in."""

    organ: str
    reference: str
    copy_received: dt.date | None
    accepted: bool


def complain(case: int, *, actor: Viewer, on: dt.date, organ: str = "", note: str = "") -> Step:
    """The applicant complained to 主管部门 or a superior (第四十七条、第五十一条)."""
    return _begin(case, "complain", actor, on, organ=organ, note=note)


def reconsider(case: int, *, actor: Viewer, on: dt.date, **brought: Unpack[Brought]) -> Step:
    """行政复议 was asked for. With the day on which the copy came, the five working days for answer and evidence run
    (行政复议法第五十四条); `accepted` where the organ took in what came late."""
    return _begin(case, "reconsider", actor, on, **brought)


def sue(case: int, *, actor: Viewer, on: dt.date, **brought: Unpack[Brought]) -> Step:
    """行政诉讼 was brought; a refusal goes to reconsideration first (行政复议法第二十三条). With the day on which the copy
    came, the fifteen days for answer and evidence run (行政诉讼法第六十七条)."""
    return _begin(case, "sue", actor, on, **brought)


def _begin(
    case: int,
    verb: str,
    actor: Viewer,
    on: dt.date,
    *,
    organ: str = "",
    reference: str = "",
    note: str = "",
    copy_received: dt.date | None = None,
    accepted: bool = False,
) -> Step:
    if copy_received is not None and copy_received < on:
        raise refuse("dispute.copy", f"收到副本的日期{copy_received}早于申请的日期{on}，请核对。", "copy_received")
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        told = {"organ": organ.strip(), "reference": reference.strip(), "note": note.strip()}
        before = standing(held)
        step = take(held, verb, on, {"accepted": accepted or None}, actor=actor, told=told, at=before)
        limit = clocks.due(PAPERS[verb][0], {"copy_received": copy_received}).day if copy_received else None
        Dispute.objects.create(
            case=held, kind=verb, on=on, first=verb == "sue" and not before.about_this("reconsider"), copy_received=copy_received,
            answer_due=limit, organ=told["organ"], reference=told["reference"], note=told["note"],
        )  # fmt: skip
    return step


def dispute_answered(case: int, dispute: int, *, actor: Viewer, on: dt.date) -> Dispute:
    """The organ's answer and evidence went to the organ that reconsiders, or to the court (行政复议法第五十四条、行政诉讼法
    第六十七条)."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        row = Dispute.objects.select_for_update().filter(case=held, pk=dispute, ended_on=None).first()
        if row is None or row.answer_due is None:
            raise refuse("dispute.none", "没有等待提交答复和证据的行政复议、行政诉讼。")
        if row.answered_on:
            raise refuse("dispute.answered", f"{row.answered_on}已经提交过答复和证据。")
        if row.copy_received and on < row.copy_received:
            raise refuse("order", f"提交的日期{on}早于收到副本的日期{row.copy_received}，请核对。", "on")
        row.answered_on = on
        row.save(update_fields=["answered_on"])
        record_event("dispute_answered", "case", str(case), actor=actor, on=on, payload={"due": str(row.answer_due)})
    return row


def complaint_ended(case: int, *, actor: Viewer, on: dt.date, note: str = "") -> Step:
    """What came of a complaint."""
    return _end(case, "complaint_ended", "complain", "", actor, on, note)


def reconsidered(case: int, result: str, *, actor: Viewer, on: dt.date, note: str = "") -> Step:
    """The organ that reconsiders decided: 维持, 纠正 or other."""
    return _end(case, "reconsidered", "reconsider", result, actor, on, note)


def judged(case: int, result: str, *, actor: Viewer, on: dt.date, note: str = "") -> Step:
    """The court decided."""
    return _end(case, "judged", "sue", result, actor, on, note)


def _end(case: int, verb: str, kind: str, result: str, actor: Viewer, on: dt.date, note: str) -> Step:
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        step = take(held, verb, on, {"result": result}, actor=actor, told={"note": note.strip()})
        row = held.disputes.filter(kind=kind, ended_on=None).order_by("id").first()
        assert row is not None
        row.result, row.ended_on = result, on
        row.note = f"{row.note}\n{note.strip()}".strip()
        row.save()
    return step
