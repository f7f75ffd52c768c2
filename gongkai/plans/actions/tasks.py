"""Verbs on plans and tasks: correct, undo, withdraw, restore, tell what a limit waits for, bind a name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.base.models import Event
from gongkai.orgs.actions import remember_answer
from gongkai.orgs.binding import Binder, Binding
from gongkai.orgs.models import Post
from gongkai.orgs.reads import in_office
from gongkai.orgs.rules import Viewer, demand
from gongkai.plans import intake
from gongkai.plans.intake import Row
from gongkai.plans.models import Happening, Named, Part, Plan, Responsibility, Task
from gongkai.plans.reads import named_people, tree_of
from gongkai.plans.rules import of_plan
from gongkai.plans.schedule import EVERY, renumbered, runs_from_issue


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
                highest=len(row["deadlines"]),
            )
            for position, row in enumerate(rows, 1)
        ],
        batch_size=500,
    )
    binder = Binder(tree_of(plan.issued_on, on, plan.body_id), plan.body_id)
    name_owners(tasks, rows, binder, on=on)
    return tasks


def name_owners(tasks: Sequence[Task], rows: Sequence[Row], binder: Binder, *, on: dt.date) -> None:
    """Write who is named for each task, and bind the names. Inside the transaction of its caller."""
    printed = {p for r in rows for p in r["persons"]}
    people = named_people(printed, binder.tree.subtree(binder.body)) if printed else {}
    at_post = dict(
        Post.objects.filter(in_office(on), person__in=[p.pk for p in people.values()])
        .order_by("since")
        .values_list("person_id", "organisation_id")
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
    """撤下: take a plan out of the ledger, with a reason; what was done on it stays and can be looked at."""
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


def restore_plan(plan: Plan, *, actor: Viewer, on: dt.date, reason: str = "") -> None:
    """恢复: a withdrawn plan owes again what it owed; reports and settlements name their matters still."""
    demand(actor, "plan.withdraw", of_plan(plan))
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        if not plan.withdrawn_on:
            raise refuse("plan.stands", "这份方案没有撤下，不用恢复。")
        plan.withdrawn_on = None
        plan.save(update_fields=["withdrawn_on"])
        record_event("restore", "plan", plan.pk, actor=actor, on=on, reason=reason.strip())


_CELLS = ("no", "path", "text", "deadline_raw")


def change_tasks(changes: dict[int, dict[str, Any]], *, actor: Viewer, on: dt.date, reason: str = "") -> Event | None:
    """Correct tasks that stand in the ledger, many at once; one event holds what was before, for `undo_tasks`.

    changes  task id → {no, path, text, deadline_raw, lead, support, persons, review} of what is to be other; from
             `undo_tasks` with the deadlines as they were and their numbers
    """
    with transaction.atomic():
        tasks = {
            t.pk: t
            for t in Task.objects.select_for_update()
            .select_related("plan")
            .prefetch_related("responsibilities")
            .filter(pk__in=changes)
            .order_by("pk")
        }
        if missing := changes.keys() - tasks.keys():
            raise refuse("task.gone", f"有{len(missing)}项任务已经不在了，请刷新页面。")
        before: dict[str, dict[str, Any]] = {}
        for pk, values in changes.items():
            task = tasks[pk]
            demand(actor, "task.change", of_plan(task.plan))
            _stands(task.plan)
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


def _stands(plan: Plan) -> None:
    """Nothing more is done on a plan that was withdrawn."""
    if plan.withdrawn_on:
        raise refuse("plan.withdrawn", f"《{plan.title}》已在{plan.withdrawn_on:%Y-%m-%d}撤下，不能再改。")


def _change_task(task: Task, values: dict[str, Any], *, on: dt.date) -> dict[str, Any]:
    """Write the cells of one task that differ; returns what they were."""
    old: dict[str, Any] = {}
    for cell in (*_CELLS, "review"):
        if cell in values and values[cell] != getattr(task, cell):
            old[cell] = getattr(task, cell)
            setattr(task, cell, values[cell])
    for cell, most in (("no", 20), ("deadline_raw", 200)):
        if len(getattr(task, cell)) > most:
            raise refuse("task.long", f"{intake.LABELS[cell]}最多{most}个字。", cell)
    if "text" in old and not task.text.strip():
        raise refuse("draft.text", "具体要求不能为空。", "text")
    if task.review and task.review not in EVERY:
        raise refuse("task.review", f"复核周期“{task.review}”不认得。", "review")
    if {"text", "deadline_raw"} & old.keys():
        typed = "deadline_raw" in old
        old |= {"deadlines": task.deadlines, "numbers": task.numbers}
        if "deadlines" in values:
            # Undone: what was read stands again under its old numbers, which reading it again might not give.
            task.deadlines, task.numbers = values["deadlines"], values["numbers"]
        else:
            made = intake.dated(task.text, task.deadline_raw, task.plan.year, typed=typed)
            if made != task.deadlines:
                highest = _highest(task)
                task.numbers = renumbered(task.numbered, made, highest)
                task.deadlines, task.highest = made, max([highest, *task.numbers])
    if old:
        task.save()
    owners = owners_of(task)
    named = {k: values[k] for k in owners if k in values and values[k] != owners[k]}
    if named:
        old |= {k: owners[k] for k in named}
        row = {**owners, **named}
        task.responsibilities.all().delete()
        name_owners(
            [task], [row], Binder(tree_of(task.plan.issued_on, on, task.plan.body_id), task.plan.body_id), on=on
        )
    return old


def _highest(task: Task) -> int:
    """The highest number that a deadline of the task ever had.

    Tasks that were corrected before numbers were kept may have lost deadlines on which something was told or settled:
    the happenings and the log still name them.
    """
    known = [task.highest, len(task.deadlines), *task.numbers]
    if not task.highest:
        known += task.happenings.values_list("deadline", flat=True)
        for event in Event.objects.filter(subject="matter", subject_id=f"plan-{task.pk}", verb="settle"):
            known += [int(n) for clock in event.data["clocks"] for n in re.findall(r"^(?:by|in|r)(\d+)", clock)]
    return max(known)


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
    """Tell that the event a relative deadline runs from happened on a day; a date is then owed.

    `deadline` is the number of the limit in its task.
    """
    demand(actor, "task.schedule", of_plan(task.plan))
    _stands(task.plan)
    limit = dict(task.numbered).get(deadline)
    if limit is None or limit["kind"] != "within_days":
        raise refuse("task.happening", "这一条时限不是从某件事起算的。")
    if runs_from_issue(limit) and task.plan.issued_on:
        raise refuse("task.issue", "这条时限从方案印发之日起算：请改方案的印发日期。", "day")
    if not 2000 <= day.year <= 2100:
        raise refuse("task.day", f"“{day}”不像是事情发生的日期，请检查年份。", "day")
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
    _stands(task.plan)
    with transaction.atomic():
        remember_answer(task.plan.body_id, printed, organisations, actor=actor, on=on)
        same = Responsibility.objects.filter(
            task__plan__body=task.plan.body_id, printed=printed, task__plan__year=task.plan.year
        ).select_related("task")
        plans = set()
        for responsibility in same:
            responsibility.organisations.set(organisations)
            responsibility.how, responsibility.group = "answered", len(organisations) > 1
            responsibility.save(update_fields=["how", "group"])
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
