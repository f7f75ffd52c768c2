"""The ledger at the desk: the list, changes to many tasks at once, the way out as xlsx and docx."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.clock import now
from gongkai.base.issues import refuse
from gongkai.base.models import Event
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import day_of, number_of
from gongkai.ledger import reads
from gongkai.ledger.models import Duty, Matter
from gongkai.ledger.reads import KINDS, Filter
from gongkai.ledger.rules import LABELS, Status, status_of
from gongkai.orgs.rules import Viewer
from gongkai.papers.writing import write_docx, write_xlsx
from gongkai.plans import actions as plan_actions
from gongkai.plans.export import Line, ledger_sheet
from gongkai.plans.intake import names_in
from gongkai.plans.models import Part, Plan, Responsibility, Task
from gongkai.plans.reads import visible as visible_plans
from gongkai.plans.schedule import EVERY


def filter_of(request: DeskRequest, years: list[int]) -> Filter:
    """The filter that an address says; a number or word that means nothing is passed over, a bad date refused.

    Where neither year nor plan is said it is the newest of `years`: what a clerk comes for.
    """
    get = request.GET
    year = number_of(get, "year")
    if not get.keys() & {"year", "plan", "since"} and years:
        year = years[0]
    organisation = number_of(get, "org")
    tree = request.viewer.tree
    return Filter(
        year=year,
        since=number_of(get, "since"),
        sheet=number_of(get, "plan"),
        organisations=frozenset(tree.line([organisation]))
        if organisation in tree.nodes and organisation
        else frozenset(),
        printed=get["org"][2:122] if get.get("org", "").startswith("n:") else "",
        part=get.get("part", "") if get.get("part") in (Part.LEAD, Part.SUPPORT) else "",
        groups=get.get("groups") == "1",
        status=get.get("status", ""),
        due_from=day_of(get.get("from", ""), "时限起", field="from"),
        due_to=day_of(get.get("to", ""), "时限止", field="to"),
        kind=get.get("kind", "") if get.get("kind") in KINDS else "",
        text=get.get("q", "").strip()[:60],
        source="plan",
    )


def narrowed_to(request: DeskRequest, chosen: Filter, plans: list[Plan]) -> list[str]:
    """What a list is narrowed to, in words: the line that is left of the filters when they are folded."""
    tree = request.viewer.tree
    organisation = number_of(request.GET, "org")
    unit = tree.short(organisation) if chosen.organisations and organisation else chosen.printed
    first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (chosen.due_from, chosen.due_to))
    due = "至".join(dict.fromkeys(day for day in (first, last) if day))
    due += "起" if first and not last else "止" if last and not first else ""
    words = [
        f"{chosen.year}年" if chosen.year else "",
        f"{chosen.since}年起" if chosen.since else "",
        next((p.title for p in plans if p.pk == chosen.sheet), "已撤下或看不到的方案") if chosen.sheet else "",
        # Part and words for many narrow only together with a unit.
        f"{Part(chosen.part).label} {unit}" if unit and chosen.part else unit,
        "含统称" if unit and chosen.groups else "",
        LABELS[Status(chosen.status)] if chosen.status in set(Status) else "",
        KINDS.get(chosen.kind, ""),
        f"时限{due}" if due else "",
        f"“{chosen.text}”" if chosen.text else "",
    ]
    return [*(w for w in words if w)]


def scope_of(request: DeskRequest) -> QuerySet[Matter]:
    """All that the viewer may see, or (`scope=watched`) what they govern and what their organisations bear."""
    if request.GET.get("scope") == "watched":
        return reads.watched(request.viewer)
    return reads.visible(request.viewer)


@require_safe
def ledger(request: DeskRequest) -> HttpResponse:
    """台账: the table in the form superiors use, grouped by heading."""
    viewer = request.viewer
    years = reads.years(viewer)
    chosen = filter_of(request, years)
    everything = scope_of(request)
    found = chosen.applied(everything, viewer.day)
    page = Paginator(reads.listed(found), reads.PAGE).get_page(request.GET.get("page"))
    matters = list(page)
    counted = reads.counts(replace(chosen, status="").applied(everything, viewer.day), viewer.day)
    plans = list(visible_plans(viewer).filter(withdrawn_on=None).order_by("-year", "id"))
    query = {k: v for k, v in request.GET.items() if v and k not in ("page", "status")}
    context = {
        "page": page,
        "groups": grouped(lines_of(matters, viewer.day, viewer.governed), {p.pk: p for p in plans}),
        "filter": chosen,
        "narrowed": narrowed_to(request, chosen, plans),
        "scope": "watched" if request.GET.get("scope") == "watched" else "",
        "org": request.GET.get("org", ""),
        "unbound": [(f"n:{name}", name) for name in reads.unbound(viewer, chosen.year)],
        "query": urlencode({**query, **({"status": chosen.status} if chosen.status else {})}),
        "tabs": [
            (s.value, LABELS[s], counted[s], urlencode({**query, "status": s.value})) for s in Status if counted[s]
        ],
        "all_query": urlencode(query),
        "total": sum(counted.values()),
        "years": years,
        "plans": plans,
        "organisations": organisations_named(viewer, chosen),
        "kinds": KINDS,
        "every": EVERY,
        "governs": bool(viewer.governed),
        "undo": _undoable(request),
        "empty": not matters and not everything.exists(),
    }
    return render(request, "desk/ledger.html", context)


def organisations_named(viewer: Viewer, chosen: Filter) -> list[tuple[int, str]]:
    """Organisations that bear anything in what is seen, for the filter; by name."""
    tree = viewer.tree
    standing = {s for pk in reads.organisations(viewer, chosen.year) for s in (tree.standing(pk) or [pk])}
    return sorted(((pk, tree.short(pk)) for pk in standing if pk in tree), key=lambda x: x[1])


def _undoable(request: DeskRequest) -> Event | None:
    """The viewer's last batch of corrections, while it is fresh (an hour) and the last of theirs."""
    if not request.viewer.governed:
        return None
    last = (
        Event.objects.filter(subject="task", verb="change_tasks", person=request.viewer.person_id)
        .order_by("-seq")
        .first()
    )
    if (
        last is None
        or last.on != request.viewer.day
        or last.at < now() - dt.timedelta(hours=1)
        or last.reason.startswith("撤销")
    ):
        return None
    return last


def lines_of(matters: list[Matter], today: dt.date, governed: frozenset[int] = frozenset()) -> list[dict[str, Any]]:
    """What the table shows of each matter: four queries for a page, however long."""
    ids = [m.source_id for m in matters if m.source == "plan"]
    tasks = Task.objects.in_bulk(ids)
    named: dict[int, dict[str, list[Responsibility]]] = defaultdict(lambda: defaultdict(list))
    for r in Responsibility.objects.filter(task__in=ids).order_by("task", "position"):
        named[r.task_id][r.part].append(r)
    duties: dict[int, list[Duty]] = defaultdict(list)
    for d in Duty.objects.filter(matter__in=[m.pk for m in matters]):
        duties[d.matter_id].append(d)
    newest = reads.latest_reports(matters)
    out = []
    for m in matters:
        # A line of a scheme may have the number of a task; nothing of the task is its own.
        of_plan = m.source == "plan"
        task = tasks.get(m.source_id) if of_plan else None
        by = named[m.source_id] if of_plan else defaultdict[str, list[Responsibility]](list)
        own = duties[m.pk]
        upcoming = next((d for d in own if d.settled_on is None), None)
        status = status_of(m, today)
        out.append(
            {
                "matter": m,
                "task": task,
                "lead": by[Part.LEAD] or by[Part.PERSON],
                "support": by[Part.SUPPORT],
                "persons": by[Part.PERSON] if by[Part.LEAD] else [],
                "printed_due": task.printed_due if task else "",
                "next": upcoming,
                "done": m.count - m.todo,
                "report": newest.get(m.pk),
                "status": status,
                "label": LABELS[status],
                "governed": m.body in governed,
            }
        )
    return out


def grouped(lines: list[dict[str, Any]], plans: dict[int, Plan]) -> list[dict[str, Any]]:
    """Lines under their plan and heading."""
    out = []
    for (sheet, heading), inside in itertools.groupby(lines, key=lambda x: (x["matter"].sheet, x["matter"].heading)):
        out.append({"plan": plans.get(sheet), "sheet": sheet, "heading": heading, "lines": list(inside)})
    for before, after in itertools.pairwise(out):
        after["same_plan"] = before["sheet"] == after["sheet"]
    return out


@require_POST
def batch(request: DeskRequest) -> HttpResponse:
    """One change for all ticked tasks: review period, deadline or an owner more; undone in one step."""
    ids = [int(x) for x in request.POST.getlist("task") if x.isdigit()]
    if not ids:
        raise refuse("batch.none", "请先勾选要一起修改的任务。", "task")
    seen = reads.visible(request.viewer).filter(source="plan", source_id__in=ids).values_list("source_id", flat=True)
    what, value = request.POST.get("what", ""), request.POST.get("value", "").strip()
    changes: dict[int, dict[str, Any]] = {}
    for task in Task.objects.filter(pk__in=seen).prefetch_related("responsibilities"):
        if what == "review":
            changes[task.pk] = {"review": request.POST.get("every", "")}
        elif what == "deadline":
            changes[task.pk] = {"deadline_raw": value}
        elif what in (Part.LEAD, Part.SUPPORT):
            if not value:
                raise refuse("batch.value", "请写要添加的单位名称。", "value")
            names = plan_actions.owners_of(task)[what]
            changes[task.pk] = {what: [*names, *(n for n in names_in(value) if n not in names)]}
        else:
            raise refuse("batch.what", "请选要修改哪一栏。", "what")
    plan_actions.change_tasks(changes, actor=request.viewer, on=request.viewer.day)
    return redirect(f"{reverse('desk:ledger')}?{request.POST.get('query', '')}")


@require_POST
def undo(request: DeskRequest) -> HttpResponse:
    """撤销: the last batch of corrections becomes what it was."""
    event = Event.objects.filter(seq=number_of(request.POST, "seq") or 0, person=request.viewer.person_id).first()
    if event is None:
        raise Http404
    plan_actions.undo_tasks(event, actor=request.viewer, on=request.viewer.day)
    return redirect(f"{reverse('desk:ledger')}?{request.POST.get('query', '')}")


@require_safe
def export(request: DeskRequest, form: str) -> HttpResponse:
    """What the filter leaves, as the table superiors use."""
    viewer = request.viewer
    chosen = filter_of(request, reads.years(viewer))
    matters = list(reads.listed(chosen.applied(scope_of(request), viewer.day)))
    plans = {p.pk: p for p in visible_plans(viewer)}
    lines = []
    for row in lines_of(matters, viewer.day):
        task, m = row["task"], row["matter"]
        if task is None:
            continue
        lines.append(
            Line(
                key=task.pk,
                no=task.no,
                path=task.path,
                text=task.text,
                lead=[r.printed for r in row["lead"]],
                support=[r.printed for r in row["support"]],
                due=task.printed_due,
                progress=row["report"].text if row["report"] else "",
                status=row["label"] + (f"（{row['done']}/{m.count}）" if m.count > 1 else ""),
            )
        )
    titles = {m.sheet for m in matters}
    one = plans.get(next(iter(titles))) if len(titles) == 1 else None
    title = f"{one.title}台账" if one else f"{chosen.year or ''}政务公开工作台账"
    sheet = ledger_sheet(title, lines)
    data = write_xlsx(sheet) if form == "xlsx" else write_docx(sheet)
    return downloads.table(data, form, "ledger", f"{title}-{viewer.day:%Y%m%d}")
