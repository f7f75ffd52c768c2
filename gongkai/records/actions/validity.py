"""Verbs on the validity of documents: repeal and its kin, clean-up rounds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.records import rules
from gongkai.records.actions.common import locked
from gongkai.records.kinds import kind_of, kinds
from gongkai.records.models import CleanUp, CleanUpRow, Ending, How, Record, Standing


def decide_validity(
    record: int,
    how: str,
    *,
    actor: Viewer,
    on: dt.date,
    by: int | None = None,
    by_text: str = "",
    until: dt.date | None = None,
    reason: str = "",
) -> Record:
    """Decide on a document's validity: 继续有效 (until a day), 修改, 废止, 宣布失效; with the document that says so.

    The public page shows it at once; interpretations and answers that lean on a repealed document are flagged by the
    links between them (see reads.leaning_on_ended).
    """
    with transaction.atomic():
        held = locked(record, actor, "record.end")
        _decide(held, how, actor=actor, on=on, by=by, by_text=by_text, until=until, reason=reason)
    return held


def _decide(
    held: Record,
    how: str,
    *,
    actor: Viewer,
    on: dt.date,
    by: int | None,
    by_text: str,
    until: dt.date | None,
    reason: str,
) -> None:
    kind = kind_of(held.kind)
    if how not in How.values:
        raise refuse("record.how", "只能是继续有效、修改、废止或宣布失效。", "how")
    if held.standing != Standing.PUBLISHED or held.published is None:
        raise refuse("record.not-out", "没有公开的文件不用清理。")
    if not kind.validity:
        raise refuse("record.no-validity", f"{kind.name}没有有效性，不用清理。")
    ended = rules.validity(held, on) in ("repealed", "invalid")
    if ended and how != How.KEEP:
        raise refuse("record.ended", "这份文件已经废止或宣布失效。")
    by_text = by_text.strip()[:300]
    if how in (How.REPEAL, How.INVALID) and by is None and not by_text and not reason.strip():
        raise refuse("record.by", "废止、宣布失效要写明依据的文件，或者写明理由。", "by_text")
    _named(held.pk, by)
    if how == How.KEEP and until is not None and until <= on:
        raise refuse("record.until", "继续有效的截止日期要在今天之后。", "until")
    Ending.objects.create(
        record=held,
        how=how,
        on=on,
        by_id=by,
        by_text=by_text,
        until=until,
        reason=reason.strip(),
        person_id=actor.person_id,
    )
    if how == How.KEEP:
        held.ended_on, held.ended_how = None, ""
        if until is not None:
            held.expires = until
    elif how == How.MODIFY:
        held.amended_on = on
    else:
        held.ended_on, held.ended_how = on, how
    held.changed = on
    held.save()
    leaning = list(held.linked.filter(live=True).values_list("source_id", flat=True))
    payload: dict[str, Any] = {"how": how, "by": by, "leaning": leaning, "kind": held.kind, "owner": held.owner_id}
    record_event("validity", "record", held.pk, actor=actor, on=on, reason=reason.strip(), payload=payload)


def _named(record: int, by: int | None) -> None:
    if by is not None and by == record:
        raise refuse("record.by", "文件不能由自己废止。", "by")
    if by is not None and not Record.objects.filter(pk=by).exists():
        raise refuse("record.by", "没有这份依据文件。", "by")


def open_cleanup(owner: int, title: str, *, actor: Viewer, on: dt.date, due: dt.date | None = None) -> CleanUp:
    """Open a round over every document with a validity that the organisation and those below it have out and not ended."""
    demand(actor, "record.cleanup", thing_at(owner, actor))
    title = title.strip()
    if not title:
        raise refuse("record.title", "给这一轮清理起个名称，如“2026年规范性文件清理”。", "title")
    if due is not None and due < on:
        raise refuse("record.due", "完成时限不能早于今天。", "due")
    with transaction.atomic():
        codes = [k.code for k in kinds().values() if k.validity]
        records = Record.objects.filter(
            owner__in=actor.tree.subtree(owner), kind__in=codes, standing=Standing.PUBLISHED, ended_on=None
        )
        made = CleanUp.objects.create(owner_id=owner, title=title[:200], opened_on=on, due=due)
        rows = [CleanUpRow(cleanup=made, record=r, drafter_id=r.owner_id) for r in records]
        if not rows:
            raise refuse("record.nothing", "名下没有现行有效的规范性文件，不用清理。")
        CleanUpRow.objects.bulk_create(rows, 500)
        record_event("open", "cleanup", made.pk, actor=actor, on=on, payload={"owner": owner, "rows": len(rows)})
    return made


def propose(
    row: int,
    how: str,
    *,
    actor: Viewer,
    on: dt.date,
    by: int | None = None,
    by_text: str = "",
    until: dt.date | None = None,
    reason: str = "",
) -> CleanUpRow:
    """What the drafter says should become of a document."""
    with transaction.atomic():
        held = CleanUpRow.objects.select_for_update().select_related("cleanup").filter(pk=row).first()
        if held is None:
            raise refuse("record.gone", "没有这一行。")
        own, round_ = thing_at(held.drafter_id, actor), thing_at(held.cleanup.owner_id, actor)
        if not may(actor, "record.end", own):
            demand(actor, "record.cleanup", round_)
        if held.applied_on is not None or held.cleanup.closed_on is not None:
            raise refuse("record.applied", "这一行已经定了，不能再改意见。")
        if how not in How.values:
            raise refuse("record.how", "只能是继续有效、修改、废止或宣布失效。", "how")
        if how in (How.REPEAL, How.INVALID) and not (by or by_text.strip() or reason.strip()):
            raise refuse("record.by", "废止、宣布失效要写明依据的文件，或者写明理由。", "by_text")
        _named(held.record_id, by)
        held.how, held.by_id, held.by_text, held.until = how, by, by_text.strip()[:300], until
        held.reason, held.person_id, held.said_on = reason.strip(), actor.person_id, on
        held.save()
        payload = {"row": row, "record": held.record_id, "how": how}
        record_event("propose", "cleanup", held.cleanup_id, actor=actor, on=on, reason=held.reason, payload=payload)
    return held


def apply_cleanup(cleanup: int, *, actor: Viewer, on: dt.date, close: bool = False) -> int:
    """Put into force what was proposed and not applied yet; returns how many. `close` ends the round when all is said."""
    with transaction.atomic():
        held = CleanUp.objects.select_for_update().filter(pk=cleanup).first()
        if held is None:
            raise refuse("record.gone", "没有这一轮清理。")
        demand(actor, "record.cleanup", thing_at(held.owner_id, actor))
        if held.closed_on is not None:
            raise refuse("record.closed", "这一轮清理已经结束。")
        rows = list(held.rows.filter(applied_on=None).exclude(how="").select_related("record"))
        for row in rows:
            record = Record.objects.select_for_update().get(pk=row.record_id)
            if record.standing != Standing.PUBLISHED:
                continue  # withdrawn meanwhile: what is not out needs no decision
            _decide(
                record,
                row.how,
                actor=actor,
                on=on,
                by=row.by_id,
                by_text=row.by_text,
                until=row.until,
                reason=row.reason or f"{held.title}",
            )
            row.applied_on = on
            row.save(update_fields=["applied_on"])
        if close:
            left = held.rows.filter(applied_on=None, record__standing=Standing.PUBLISHED).count()
            if left:
                raise refuse("record.left", f"还有{left}份文件没有意见，不能结束这一轮。")
            held.closed_on = on
            held.save(update_fields=["closed_on"])
        payload = {"rows": len(rows), "closed": close}
        record_event("apply", "cleanup", cleanup, actor=actor, on=on, payload=payload)
    return len(rows)
