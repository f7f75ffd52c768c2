"""今日 and 我的事项: what presses, what is mine, and the calendar of it."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any

from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from gongkai.desk.door import DeskRequest
from gongkai.desk.ledger import lines_of
from gongkai.law.calendar import national
from gongkai.ledger import reads
from gongkai.ledger.models import Duty, Matter
from gongkai.ledger.reads import Filter
from gongkai.ledger.rules import Status, current_since
from gongkai.plans.reads import drafts

LISTED = 20


@require_safe
def today(request: DeskRequest) -> HttpResponse:
    """今日: five numbers, one list sorted by what presses, the month beside it."""
    viewer = request.viewer
    day = viewer.day
    everything = reads.watched(viewer)
    since = current_since(day)
    matters = everything.filter(year__gte=since)
    tomorrow, week = day + dt.timedelta(1), day + dt.timedelta(7)
    # Each number is the count of the very list that its link opens.
    lists: list[tuple[str, Filter, str]] = [
        ("今天到期", Filter(since=since, due_from=day, due_to=day), f"from={day}&to={day}"),
        ("已逾期", Filter(since=since, status=Status.OVERDUE), "status=overdue"),
        ("七天内到期", Filter(since=since, due_from=tomorrow, due_to=week), f"from={tomorrow}&to={week}"),
        ("待我办结" if viewer.governed else "待办结", Filter(since=since, status=Status.ASKED), "status=asked"),
        ("待起算", Filter(since=since, status=Status.WAITING), "status=waiting"),
    ]
    scope = f"scope=watched&since={since}"
    numbers = [(text, chosen.applied(everything, day).count(), f"?{scope}&{query}") for text, chosen, query in lists]
    pressing = reads.pressing(matters, day).order_by(
        F("asked_on").asc(nulls_last=True) if viewer.governed else "next_due", "next_due", "sheet", "position"
    )
    lines = lines_of(list(pressing.prefetch_related("bearers")[:LISTED]), day)
    for line in lines:
        line["mine"] = any(b.organisation in viewer.owning for b in line["matter"].bearers.all())
        line["governed"] = line["matter"].body in viewer.governed
        line["days"] = (line["matter"].next_due - day).days if line["matter"].next_due else None
    return render(
        request,
        "desk/today.html",
        {
            "numbers": numbers,
            "lines": lines,
            "more": max(pressing.count() - LISTED, 0),
            "month": month_of(request, matters),
            "scope": scope,
            "drafts": list(drafts(viewer)[:5]) if viewer.governed else [],
            "nothing": not everything.exists(),
            "left": everything.filter(year__lt=since, todo__gt=0).count(),
        },
    )


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
    matters = reads.borne_by(viewer)
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
        {"lines": lines, "show": show, "counted": counted, "own": own, "limited": counted.get(show, 0) > 60},
    )


@require_safe
def ics(request: DeskRequest) -> HttpResponse:
    """My duties as a calendar file: one whole-day entry for each open dated duty."""
    viewer = request.viewer
    made = Calendar()
    made.add("prodid", "-//gongkai//zh-CN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"公开 · {viewer.name}的事项")
    duties = (
        Duty.objects.filter(matter__in=reads.borne_by(viewer), settled_on=None, due__isnull=False)
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
        entry.add(
            "url", request.build_absolute_uri(reverse("desk:ledger-matter", args=[matter.source, matter.source_id]))
        )
        made.add_component(entry)
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=gongkai.ics"
    return response
