"""The follower that keeps the ledger in step with the log, and the rebuild from nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from gongkai.base.models import Event
from gongkai.ledger.models import Bearer, Duty, Matter, Report, Settlement
from gongkai.plans import reads as plans
from gongkai.plans.reads import Owed

Key = tuple[str, int]


class LedgerFollower:
    """Refreshes the matters that an event touched."""

    name = "ledger"

    def follow(self, events: Sequence[Event]) -> None:
        """Plans and tasks that changed are derived again; settlements and reports touch their own matter."""
        sheets: set[int] = set()
        tasks: set[int] = set()
        gone: set[int] = set()
        for event in events:
            if event.subject == "plan":
                (gone if event.verb == "withdraw" else sheets).add(int(event.subject_id))
            elif event.subject == "task":
                data = event.data
                sheets.update(data.get("plans", []) if event.verb == "bind" else [])
                tasks.update(data.get("tasks", [int(event.subject_id)]))
            elif event.subject == "matter":
                tasks.add(int(event.data["source_id"]))
        if gone:
            Matter.objects.filter(source="plan", sheet__in=gone).delete()
        if sheets - gone:
            refresh(plans.owed(plans=sheets - gone), within=Matter.objects.filter(source="plan", sheet__in=sheets))
        if tasks:
            refresh(plans.owed(tasks=tasks), within=Matter.objects.filter(source="plan", source_id__in=tasks))

    def reset(self) -> None:
        """Empty what is derived. The facts stay."""
        with connection.cursor() as cursor:
            # Three plain statements: the cascade of the ORM would read a million rows in order to delete them.
            for model in (Bearer, Duty, Matter):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def refresh(owed: Iterable[Owed], within: QuerySet[Matter]) -> int:
    """Write what is owed, in place of what stood for the same sources; returns how many matters that were.

    `within` are the matters that may be gone: those of them that are no longer owed are deleted.
    """
    seen: set[Key] = set()
    count = 0
    iterator = iter(owed)
    while chunk := list(islice(iterator, 500)):
        _write(chunk)
        seen.update((o.source, o.source_id) for o in chunk)
        count += len(chunk)
    stale = [m.pk for m in within.only("id", "source", "source_id") if (m.source, m.source_id) not in seen]
    for at in range(0, len(stale), 500):
        Matter.objects.filter(pk__in=stale[at : at + 500]).delete()
    return count


def _write(chunk: list[Owed]) -> None:
    by_source: dict[str, list[int]] = defaultdict(list)
    for o in chunk:
        by_source[o.source].append(o.source_id)
    settled: dict[tuple[str, int, str], dt.date] = {}
    reported: dict[Key, dt.date] = {}
    asked: dict[Key, dt.date] = {}
    for source, ids in by_source.items():
        for pk, clock, on in Settlement.objects.filter(source=source, source_id__in=ids).values_list(
            "source_id", "clock", "on"
        ):
            settled[source, pk, clock] = on
        standing = Report.objects.filter(source=source, source_id__in=ids)
        for pk, day in standing.values_list("source_id").annotate(day=Max("on")).order_by():
            reported[source, pk] = day
        for pk, day in (
            standing.filter(finished=True, returned_on=None).values_list("source_id").annotate(day=Max("on")).order_by()
        ):
            asked[source, pk] = day
        old = Matter.objects.filter(source=source, source_id__in=ids)
        Duty.objects.filter(matter__in=old).delete()
        Bearer.objects.filter(matter__in=old).delete()
    matters: list[Matter] = []
    duties: list[Duty] = []
    bearers: list[Bearer] = []
    for o in chunk:
        key = (o.source, o.source_id)
        matter = Matter(
            source=o.source,
            source_id=o.source_id,
            body=o.body,
            sheet=o.sheet,
            year=o.year,
            position=o.position,
            title=o.title,
            heading=o.heading[:400],
            basis=o.basis[:400],
            reported_on=reported.get(key),
        )
        own = [
            Duty(
                matter=matter,
                clock=c.clock,
                due=c.due,
                opens=c.opens,
                label=c.label[:40],
                waits=c.waits[:200],
                basis=c.basis[:240],
                assumed=c.assumed,
                past=c.past,
                provisional=c.provisional,
                settled_on=settled.get((o.source, o.source_id, c.clock)),
            )
            for c in o.occurrences
        ]
        undone = [d for d in own if d.settled_on is None]
        matter.count, matter.todo = len(own), len(undone)
        matter.waiting = sum(1 for d in undone if d.due is None)
        matter.next_due = min((d.due for d in undone if d.due), default=None)
        matter.last_due = max((d.due for d in own if d.due), default=None)
        matter.assumed = any(d.assumed for d in undone)
        matter.asked_on = asked.get(key) if undone else None
        matters.append(matter)
        duties += own
    columns = [f.name for f in Matter._meta.concrete_fields if f.name not in ("id", "source", "source_id")]
    Matter.objects.bulk_create(
        matters,
        update_conflicts=True,
        unique_fields=["source", "source_id"],
        update_fields=columns,
    )
    for o, matter in zip(chunk, matters, strict=True):
        for (organisation, part), group in o.bearers.items():
            bearers.append(
                Bearer(matter=matter, organisation=organisation, part=part, group=group, body=o.body, year=o.year)
            )
    Duty.objects.bulk_create(duties, batch_size=1000)
    Bearer.objects.bulk_create(bearers, batch_size=1000)


def rebuild(told: Callable[[int], None] | None = None) -> int:
    """Empty the ledger and derive all of it again, in one transaction: readers see the old one until it is done."""
    count = 0
    with transaction.atomic():
        LedgerFollower().reset()
        iterator = iter(plans.owed())
        while chunk := list(islice(iterator, 500)):
            _write(chunk)
            count += len(chunk)
            if told is not None:
                told(len(chunk))
    return count
