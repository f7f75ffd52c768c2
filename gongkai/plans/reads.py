"""Reading plans: who may see them, what they owe, what a draft's names mean."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from gongkai.base.models import Event
from gongkai.law.duties import Owed
from gongkai.orgs.models import Person
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer
from gongkai.orgs.tree import Tree
from gongkai.plans.models import Draft, Happening, Named, Part, Plan, Task
from gongkai.plans.schedule import occurrences


def visible(viewer: Viewer) -> QuerySet[Plan]:
    """Plans of the bodies the viewer belongs to, and of those they govern; withdrawn ones too (they say so)."""
    return Plan.objects.filter(body__in=viewer.bodies | viewer.governed)


def withdrawals(plan: Plan) -> list[Event]:
    """When a plan was withdrawn and restored, by whom and why, the last first."""
    told = Event.objects.filter(subject="plan", subject_id=str(plan.pk), verb__in=("withdraw", "restore"))
    return list(told.order_by("-seq"))


def again(plan: Plan) -> Plan | None:
    """Another plan of the body that stands and was read from the same file: the two together owe everything twice."""
    if plan.file_id is None:
        return None
    same = Plan.objects.filter(file=plan.file_id, body=plan.body_id, withdrawn_on=None)
    return same.exclude(pk=plan.pk).order_by("-pk").first()


def drafts(viewer: Viewer) -> QuerySet[Draft]:
    """Drafts under intake that the viewer may work at."""
    return Draft.objects.filter(body__in=viewer.governed, plan__isnull=True).select_related("file", "person")


def owed(
    plans: Iterable[int] | None = None, tasks: Iterable[int] | None = None, *, withdrawn: bool = False
) -> Iterator[Owed]:
    """What the tasks of the plans, or the tasks, owe; all that stand when neither is said. Lazy, in batches.

    With `withdrawn` what those of withdrawn plans would owe: to be looked at, never written to the ledger.
    """
    wanted = Task.objects.filter(plan__withdrawn_on__isnull=not withdrawn).select_related("plan").order_by("id")
    if plans is not None:
        wanted = wanted.filter(plan__in=list(plans))
    if tasks is not None:
        wanted = wanted.filter(id__in=list(tasks))
    trees: dict[dt.date, Tree] = {}
    batch: list[Task] = []
    for task in wanted.iterator(chunk_size=1000):
        batch.append(task)
        if len(batch) == 1000:
            yield from _owed(batch, trees)
            batch = []
    yield from _owed(batch, trees)


def _owed(tasks: list[Task], trees: dict[dt.date, Tree]) -> Iterator[Owed]:
    ids = [t.pk for t in tasks]
    bearers: dict[int, dict[tuple[int, str], bool]] = defaultdict(dict)
    rows = Named.objects.filter(responsibility__task__in=ids).values_list(
        "responsibility__task_id", "responsibility__part", "responsibility__group", "organisation_id"
    )
    for of_task, part, group, organisation in rows:
        key = (organisation, Part.LEAD.value if part == Part.PERSON else part)
        bearers[of_task][key] = bearers[of_task].get(key, True) and group
    happened: dict[int, dict[int, list[dt.date]]] = defaultdict(lambda: defaultdict(list))
    for h in Happening.objects.filter(task__in=ids).order_by("on"):
        happened[h.task_id][h.deadline].append(h.on)
    for task in tasks:
        plan = task.plan
        # Who leads does not also support.
        own = bearers[task.pk]
        yield Owed(
            source="plan",
            source_id=task.pk,
            body=plan.body_id,
            sheet=plan.pk,
            year=plan.year,
            position=task.position,
            title=task.text,
            heading=" › ".join(task.path),
            basis=f"《{plan.title}》" + (f"第{task.no}项" if task.no else ""),
            occurrences=occurrences(
                task.deadlines,
                text=task.text,
                year=plan.year,
                issued_on=plan.issued_on,
                review=task.review,
                happenings=happened[task.pk],
                numbers=task.numbers,
            ),
            bearers={k: v for k, v in own.items() if k[1] == "lead" or (k[0], "lead") not in own},
        )


def named_people(names: Iterable[str], within: set[int]) -> dict[str, Person]:
    """People by printed name (牛犇同志 → 牛犇), where exactly one of that name holds a post in the organisations."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for printed in names:
        wanted[printed.removesuffix("同志")].append(printed)
    found: dict[str, dict[int, Person]] = defaultdict(dict)
    people = Person.objects.filter(name__in=list(wanted), is_active=True, posts__organisation__in=within)
    for person in people:
        for printed in wanted[person.name]:
            found[printed][person.pk] = person
    return {printed: next(iter(p.values())) for printed, p in found.items() if len(p) == 1}


def tree_of(plan_day: dt.date | None, today: dt.date, body: int) -> Tree:
    """The tree on the day of a plan: names that it prints are bound to what stood then.

    Where the body itself was entered as beginning later, the tree of that day tells nothing: today's is taken.
    """
    tree = tree_on(plan_day or today)
    return tree if body in tree and not tree[body].gone else tree_on(today)
