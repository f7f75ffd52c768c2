"""Verbs on drafts: begin an intake, correct it, confirm it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from gongkai.base.actions import keep_file, record_event
from gongkai.base.clock import ZONE, now
from gongkai.base.issues import Refused, refuse
from gongkai.orgs.actions import remember_answer
from gongkai.orgs.binding import Binder
from gongkai.orgs.rules import Thing, Viewer, demand
from gongkai.papers import PaperRefused, read_bytes
from gongkai.plans import intake
from gongkai.plans.actions.tasks import add_tasks
from gongkai.plans.intake import Names, Row, Splice
from gongkai.plans.models import Draft, Plan
from gongkai.plans.reading import checks, plan_of
from gongkai.plans.reads import tree_of
from gongkai.plans.rules import importable, read_head

KEPT_STEPS = 200
"""How many steps of a draft can be undone."""


def begin_intake(data: bytes, name: str, body: int, *, actor: Viewer, on: dt.date) -> Draft:
    """Read a document into a draft; nothing is in the ledger before `confirm_intake`.

    Refused with the reader's own words when the file cannot be read or holds no task.
    """
    demand(actor, "plan.import", Thing(body))
    try:
        paper = read_bytes(data, name)
        plan = plan_of(paper)
    except PaperRefused as error:
        raise refuse("plan.file", str(error), "file") from error
    if not plan.tasks:
        raise refuse(
            "plan.no_tasks",
            f"“{name}”里没有认出任务：需要一张写有任务和责任单位的表，或者每条任务后写明责任单位的文字。",
            "file",
        )
    rows = intake.rows_of(plan)
    binder = Binder(tree_of(_day(plan.issued_on), on, body), body)
    for row in rows:
        unsure = _unsure(row, binder)
        row["doubts"] += unsure.values()
        row["accepted"] = row["accepted"] and not unsure
    with transaction.atomic():
        file = keep_file(data, name)
        notes = [*paper.warnings, *(w.reason for w in plan.warnings)]
        again = Plan.objects.filter(file=file, body_id=body, withdrawn_on=None).first()
        if again is not None:
            notes.insert(0, f"同一份文件已在{again.imported_on:%Y-%m-%d}导入过，再导入会多出一份方案")
        draft = Draft.objects.create(
            body_id=body,
            file=file,
            head={
                "title": plan.title or "",
                "issuer": plan.issuer or "",
                "year": plan.year or "",
                "issued_on": plan.issued_on or "",
                "doc_refs": plan.doc_refs,
            },
            rows=rows,
            notes=notes,
            person_id=actor.person_id,
            begun_at=now(),
            changed_at=now(),
        )
        record_event(
            "begin_intake",
            "draft",
            draft.pk,
            actor=actor,
            on=on,
            payload={"file": file.name, "digest": file.digest, "rows": len(draft.rows)},
        )
    return draft


def _unsure(row: Row, binder: Binder) -> Names:
    """What is to be asked about the names of a row."""
    return {
        (part, b.printed): {"field": part, "reason": b.say, "confidence": 0.5}
        for part in ("lead", "support")
        for b in binder.bind_cell(row[part])
        if not b.sure
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def change_draft(
    pk: int, make: Callable[[Sequence[Row], int], Splice], *, actor: Viewer, version: int | None = None
) -> tuple[Draft, Splice]:
    """Make one change to the rows of a draft and keep what undoes it.

    `make` takes the rows and the plan's year. `version` is what the page showed: another step since then is told.
    A draft is not yet an act of the body, so its steps are kept in itself and not in the log.
    """
    with transaction.atomic():
        draft = locked(pk, actor)
        if version is not None and version != draft.version:
            raise refuse("draft.version", "这份草稿刚被改过（可能在另一个窗口）；请刷新页面，您刚才的改动没有保存。")
        change = make(draft.rows, year_of(draft))
        draft.rows = intake.apply(draft.rows, change)
        draft.undone = [*draft.undone, intake.reverse(change)][-KEPT_STEPS:]
        _touch(draft)
    return draft, change


def answer_name(pk: int, printed: str, organisations: Sequence[int], *, actor: Viewer, on: dt.date) -> Draft:
    """Say what a name of a draft means: remembered for the body, and asked of no other row again."""
    with transaction.atomic():
        draft = locked(pk, actor)
        remember_answer(draft.body_id, printed, organisations, actor=actor, on=on)
        rows = []
        for row in draft.rows:
            left = [
                d for d in row["doubts"] if d["field"] not in ("lead", "support") or f"“{printed}”" not in d["reason"]
            ]
            if len(left) != len(row["doubts"]):
                row = {**row, "doubts": left, "accepted": row["accepted"] or not left}
            rows.append(row)
        draft.undone = [*draft.undone, intake.reverse(intake.splice(draft.rows, 0, len(draft.rows), rows))][
            -KEPT_STEPS:
        ]
        draft.rows = rows
        _touch(draft)
    return draft


def undo_draft(pk: int, *, actor: Viewer) -> Draft:
    """Take back the last step of a draft."""
    with transaction.atomic():
        draft = locked(pk, actor)
        if not draft.undone:
            raise refuse("draft.undo", "没有可以撤销的步骤了。")
        *draft.undone, last = draft.undone
        if "head" in last:
            draft.head = last["head"]
            draft.rows = last.get("rows", draft.rows)
            draft.notes = last.get("notes", draft.notes)
        else:
            draft.rows = intake.apply(draft.rows, last)
        _touch(draft)
    return draft


def change_head(pk: int, values: dict[str, str], *, actor: Viewer) -> Draft:
    """Correct title, issuer, year and date of issue of a draft.

    Dates without a year follow the year; what was asked because of the year or of the date of issue is asked anew: a
    date before the issue, a name that another day's tree knows or knows no more, the year of the title.
    """
    with transaction.atomic():
        draft = locked(pk, actor)
        head, issues = read_head({**draft.head, **values})
        if issues:
            raise Refused(*issues)
        new = {
            **draft.head,
            **{k: head[k] for k in ("title", "issuer", "year")},
            "issued_on": head["issued_on"].isoformat() if head["issued_on"] else "",
        }
        before: dict[str, Any] = {"head": draft.head, "notes": draft.notes}
        rows, draft.notes = _rechecked(draft, new, actor.day), _noted(draft, new)
        if rows != draft.rows:
            before["rows"], draft.rows = draft.rows, rows
        draft.undone = [*draft.undone, before][-KEPT_STEPS:]
        draft.head = new
        _touch(draft)
    return draft


def _rechecked(draft: Draft, new: dict[str, Any], on: dt.date) -> list[Row]:
    """The rows of a draft under another head."""
    old_day, new_day = (str(h.get("issued_on") or "") for h in (draft.head, new))
    redate = str(new["year"]) != str(draft.head.get("year") or "")
    if draft.changes or (old_day == new_day and not redate):
        return draft.rows
    before, after = intake.Head(old_day, year_of(draft)), intake.Head(new_day, new["year"])
    binders = (
        [Binder(tree_of(_day(d), on, draft.body_id), draft.body_id) for d in (old_day, new_day)]
        if old_day != new_day
        else []
    )
    rows = []
    for row in draft.rows:
        names = (_unsure(row, binders[0]), _unsure(row, binders[1])) if binders else None
        rows.append(intake.recheck(row, before, after, redate=redate, names=names))
    return rows


def _noted(draft: Draft, new: dict[str, Any]) -> list[str]:
    """The notes of a draft under another head: what they said of its year is said as it now stands."""
    if draft.changes or all(str(draft.head.get(k) or "") == str(new[k] or "") for k in ("title", "year", "issued_on")):
        return draft.notes
    # Inferred is what nobody has typed over.
    same = str(draft.head.get("year") or "") == str(new["year"])
    inferred = same and any(checks.year_inferred(n) for n in draft.notes)
    said = checks.of_title(new["title"], new["year"], new["issued_on"], inferred=inferred)
    return [*(n for n in draft.notes if not checks.about_title(n)), *([said] if said else [])]


def drop_draft(pk: int, *, actor: Viewer, on: dt.date) -> None:
    """Throw a draft away."""
    with transaction.atomic():
        draft = locked(pk, actor)
        record_event("drop_draft", "draft", draft.pk, actor=actor, on=on, payload={"file": draft.file.name})
        draft.delete()


def locked(pk: int, actor: Viewer) -> Draft:
    """The draft, held until the transaction ends; refused when it is gone or not the actor's to work at."""
    draft = Draft.objects.select_for_update().filter(pk=pk, plan__isnull=True, body__in=actor.governed).first()
    if draft is None:
        raise refuse("draft.gone", "这份草稿已经导入或删除了。")
    return draft


def _touch(draft: Draft) -> None:
    draft.version += 1
    draft.changed_at = now()
    draft.save()


def day_of_head(head: dict[str, Any]) -> dt.date | None:
    """The date of issue that a draft's head says, None where there is none."""
    return _day(str(head.get("issued_on") or ""))


def year_of(draft: Draft) -> int:
    """The year that deadlines without one take: the draft's, else that of its beginning."""
    try:
        return int(draft.head.get("year") or "")
    except ValueError:
        return draft.begun_at.astimezone(ZONE).year


def confirm_intake(pk: int, *, actor: Viewer, on: dt.date) -> Plan:
    """确认导入: the rows become tasks, each with its owners as the tree stood on the day of the plan."""
    with transaction.atomic():
        draft = locked(pk, actor)
        demand(actor, "plan.import", Thing(draft.body_id))
        if issues := importable(draft.head, draft.rows):
            raise Refused(*issues)
        head, _ = read_head(draft.head)
        plan = Plan.objects.create(body_id=draft.body_id, file=draft.file, imported_on=on, **head)
        add_tasks(plan, draft.rows, on=on)
        draft.plan = plan
        draft.undone = []
        draft.save()
        record_event(
            "import",
            "plan",
            plan.pk,
            actor=actor,
            on=on,
            payload={"title": plan.title, "file": draft.file.name, "digest": draft.file_id, "tasks": len(draft.rows)},
        )
    return plan
