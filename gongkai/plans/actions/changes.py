"""A ledger that came back: cells that differ, proposed and taken."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from gongkai.base.actions import keep_file, record_event
from gongkai.base.clock import now
from gongkai.base.issues import refuse
from gongkai.base.models import Event
from gongkai.orgs.rules import Thing, Viewer, demand
from gongkai.papers import PaperRefused, read_bytes
from gongkai.plans import intake
from gongkai.plans.actions.drafts import locked
from gongkai.plans.actions.tasks import change_tasks, owners_of
from gongkai.plans.export import KEY, NOTHING, cells_of
from gongkai.plans.intake import Row
from gongkai.plans.models import Draft, Task


def propose_changes(data: bytes, name: str, body: int, *, actor: Viewer, on: dt.date) -> Draft | None:
    """A ledger that came back: cells that differ become a draft of proposed changes; None when nothing does."""
    demand(actor, "plan.import", Thing(body))
    try:
        came = cells_of(read_bytes(data, name))
    except PaperRefused as error:
        raise refuse("plan.file", str(error), "file") from error
    if not came:
        raise refuse("plan.no_keys", f"“{name}”里没有“{KEY}”一列：请用从台账导出的表格改，不要删这一列。", "file")
    tasks = Task.objects.filter(pk__in=came, plan__body__in=actor.governed | actor.bodies, plan__withdrawn_on=None)
    others = 0
    rows: list[Row] = []
    for task in tasks.select_related("plan").prefetch_related("responsibilities").order_by("plan", "position"):
        for cell, before in printed_cells(task).items():
            after = came[task.pk].get(cell, before)
            if _squeezed(after) == _squeezed(before):
                continue
            if task.plan.body_id not in actor.governed:
                others += 1
            else:
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
    said = f"另有{others}处改动在您不主管的方案里，没有列出：请交给那个机关的主管部门。" if others else ""
    if not rows:
        if others:
            raise refuse("plan.not_yours", f"{said}您主管的方案没有改动。", "file")
        return None
    with transaction.atomic():
        file = keep_file(data, name)
        draft = Draft.objects.create(
            body_id=body,
            file=file,
            head={"title": f"{file.name}带回的修改"},
            changes=True,
            rows=rows,
            notes=[said] if said else [],
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
        "deadline_raw": task.printed_due,
    }


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def take_changes(pk: int, keys: Sequence[str], *, actor: Viewer, on: dt.date) -> Event | None:
    """Take the ticked ones of the proposed changes into the ledger, as one batch that can be undone."""
    with transaction.atomic():
        draft = locked(pk, actor)
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
