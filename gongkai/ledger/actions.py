"""Verbs on what is owed: report, note, settle, return, reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.clock import now
from gongkai.base.issues import refuse
from gongkai.ledger.models import Duty, Matter, Note, Report, Settlement
from gongkai.ledger.rules import of_matter
from gongkai.orgs.rules import Viewer, demand
from gongkai.plans.models import Plan


def report(matter: Matter, text: str, *, actor: Viewer, on: dt.date, finished: bool = False) -> Report:
    """填写进展: what a bearing organisation has done; `finished` asks the office to settle it."""
    demand(actor, "task.report", of_matter(matter))
    words = _said(text, "report.text", "请写一句进展：做了什么，到哪一步。")
    with transaction.atomic():
        _held(matter)
        made = Report.objects.create(**_said_by(actor, matter, on=on), text=words, finished=finished)
        _tell("report", matter, actor=actor, on=on, reason=words, finished=finished)
    return made


def note(matter: Matter, text: str, *, actor: Viewer, on: dt.date) -> Note:
    """写备注: a remark for colleagues."""
    demand(actor, "task.note", of_matter(matter))
    words = _said(text, "note.text", "请写备注的内容。")
    with transaction.atomic():
        _held(matter)
        made = Note.objects.create(**_said_by(actor, matter, on=on), text=words)
        _tell("note", matter, actor=actor, on=on, reason=words)
    return made


def return_report(report: Report, text: str, *, actor: Viewer, on: dt.date) -> None:
    """退回: the office says what is still missing; the matter no longer asks to be settled."""
    words = _said(text, "return.text", "请写明还缺什么，对方才知道怎么补。")
    with transaction.atomic():
        matter = _held(Matter(source=report.source, source_id=report.source_id))
        demand(actor, "task.settle", of_matter(matter))
        held = Report.objects.select_for_update().get(pk=report.pk)
        if held.returned_on is not None:
            raise refuse("return.done", "这条进展已经退回过了。")
        held.returned_on, held.answer = on, words
        held.save(update_fields=["returned_on", "answer"])
        _tell("return", matter, actor=actor, on=on, reason=words, report=held.pk)


def settle(
    matter: Matter, clocks: Sequence[str], *, actor: Viewer, on: dt.date, text: str = "", met_on: dt.date | None = None
) -> list[Settlement]:
    """办结: the named duties of a matter were met, on `met_on` (today when not said)."""
    demand(actor, "task.settle", of_matter(matter))
    clocks = list(dict.fromkeys(clocks))
    day = met_on or on
    if day > on:
        raise refuse("settle.future", f"办结日期{day:%Y-%m-%d}还没有到。", "met_on")
    with transaction.atomic():
        held = _held(matter)
        duties = {d.clock: d for d in Duty.objects.filter(matter=held)}
        if not clocks:
            raise refuse("settle.none", "请选要办结的是哪一期。", "clock")
        if unknown := [c for c in clocks if c not in duties]:
            raise refuse("settle.unknown", f"这项任务没有“{unknown[0]}”这一期，请刷新页面。")
        kept = set(
            Settlement.objects.filter(source=held.source, source_id=held.source_id).values_list("clock", flat=True)
        )
        if done := [duties[c] for c in clocks if c in kept]:
            raise refuse("settle.done", f"{done[0].label or '这一项'}已经办结了。")
        made = Settlement.objects.bulk_create(
            [Settlement(**_said_by(actor, held, on=day), clock=clock, text=text.strip()) for clock in clocks]
        )
        _tell("settle", matter, actor=actor, on=on, reason=text.strip(), clocks=list(clocks), met_on=day)
    return made


def reopen(matter: Matter, clock: str, *, actor: Viewer, on: dt.date, reason: str) -> None:
    """撤销办结: a duty found not to be met after all."""
    demand(actor, "task.settle", of_matter(matter))
    words = _said(reason, "reopen.reason", "请写明为什么撤销办结。")
    with transaction.atomic():
        _held(matter)
        gone, _ = Settlement.objects.filter(source=matter.source, source_id=matter.source_id, clock=clock).delete()
        if not gone:
            raise refuse("reopen.open", "这一项没有办结，不用撤销。")
        _tell("reopen", matter, actor=actor, on=on, reason=words, clocks=[clock])


def _said_by(actor: Viewer, matter: Matter, *, on: dt.date) -> dict[str, Any]:
    """What every fact about a matter holds: of what, when, by whom and in which post."""
    return {
        "source": matter.source,
        "source_id": matter.source_id,
        "on": on,
        "at": now(),
        "person_id": actor.person_id,
        "post": actor.title,
    }


def _held(matter: Matter) -> Matter:
    """The matter as it stands now, locked; refused when it left the ledger meanwhile, or its plan was withdrawn and the
    follower has not come to it yet."""
    found = Matter.objects.select_for_update().filter(source=matter.source, source_id=matter.source_id).first()
    if found is None or (
        found.source == "plan" and not Plan.objects.filter(pk=found.sheet, withdrawn_on=None).exists()
    ):
        raise refuse("matter.gone", "这项任务已经不在台账里了（方案可能已撤下），没有保存。")
    return found


def _said(text: str, rule: str, say: str) -> str:
    words = text.strip()
    if not words:
        raise refuse(rule, say, "text")
    if len(words) > 4000:
        raise refuse(rule, "最多4000字；更长的内容请作为附件或链接。", "text")
    return words


def _tell(verb: str, matter: Matter, *, actor: Viewer, on: dt.date, reason: str = "", **more: object) -> None:
    record_event(
        verb,
        "matter",
        f"{matter.source}-{matter.source_id}",
        actor=actor,
        on=on,
        reason=reason,
        payload={"source": matter.source, "source_id": matter.source_id, **more},
    )
