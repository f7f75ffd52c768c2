"""今日 and 我的事项: what presses, what is mine, and the calendar of it."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from gongkai.cases.reads import visible as visible_cases
from gongkai.cases.reads import worked_for
from gongkai.desk.cases import today_of
from gongkai.desk.door import DeskRequest
from gongkai.desk.evidence import waiting_count
from gongkai.desk.ledger import lines_of
from gongkai.desk.matrix import due_filter
from gongkai.law.calendar import national
from gongkai.ledger import reads
from gongkai.ledger.models import Bearer, Duty, Matter
from gongkai.ledger.reads import Filter
from gongkai.ledger.rules import SOON, Status, current_since, in_status
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer
from gongkai.plans.models import Part
from gongkai.plans.reads import drafts
from gongkai.records.reads import REVIEWING, awaiting

LISTED = 20
SHOWN = 2
"""Of each part of what somebody decides: so many stand open on a phone, so that the first screen has all parts."""


@require_safe
def today(request: DeskRequest) -> HttpResponse:
    """今日: five numbers, one list sorted by what presses, the month beside it."""
    viewer = request.viewer
    day = viewer.day
    watched = reads.watched(viewer)
    # Numbers and lists that lead to the ledger count what the ledger lists: tasks of plans.
    everything = watched.filter(source="plan")
    since = current_since(day)
    matters = everything.filter(year__gte=since)
    tomorrow, week = day + dt.timedelta(1), day + dt.timedelta(7)
    # Each number is the count of the very list that its link opens.
    lists: list[tuple[str, Filter, str]] = [
        ("今天到期", Filter(source="plan", since=since, due_from=day, due_to=day), f"from={day}&to={day}"),
        ("已逾期", Filter(source="plan", since=since, status=Status.OVERDUE), "status=overdue"),
        (
            "七天内到期",
            Filter(source="plan", since=since, due_from=tomorrow, due_to=week),
            f"from={tomorrow}&to={week}",
        ),
        (
            "待我办结" if viewer.governed else "待办结",
            Filter(source="plan", since=since, status=Status.ASKED),
            "status=asked",
        ),
        ("待起算", Filter(source="plan", since=since, status=Status.WAITING), "status=waiting"),
    ]
    scope = f"scope=watched&since={since}"
    numbers = [(text, chosen.applied(everything, day).count(), f"?{scope}&{query}") for text, chosen, query in lists]
    pressing = reads.pressing(matters, day).order_by(
        F("asked_on").asc(nulls_last=True) if viewer.governed else "next_due", "next_due", "sheet", "position"
    )
    deciding = decides(viewer)
    parts = parts_of(viewer, matters, scope) if deciding else [part_of(viewer, "", pressing, f"?{scope}", LISTED)]
    parts += public_parts(viewer, watched)
    return render(
        request,
        "desk/today.html",
        {
            "numbers": numbers,
            "deciding": deciding,
            "parts": parts,
            "month": month_of(request, matters),
            "scope": scope,
            "drafts": list(drafts(viewer)[:5]) if viewer.governed else [],
            **records_waiting(viewer),
            "nothing": not watched.exists(),
            "proofs": waiting_count(viewer),
            "left": everything.filter(year__lt=since, todo__gt=0).count(),
            "case_today": today_of(viewer),
        },
    )


def records_waiting(viewer: Viewer) -> dict[str, Any]:
    """待我审: versions that stand before a gate of the viewer's; whoever reviews nothing is not shown the number."""
    reviews = {h.role for h in viewer.held} & set(REVIEWING)
    waiting = awaiting(viewer) if reviews else []
    tree = viewer.tree
    lines = [
        {"version": v, "gate": g, "owner": tree.short(v.record.owner_id) if v.record.owner_id in tree else ""}
        for v, g in waiting
    ]
    return {
        "reviews": bool(reviews),
        "waiting_me": lines[:SHOWN],
        "waiting_more": lines[SHOWN:LISTED],
        "waits": len(lines),
    }


def decides(viewer: Viewer) -> bool:
    """Whether somebody signs or oversees and has nobody's papers to prepare: their day is read in five minutes."""
    roles = {h.role for h in viewer.held}
    return bool(roles & {Role.SIGNER, Role.AUTHORITY}) and Role.CLERK not in roles


def parts_of(viewer: Viewer, matters: QuerySet[Matter], scope: str) -> list[dict[str, Any]]:
    """What presses, for those who decide: what waits for them, what is late and whose it is, what comes next.

    Who cannot settle is not waited for: there what is asked for comes last.
    """
    day = viewer.day
    pressing = [(Status.OVERDUE, "已逾期"), (Status.DUE, f"{SOON}天内到期")]
    if viewer.governed:
        order = [(Status.ASKED, "等您办结"), *pressing]
    else:
        order = [*pressing, (Status.ASKED, "已提请，等主管部门办结")]
    parts = []
    for status, title in order:
        first = "asked_on" if status == Status.ASKED else "next_due"
        found = matters.filter(in_status(status, day)).order_by(first, "next_due", "sheet", "position")
        part = part_of(viewer, title, found, f"?{scope}&status={status}", SHOWN)
        if part["count"] or status != Status.ASKED or viewer.governed:
            parts.append(part)
    return parts


def public_parts(viewer: Viewer, watched: QuerySet[Matter]) -> list[dict[str, Any]]:
    """Lines of schemes that are late or due soon; each count is that of the list that its link opens."""
    parts = []
    for status, title in ((Status.OVERDUE, "逾期未公开"), (Status.DUE, f"{SOON}天内要公开")):
        found = due_filter(viewer, status).applied(watched, viewer.day).order_by("next_due", "sheet", "position")
        part = part_of(viewer, title, found, "", SHOWN)
        part["list"] = f"{reverse('desk:scheme-due')}?status={status}"
        if part["count"]:
            parts.append(part)
    return parts


def part_of(viewer: Viewer, title: str, found: QuerySet[Matter], query: str, shown: int) -> dict[str, Any]:
    """One list of 今日: the first lines, those that fold, how many more the ledger has."""
    lines = lines_of(list(found.prefetch_related("bearers")[:LISTED]), viewer.day, viewer.governed)
    for line in lines:
        matter = line["matter"]
        line["mine"] = any(b.organisation in viewer.owning for b in matter.bearers.all())
        line["days"] = (matter.next_due - viewer.day).days if matter.next_due else None
        line["whose"] = whose(viewer, line)
    count = found.count()
    return {
        "title": title,
        "lines": lines[:shown],
        "folded": lines[shown:],
        "count": count,
        "more": max(count - LISTED, 0),
        "query": query,
    }


def whose(viewer: Viewer, line: dict[str, Any]) -> str:
    """Who bears a matter today: organisations by name, words for many and unknown names as printed, no persons."""
    tree = viewer.tree
    own = [b.organisation for b in line["matter"].bearers.all() if b.part == Part.LEAD and not b.group]
    names = []
    for pk in (s for o in own for s in tree.standing(o)):
        name, body = tree.short(pk), tree.body_of(pk)
        # Every town has its 党政综合办公室: from outside it is told with the town.
        inside = body.id == pk or body.id in viewer.organisations
        names.append(name if inside or name.startswith(body.name) else tree.short(body.id) + name)
    names += [r.printed for r in line["lead"] if r.part == Part.LEAD and (r.group or r.unbound)]
    names = [*dict.fromkeys(names)]
    return "、".join(names[:2]) + (f"等{len(names)}个" if len(names) > 2 else "")


def month_of(request: DeskRequest, matters: Any) -> dict[str, Any]:
    """A month of days with rest days, make-up days and how many duties fall due."""
    today = request.viewer.day
    at = request.GET.get("month", "")
    try:
        first = dt.date.fromisoformat(f"{at}-01") if at else today.replace(day=1)
    except ValueError:
        first = today.replace(day=1)
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    due = dict(
        Duty.objects.filter(matter__in=matters, settled_on=None, due__range=(first, last))
        .order_by()
        .values_list("due")
        .annotate(n=Count("matter", distinct=True))
    )
    notice = national()
    weeks = []
    for week in months.Calendar().monthdatescalendar(first.year, first.month):
        days = []
        for day in week:
            working = notice.is_working(day)
            mark = ""
            if working and day.weekday() >= 5:
                mark = "班"
            elif not working and day.weekday() < 5:
                mark = "休"
            days.append(
                {
                    "day": day,
                    "in": day.month == first.month,
                    "rest": not working,
                    "mark": mark,
                    "count": due.get(day, 0) if day.month == first.month else 0,
                    "today": day == today,
                }
            )
        weeks.append(days)
    before, after = first - dt.timedelta(1), last + dt.timedelta(1)
    return {"first": first, "weeks": weeks, "before": f"{before:%Y-%m}", "after": f"{after:%Y-%m}"}


@require_safe
def mine(request: DeskRequest) -> HttpResponse:
    """我的事项: what my organisations lead or support, each card telling what, why, until when, what counts as done."""
    viewer = request.viewer
    show = request.GET.get("show", "open")
    matters = own_matters(viewer)
    # Lines of a scheme on which nothing was formed yet ask nothing today: counted in one sentence, not a card each.
    idle = Q(source="scheme", next_due=None, todo__gt=0)
    undated = matters.filter(idle).count()
    matters = matters.exclude(idle)
    counted = {
        "open": matters.filter(todo__gt=0).count(),
        "done": matters.filter(todo=0).count(),
    }
    wanted = matters.filter(todo=0) if show == "done" else matters.filter(todo__gt=0)
    # This year's before what earlier years left; dated ones in the order of their dates, those that wait last.
    wanted = wanted.order_by("-year", "next_due", "sheet", "position")
    dated = list(wanted.filter(next_due__isnull=False).prefetch_related("bearers")[:60])
    waiting = list(wanted.filter(next_due__isnull=True).prefetch_related("bearers")[: 60 - len(dated)])
    lines = lines_of([*dated, *waiting], viewer.day)
    for line in lines:
        leading = {b.organisation for b in line["matter"].bearers.all() if b.part == "lead"}
        line["leads"] = bool(leading & viewer.owning)
        line["days"] = (line["matter"].next_due - viewer.day).days if line["matter"].next_due else None
    own = sorted({viewer.tree[o].name for o in viewer.organisations if o in viewer.tree})
    return render(
        request,
        "desk/mine.html",
        {
            "lines": lines,
            "show": show,
            "counted": counted,
            "own": own,
            "limited": counted.get(show, 0) > 60,
            "undated": undated if show != "done" else 0,
        },
    )


def own_matters(viewer: Viewer) -> QuerySet[Matter]:
    """What one's own organisations bear, with the requests that are still with the office one works for.

    Whose unit bears a request may hold a post that reads none: then it is not theirs to do.
    """
    unseen = Q(source="case") & ~Q(source_id__in=visible_cases(viewer).values("pk"))
    borne = Q(pk__in=reads.borne_by(viewer).values("pk"))
    offices = worked_for(viewer, Role.CLERK)
    with_office = Q(source="case", pk__in=Bearer.objects.filter(organisation__in=offices).values("matter"))
    return Matter.objects.filter(borne | with_office if offices else borne).exclude(unseen)


def page_of(matter: Matter) -> str:
    """Where a matter is looked at."""
    if matter.source == "scheme":
        return reverse("desk:scheme-line", args=[matter.source_id])
    if matter.source == "case":
        return reverse("desk:cases-case", args=[matter.source_id])
    return reverse("desk:ledger-matter", args=[matter.source, matter.source_id])


@require_safe
def ics(request: DeskRequest) -> HttpResponse:
    """My duties as a calendar file: one whole-day entry for each open dated duty."""
    viewer = request.viewer
    made = Calendar()
    made.add("prodid", "-//gongkai//zh-CN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"公开 · {viewer.name}的事项")
    duties = (
        Duty.objects.filter(matter__in=own_matters(viewer), settled_on=None, due__isnull=False)
        .select_related("matter")
        .order_by("due")[:1000]
    )
    stamp = dt.datetime.combine(viewer.day, dt.time(), dt.UTC)
    for duty in duties:
        matter: Matter = duty.matter
        entry = Event()
        entry.add("uid", f"{matter.source}-{matter.source_id}-{duty.clock}@gongkai")
        entry.add("dtstamp", stamp)
        entry.add("dtstart", duty.due)
        entry.add("dtend", (duty.due or viewer.day) + dt.timedelta(1))
        entry.add("transp", "TRANSPARENT")
        label = f"（{duty.label}）" if duty.label else ""
        entry.add("summary", f"{matter.title[:40]}{label}" + ("（推定）" if duty.assumed else ""))
        entry.add("description", f"{matter.basis}\n{matter.title}")
        entry.add("url", request.build_absolute_uri(page_of(matter)))
        made.add_component(entry)
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=gongkai.ics"
    return response
