"""The follower that keeps the ledger in step with the log, and the rebuild from nothing."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from gongkai.base.clock import now, today
from gongkai.base.models import Cursor, Event
from gongkai.cases import reads as cases
from gongkai.law.duties import Owed
from gongkai.ledger.models import Bearer, Duty, Evidence, EvidenceState, Matter, Report, Settlement
from gongkai.plans import reads as plans
from gongkai.records.models import Record, Standing
from gongkai.scheme import reads as scheme

Key = tuple[str, int]
Key2 = tuple[int, str]


class LedgerFollower:
    """Refreshes the matters that an event touched."""

    name = "ledger"

    def follow(self, events: Sequence[Event]) -> None:
        """Plans and tasks that changed are derived again; settlements and reports touch their own matter.

        A withdrawn plan owes nothing, so its matters go; restored, it owes again. A record that is written or goes out
        may start or move the clocks of the lines of the scheme under which it falls.
        """
        sheets: set[int] = set()
        tasks: set[int] = set()
        schemes: set[int] = set()
        lines: set[int] = set()
        records: set[int] = set()
        gone: set[str] = set()
        asked: set[int] = set()
        for event in events:
            if event.subject == "case":
                asked.add(int(event.subject_id))
            elif event.subject == "scheme":
                schemes.update(filter(None, (int(event.subject_id), event.data.get("replaces"))))
            elif event.subject == "record":
                records.update(event.data.get("records", [int(event.subject_id)]))
                if event.verb == "drop":
                    gone.add(f"f{event.subject_id}")
            elif event.subject == "plan":
                sheets.add(int(event.subject_id))
            elif event.subject == "task":
                data = event.data
                sheets.update(data.get("plans", []) if event.verb == "bind" else [])
                tasks.update(data.get("tasks", [int(event.subject_id)]))
            elif event.subject == "matter":
                (tasks if event.data["source"] == "plan" else lines).add(int(event.data["source_id"]))
        if asked:
            refresh(cases.duties(asked), within=Matter.objects.filter(source="case", source_id__in=asked))
        if sheets:
            refresh(plans.owed(plans=sheets), within=Matter.objects.filter(source="plan", sheet__in=sheets))
        if tasks:
            refresh(plans.owed(tasks=tasks), within=Matter.objects.filter(source="plan", source_id__in=tasks))
        if schemes:
            refresh(scheme.duties(schemes=schemes), within=Matter.objects.filter(source="scheme", sheet__in=schemes))
        if records - {0}:
            touched = Record.objects.filter(pk__in=records - {0}).only("pk", "owner", "kind")
            lines.update(owner.pk for owners in scheme.owners_of_each(touched).values() for owner in owners)
        if gone:  # a dropped draft started clocks and cannot say of which lines any more
            began = Duty.objects.filter(clock__in=gone, matter__source="scheme")
            lines.update(began.values_list("matter__source_id", flat=True))
        if records:
            proved = Evidence.objects.filter(record__in=records, source="scheme", state=EvidenceState.ACCEPTED)
            lines.update(proved.values_list("source_id", flat=True))
        if lines:
            refresh(scheme.duties(owners=lines), within=Matter.objects.filter(source="scheme", source_id__in=lines))

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
    while chunk := list(itertools.islice(iterator, 500)):
        _write(chunk)
        seen.update((o.source, o.source_id) for o in chunk)
        count += len(chunk)
    stale = [m.pk for m in within.only("id", "source", "source_id") if (m.source, m.source_id) not in seen]
    for at in range(0, len(stale), 500):
        Matter.objects.filter(pk__in=stale[at : at + 500]).delete()
    return count


def derived(o: Owed, settled: Mapping[str, dt.date]) -> tuple[Matter, list[Duty]]:
    """The matter and the duties of what is owed, unsaved; `settled` are the days on which its clocks were met."""
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
    )
    duties = [
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
            settled_on=c.met or settled.get(c.clock),
        )
        for c in o.occurrences
    ]
    undone = [d for d in duties if d.settled_on is None]
    matter.count, matter.todo = len(duties), len(undone)
    matter.waiting = sum(1 for d in undone if d.due is None)
    matter.next_due = min((d.due for d in undone if d.due), default=None)
    matter.last_due = max((d.due for d in duties if d.due), default=None)
    matter.assumed = any(d.assumed for d in undone)
    return matter, duties


def _write(chunk: list[Owed]) -> None:
    by_source: dict[str, list[int]] = defaultdict(list)
    for o in chunk:
        by_source[o.source].append(o.source_id)
    settled: dict[Key, dict[str, dt.date]] = defaultdict(dict)
    reported: dict[Key, dt.date] = {}
    asked: dict[Key, dt.date] = {}
    for source, ids in by_source.items():
        for pk, clock, on in Settlement.objects.filter(source=source, source_id__in=ids).values_list(
            "source_id", "clock", "on"
        ):
            settled[source, pk][clock] = on
        for pk, clock in lapsed(source, ids):
            settled[source, pk].pop(clock, None)
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
        matter, own = derived(o, settled[key])
        matter.reported_on = reported.get(key)
        matter.asked_on = asked.get(key) if matter.todo else None
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


def lapsed(source: str, ids: Iterable[int]) -> set[Key2]:
    """Clocks of lines of a scheme that were met by evidence, none of which is out any more (已撤回，佐证失效)."""
    if source != "scheme":
        return set()
    proved = Evidence.objects.filter(source=source, source_id__in=list(ids), state=EvidenceState.ACCEPTED)
    out: dict[Key2, bool] = {}
    for pk, clock, standing in proved.values_list("source_id", "clock", "record__standing"):
        out[pk, clock] = out.get((pk, clock), False) or standing == Standing.PUBLISHED
    return {key for key, alive in out.items() if not alive}


DAY = "ledger-day"
"""The cursor that holds the day for which recurring duties were last derived, as its ordinal."""


def turn_of_day(day: dt.date | None = None) -> int:
    """Derive what the calendar alone changes: the new year's periods on 1 January, schemes that begin or end on a day.

    Done once for each day and safe to call at any time; returns how many matters were written.
    """
    day = day or today()
    Cursor.objects.get_or_create(name=DAY)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=DAY)
        if cursor.seq == day.toordinal():
            return 0
        # The ledger's own follower waits meanwhile, as it writes the same rows.
        Cursor.objects.select_for_update().filter(name=LedgerFollower.name).first()
        last = dt.date.fromordinal(cursor.seq) if cursor.seq else None
        done = 0
        if last is None or last.year != day.year:
            done = refresh(scheme.duties(), within=Matter.objects.filter(source="scheme"))
        elif turned := scheme.turned(min(last, day), max(last, day)):
            within = Matter.objects.filter(source="scheme", sheet__in=turned)
            done = refresh(scheme.duties(schemes=turned), within=within)
        cursor.seq, cursor.at = day.toordinal(), now()
        cursor.save()
    return done


def rebuild(told: Callable[[int], None] | None = None) -> int:
    """Empty the ledger and derive all of it again, in one transaction: readers see the old one until it is done."""
    count = 0
    with transaction.atomic():
        LedgerFollower().reset()
        iterator = itertools.chain(plans.owed(), scheme.duties(), cases.duties())
        while chunk := list(itertools.islice(iterator, 500)):
            _write(chunk)
            count += len(chunk)
            if told is not None:
                told(len(chunk))
    return count
