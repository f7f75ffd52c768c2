"""Papers of a case, sealed: what came, what proves, what is supplied, whole or with parts covered for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.base.sealing import drop_sealed, keep_sealed, open_sealed
from gongkai.cases.actions.common import locked, of_body
from gongkai.cases.life import State
from gongkai.cases.models import Answer, Attachment, Case, Paper, Stage
from gongkai.orgs.rules import Viewer, may
from gongkai.papers.redaction import Area, Cover, list_of_covered, redact
from gongkai.records.checks.attachments import MAX_ATTACHMENT_BYTES


def attach(case: int, kind: str, name: str, data: bytes, *, actor: Viewer, on: dt.date) -> Attachment:
    """Put a paper into a case."""
    if kind not in Paper.values:
        raise refuse("paper.kind", "请选材料的类别。", "kind")
    if not data:
        raise refuse("paper.empty", "文件是空的，请重新选择。", "file")
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise refuse("paper.size", f"文件超过{MAX_ATTACHMENT_BYTES // 2**20}兆，请分开上传。", "file")
    with transaction.atomic():
        held = _taken_in(case, kind, actor) or locked(case, actor, "case.draft")
        made = Attachment.objects.create(
            case=held, kind=kind, name=name[-200:], file=keep_sealed(data, "sealed"), size=len(data), on=on,
            person_id=actor.person_id,
        )  # fmt: skip
        payload = {"kind": kind, "file": made.file_id}
        record_event("attach", "case", str(case), actor=actor, on=on, payload=payload)
    return made


TAKEN = (Paper.FORM, Paper.IDENTITY)


def _taken_in(case: int, kind: str, actor: Viewer) -> Case | None:
    """A case that the actor took in at a counter and that nobody has worked on to its end: whoever took it in also puts
    the signed form and the identity paper to it, and nothing else (第二十九条)."""
    held = Case.objects.select_for_update().filter(pk=case, taken_by=actor.person_id, ended_on=None).first()
    if held is None or kind not in TAKEN or held.body_id not in actor.tree:
        return None
    return held if may(actor, "case.receive", of_body(held.body_id, actor)) else None


def supply(case: int, source: int, covers: Sequence[Cover | Area], *, actor: Viewer, on: dt.date) -> Attachment:
    """Make from an original what the applicant gets: whole, or with parts covered for good, each with its reason (第三十七条).

    The original stays as it is; the list of what was covered stays with the copy.
    """
    with transaction.atomic():
        held = locked(case, actor, "case.draft")
        original = Attachment.objects.filter(case=held, pk=source, kind=Paper.SOURCE).first()
        if original is None:
            raise refuse("paper.source", "请先上传查到的原件。", "source")
        _still_open(held)
        if any(not c.reason.strip() for c in covers):
            raise refuse("redaction.reason", "每一处遮盖都要写明理由（第三十七条）。", "reason")
        data, name, lines = open_sealed(original.file_id), original.name, []
        if covers:
            made = redact(data, name, covers)
            data, name, lines = made.data, made.name, list_of_covered(made.covered)
        row = Attachment.objects.create(
            case=held, kind=Paper.SUPPLIED, name=name, file=keep_sealed(data, "sealed"), size=len(data), on=on,
            person_id=actor.person_id, original=original, covered=lines,
        )  # fmt: skip
        payload = {"source": original.file_id, "file": row.file_id, "covered": len(lines)}
        record_event("supply", "case", str(case), actor=actor, on=on, payload=payload)
    return row


def take_out(case: int, paper: int, why: str, *, actor: Viewer, on: dt.date) -> None:
    """Take a paper out of a case that is still worked on, for a reason: one put in by mistake, or a copy to be made anew.

    What was checked and signed stays as it was: a copy for the applicant goes with its answer.
    """
    with transaction.atomic():
        held = locked(case, actor, "case.draft")
        row = Attachment.objects.filter(case=held, pk=paper).first()
        if row is None:
            raise refuse("paper.gone", "没有这份材料，可能已经撤下。")
        if not why.strip():
            raise refuse("paper.why", "请写明为什么撤下。", "why")
        if held.state in (State.ARCHIVED, State.MOVED):
            raise refuse("paper.archived", "这件申请已经归档或者转出，材料不能再撤下。")
        if row.kind in (Paper.SOURCE, Paper.SUPPLIED):
            _still_open(held)
        if Attachment.objects.filter(original=row).exists():
            raise refuse("paper.copied", "已经用它制作了提供给申请人的副本，请先撤下副本。")
        digest, kind = row.file_id, row.kind
        row.delete()
        drop_sealed([digest])
        payload = {"kind": kind, "file": digest}
        record_event("take-out", "case", str(case), actor=actor, on=on, reason=why.strip()[:200], payload=payload)


def _still_open(held: Case) -> None:
    """Refuse where the answer is signed, or lies with somebody who checks or signs it: they have seen these copies."""
    if held.state not in (State.SUBMITTED, State.OPEN, State.CORRECTION, State.FEE):
        raise refuse("paper.decided", "答复已经签发，或者这件申请已经结束，提供给申请人的材料不能再改。")
    if Answer.objects.filter(case=held, stage__in=(Stage.CHECK, Stage.SIGN)).exists():
        raise refuse("paper.checked", "答复正在审核、签发，提供给申请人的材料不能再改；要改的，请先退回。")
