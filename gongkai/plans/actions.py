"""Verbs on plans: begin an intake, correct it, confirm it; set what a task waits for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from gongkai.base.actions import keep_file, record_event
from gongkai.base.clock import now
from gongkai.base.issues import Refused, refuse
from gongkai.base.models import Event
from gongkai.orgs.actions import remember_answer
from gongkai.orgs.binding import Binder, Binding
from gongkai.orgs.models import Post
from gongkai.orgs.reads import in_office
from gongkai.orgs.rules import Thing, Viewer, demand
from gongkai.papers import PaperRefused, read_bytes
from gongkai.plans import intake
from gongkai.plans.export import KEY, NOTHING, cells_of
from gongkai.plans.intake import Row, Splice
from gongkai.plans.models import Draft, Happening, Named, Part, Plan, Responsibility, Task
from gongkai.plans.reading import plan_of
from gongkai.plans.reads import named_people, tree_of
from gongkai.plans.rules import importable, of_plan, read_head
from gongkai.plans.schedule import EVERY

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
    binder = Binder(tree_of(_day(plan.issued_on), on), body)
    for row in rows:
        for part in ("lead", "support"):
            unsure = [b for b in binder.bind_cell(row[part]) if not b.sure]
            row["doubts"] += [{"field": part, "reason": b.say, "confidence": 0.5} for b in unsure]
            row["accepted"] = row["accepted"] and not unsure
    with transaction.atomic():
        file = keep_file(data, name)
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
            notes=[*paper.warnings, *(w.reason for w in plan.warnings)],
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
        draft = _locked(pk, actor)
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
        draft = _locked(pk, actor)
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
        draft = _locked(pk, actor)
        if not draft.undone:
            raise refuse("draft.undo", "没有可以撤销的步骤了。")
        *draft.undone, last = draft.undone
        if "head" in last:
            draft.head = last["head"]
        else:
            draft.rows = intake.apply(draft.rows, last)
        _touch(draft)
    return draft


def change_head(pk: int, values: dict[str, str], *, actor: Viewer) -> Draft:
    """Correct title, issuer, year and date of issue of a draft; dates without a year follow the year."""
    with transaction.atomic():
        draft = _locked(pk, actor)
        head, issues = read_head({**draft.head, **values})
        if issues:
            raise Refused(*issues)
        before = {"head": draft.head}
        if head["year"] != year_of(draft):
            draft.rows = [
                {**r, "deadlines": intake.dated(r["text"], r["deadline_raw"], head["year"])} for r in draft.rows
            ]
            draft.undone = []
        else:
            draft.undone = [*draft.undone, before][-KEPT_STEPS:]
        draft.head = {
            **draft.head,
            **{k: head[k] for k in ("title", "issuer", "year")},
            "issued_on": head["issued_on"].isoformat() if head["issued_on"] else "",
        }
        _touch(draft)
    return draft


def propose_changes(data: bytes, name: str, body: int, *, actor: Viewer, on: dt.date) -> Draft | None:
    """A ledger that came back: cells that differ become a draft of proposed changes; None when nothing does."""
    demand(actor, "plan.import", Thing(body))
    try:
        came = cells_of(read_bytes(data, name))
    except PaperRefused as error:
        raise refuse("plan.file", str(error), "file") from error
    if not came:
        raise refuse("plan.no_keys", f"“{name}”里没有“{KEY}”一列：请用从台账导出的表格改，不要删这一列。", "file")
    tasks = Task.objects.filter(pk__in=came, plan__body__in=actor.governed, plan__withdrawn_on=None)
    rows: list[Row] = []
    for task in tasks.select_related("plan").prefetch_related("responsibilities").order_by("plan", "position"):
        for cell, before in printed_cells(task).items():
            after = came[task.pk].get(cell, before)
            if _squeezed(after) != _squeezed(before):
                rows.append(
                    {
                        "key": f"{task.pk}-{cell}",
                        "task": task.pk,
                        "no": task.no,
                        "text": task.text,
                        "cell": cell,
                        "before": before,
                        "after": after,
                        "accepted": True,
                    }
                )
    if not rows:
        return None
    with transaction.atomic():
        file = keep_file(data, name)
        draft = Draft.objects.create(
            body_id=body,
            file=file,
            head={"kind": "changes", "title": f"{file.name}带回的修改"},
            rows=rows,
            person_id=actor.person_id,
            begun_at=now(),
            changed_at=now(),
        )
        record_event(
            "propose", "draft", draft.pk, actor=actor, on=on, payload={"digest": file.digest, "cells": len(rows)}
        )
    return draft


def printed_cells(task: Task) -> dict[str, str]:
    """The cells of a task as the exported table prints them."""
    owners = owners_of(task)
    lead = owners["lead"] or owners["persons"]
    return {
        "no": task.no,
        "path": "\n".join(task.path),
        "text": task.text,
        "lead": "、".join(lead) or NOTHING,
        "support": "、".join(owners["support"]),
        "deadline_raw": task.deadline_raw or "；".join(dict.fromkeys(d["raw"] for d in task.deadlines)),
    }


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def take_changes(pk: int, keys: Sequence[str], *, actor: Viewer, on: dt.date) -> Event | None:
    """Take the ticked ones of the proposed changes into the ledger, as one batch that can be undone."""
    with transaction.atomic():
        draft = _locked(pk, actor)
        changes: dict[int, dict[str, Any]] = {}
        for row in draft.rows:
            if row["key"] not in keys:
                continue
            after = "" if row["after"] == NOTHING else row["after"]
            if row["cell"] in ("lead", "support"):
                value: Any = intake.names_in(after)
            elif row["cell"] == "path":
                value = [p for p in after.split("\n") if p]
            else:
                value = after
            changes.setdefault(row["task"], {})[row["cell"]] = value
        event = (
            change_tasks(changes, actor=actor, on=on, reason=f"采纳{draft.file.name}带回的修改") if changes else None
        )
        draft.delete()
    return event


def drop_draft(pk: int, *, actor: Viewer, on: dt.date) -> None:
    """Throw a draft away."""
    with transaction.atomic():
        draft = _locked(pk, actor)
        record_event("drop_draft", "draft", draft.pk, actor=actor, on=on, payload={"file": draft.file.name})
        draft.delete()


def _locked(pk: int, actor: Viewer) -> Draft:
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
        return draft.begun_at.year


def confirm_intake(pk: int, *, actor: Viewer, on: dt.date) -> Plan:
    """确认导入: the rows become tasks, each with its owners as the tree stood on the day of the plan."""
    with transaction.atomic():
        draft = _locked(pk, actor)
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


def add_tasks(plan: Plan, rows: Sequence[Row], *, on: dt.date) -> list[Task]:
    """Write rows as tasks of a plan, with their owners bound. Inside the transaction of its caller."""
    tasks = Task.objects.bulk_create(
        [
            Task(
                plan=plan,
                position=position,
                no=row["no"][:20],
                path=row["path"],
                text=row["text"],
                deadline_raw=row["deadline_raw"][:200],
                deadlines=row["deadlines"],
                responsible_raw=row["responsible_raw"],
                source=row["source"],
                inherited=row["inherited"],
            )
            for position, row in enumerate(rows, 1)
        ],
        batch_size=500,
    )
    binder = Binder(tree_of(plan.issued_on, on), plan.body_id)
    name_owners(tasks, rows, binder, on=on)
    return tasks


def name_owners(tasks: Sequence[Task], rows: Sequence[Row], binder: Binder, *, on: dt.date) -> None:
    """Write who is named for each task, and bind the names. Inside the transaction of its caller."""
    people = named_people({p for r in rows for p in r["persons"]})
    at_post = dict(
        Post.objects.filter(in_office(on), person__in=[p.pk for p in people.values()]).values_list(
            "person_id", "organisation_id"
        )
    )
    made: list[tuple[Responsibility, tuple[int, ...]]] = []
    for task, row in zip(tasks, rows, strict=True):
        names = [*((Part.LEAD, n) for n in row["lead"]), *((Part.SUPPORT, n) for n in row["support"])]
        bound = binder.bind_cell([n for _, n in names])
        entries: list[tuple[Part, Binding]] = [(p, b) for (p, _), b in zip(names, bound, strict=True)]
        for name in row["persons"]:
            person = people.get(name)
            at = at_post.get(person.pk) if person else None
            # Where units are named too, the person stands for one of them and adds none.
            own = (at,) if at is not None and not row["lead"] else ()
            entries.append((Part.PERSON, Binding(name, own, "exact" if person else "asked")))
        for position, (part, binding) in enumerate(entries):
            made.append(
                (
                    Responsibility(
                        task=task,
                        position=position,
                        part=part,
                        printed=binding.printed[:120],
                        group=binding.group,
                        how=binding.how,
                    ),
                    binding.organisations,
                )
            )
    Responsibility.objects.bulk_create([r for r, _ in made], batch_size=500)
    Named.objects.bulk_create(
        [Named(responsibility_id=r.pk, organisation_id=o) for r, ids in made for o in ids], batch_size=1000
    )


def withdraw_plan(plan: Plan, *, actor: Viewer, on: dt.date, reason: str) -> None:
    """Take a plan out of the ledger, with a reason; what was done on it stays in the log."""
    demand(actor, "plan.withdraw", of_plan(plan))
    if not reason.strip():
        raise refuse("plan.reason", "请写明撤下的原因。", "reason")
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        if plan.withdrawn_on:
            raise refuse("plan.withdrawn", "这份方案已经撤下了。")
        plan.withdrawn_on = on
        plan.save(update_fields=["withdrawn_on"])
        record_event("withdraw", "plan", plan.pk, actor=actor, on=on, reason=reason)


_CELLS = ("no", "path", "text", "deadline_raw")


def change_tasks(changes: dict[int, dict[str, Any]], *, actor: Viewer, on: dt.date, reason: str = "") -> Event | None:
    """Correct tasks that stand in the ledger, many at once; one event holds what was before, for `undo_tasks`.

    changes  task id → {no, path, text, deadline_raw, lead, support, persons, review} of what is to be other
    """
    with transaction.atomic():
        tasks = {
            t.pk: t
            for t in Task.objects.select_for_update().select_related("plan").filter(pk__in=changes).order_by("pk")
        }
        if missing := changes.keys() - tasks.keys():
            raise refuse("task.gone", f"有{len(missing)}项任务已经不在了，请刷新页面。")
        before: dict[str, dict[str, Any]] = {}
        for pk, values in changes.items():
            task = tasks[pk]
            demand(actor, "task.change", of_plan(task.plan))
            old = _change_task(task, values, on=on)
            if old:
                before[str(pk)] = old
        if not before:
            return None
        plans = sorted({tasks[int(pk)].plan_id for pk in before})
        return record_event(
            "change_tasks",
            "task",
            next(iter(before)),
            actor=actor,
            on=on,
            reason=reason,
            payload={"tasks": sorted(int(k) for k in before), "plans": plans, "before": before},
        )


def _change_task(task: Task, values: dict[str, Any], *, on: dt.date) -> dict[str, Any]:
    """Write the cells of one task that differ; returns what they were."""
    old: dict[str, Any] = {}
    for cell in (*_CELLS, "review"):
        if cell in values and values[cell] != getattr(task, cell):
            old[cell] = getattr(task, cell)
            setattr(task, cell, values[cell])
    if "text" in old and not task.text.strip():
        raise refuse("draft.text", "具体要求不能为空。", "text")
    if task.review and task.review not in EVERY:
        raise refuse("task.review", f"复核周期“{task.review}”不认得。", "review")
    if {"text", "deadline_raw"} & old.keys():
        task.deadlines = intake.dated(task.text, task.deadline_raw, task.plan.year)
    if old:
        task.save()
    owners = owners_of(task)
    named = {k: values[k] for k in owners if k in values and values[k] != owners[k]}
    if named:
        old |= {k: owners[k] for k in named}
        row = {**owners, **named}
        task.responsibilities.all().delete()
        name_owners([task], [row], Binder(tree_of(task.plan.issued_on, on), task.plan.body_id), on=on)
    return old


def owners_of(task: Task) -> dict[str, list[str]]:
    """Names printed for a task, by part."""
    out: dict[str, list[str]] = {"lead": [], "support": [], "persons": []}
    for r in task.responsibilities.all():
        out["persons" if r.part == Part.PERSON else r.part].append(r.printed)
    return out


def undo_tasks(event: Event, *, actor: Viewer, on: dt.date) -> Event | None:
    """Undo a batch of corrections: its cells become what they were."""
    if event.verb != "change_tasks":
        raise refuse("task.undo", "这一步不能撤销。")
    before = {int(k): v for k, v in event.data["before"].items()}
    later = Event.objects.filter(subject="task", verb="change_tasks", seq__gt=event.seq)
    if any(before.keys() & set(e.data["tasks"]) for e in later):
        raise refuse("task.undo", "这些任务后来又改过，不能直接撤销；请改回您要的内容。")
    return change_tasks(before, actor=actor, on=on, reason=f"撤销第{event.seq}条")


def tell_happening(task: Task, deadline: int, day: dt.date, *, actor: Viewer, on: dt.date, text: str = "") -> Happening:
    """Tell that the event a relative deadline runs from happened on a day; a date is then owed."""
    demand(actor, "task.schedule", of_plan(task.plan))
    if not 1 <= deadline <= len(task.deadlines) or task.deadlines[deadline - 1]["kind"] != "within_days":
        raise refuse("task.happening", "这一条时限不是从某件事起算的。")
    if day > on:
        raise refuse("task.future", f"{day:%Y-%m-%d}还没有到，事情发生后再填。", "day")
    with transaction.atomic():
        made, new = Happening.objects.get_or_create(task=task, deadline=deadline, on=day, defaults={"text": text[:200]})
        if not new:
            raise refuse("task.happened", "这一天已经填过了。", "day")
        record_event(
            "happen", "task", task.pk, actor=actor, on=on, reason=text, payload={"deadline": deadline, "day": day}
        )
    return made


def bind_name(task: Task, printed: str, organisations: Sequence[int], *, actor: Viewer, on: dt.date) -> int:
    """Say what a printed name means; every task of the body that prints it and was not bound takes it."""
    demand(actor, "task.change", of_plan(task.plan))
    with transaction.atomic():
        remember_answer(task.plan.body_id, printed, organisations, actor=actor, on=on)
        same = Responsibility.objects.filter(
            task__plan__body=task.plan.body_id, printed=printed, task__plan__year=task.plan.year
        ).select_related("task")
        plans = set()
        for responsibility in same:
            responsibility.organisations.set(organisations)
            responsibility.how = "answered"
            responsibility.save(update_fields=["how"])
            plans.add(responsibility.task.plan_id)
        record_event(
            "bind",
            "task",
            task.pk,
            actor=actor,
            on=on,
            payload={"printed": printed, "means": list(organisations), "plans": sorted(plans)},
        )
    return len(same)
