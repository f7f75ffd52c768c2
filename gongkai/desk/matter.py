"""One matter at the desk: clause, source, duties, progress, and what is done on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.followers import catch_up
from gongkai.base.issues import refuse
from gongkai.base.reads import timeline
from gongkai.desk.case_page import case_of
from gongkai.desk.door import DeskRequest
from gongkai.desk.evidence import proofs
from gongkai.desk.forms import day_of, number_of
from gongkai.ledger import actions, reads
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Matter, Report
from gongkai.ledger.reads import Account
from gongkai.ledger.rules import LABELS, late, of_matter, overdue, status_of
from gongkai.orgs.rules import may
from gongkai.plans import actions as plan_actions
from gongkai.plans.intake import names_in
from gongkai.plans.models import Part, Plan, Task
from gongkai.plans.reads import withdrawals
from gongkai.plans.schedule import EVERY, awaited, runs_from_issue


def matter_of(request: DeskRequest, source: str, source_id: int) -> Matter:
    """A matter to act upon that the viewer may see, else 404; one of a withdrawn plan is refused in words."""
    if reads.withdrawn_account(request.viewer, source, source_id) is not None:
        plan = Plan.objects.get(tasks=source_id)
        raise refuse(
            "plan.withdrawn", f"《{plan.title}》已在{plan.withdrawn_on:%Y-%m-%d}撤下，它的任务只能查看，没有保存。"
        )
    return _standing(request, source, source_id)


def _standing(request: DeskRequest, source: str, source_id: int) -> Matter:
    found = reads.visible(request.viewer).prefetch_related("bearers").filter(source=source, source_id=source_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def matter(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """One matter: clause, source, duties, progress, timeline. A drawer beside the list, or a page of its own.

    A line of a scheme and a request have pages of their own kind.
    """
    if source == "scheme":
        return redirect("desk:scheme-line", source_id)
    if source == "case":
        # Its page is its own too: what was delivered settles it, nobody's word does.
        return redirect("desk:cases-case", case_of(request.viewer, source_id).pk)
    held = reads.withdrawn_account(request.viewer, source, source_id)
    return _show(request, held or reads.account(_standing(request, source, source_id)))


def _show(request: DeskRequest, held: Account) -> HttpResponse:
    viewer, found = request.viewer, held.matter
    task = Task.objects.select_related("plan", "plan__file", "plan__body").get(pk=found.source_id)
    tree = viewer.tree
    people: list[dict[str, Any]] = []
    for r in task.responsibilities.prefetch_related("organisations"):
        now_called = [tree.short(s) for o in r.organisations.all() for s in tree.standing(o.pk)]
        people.append({"r": r, "part": Part(r.part).label, "now": now_called})
    withdrawn = task.plan.withdrawn_on is not None
    # Nobody may do anything on a matter of a withdrawn plan.
    thing = None if withdrawn else of_matter(found)
    events = [*timeline("matter", f"{found.source}-{found.source_id}"), *timeline("task", task.pk)]
    state = status_of(found, viewer.day)
    duties: list[dict[str, Any]] = [
        {
            "duty": d,
            "overdue": overdue(d, viewer.day) and not withdrawn,
            "late": late(d),
            "days": (d.due - viewer.day).days if d.due and not withdrawn else None,
        }
        for d in held.duties
    ]
    settled = {s.clock: s for s in held.settlements}
    for d in duties:
        d["settlement"] = settled.get(d["duty"].clock)
    context = {
        "m": found,
        "task": task,
        "plan": task.plan,
        "people": people,
        "duties": duties,
        "open_duties": [d for d in duties if d["duty"].settled_on is None],
        # Met before a correction took the deadline away: owed no longer, kept as it was said.
        "earlier": [s for s in held.settlements if s.clock not in {d["duty"].clock for d in duties}],
        "reports": held.reports,
        "notes": held.notes,
        "events": sorted(events, key=lambda e: e.seq, reverse=True)[:40],
        "status": state,
        "label": LABELS[state],
        "withdrawn": withdrawn,
        "withdrawal": next(iter(withdrawals(task.plan)), None) if withdrawn else None,
        "printed_due": task.printed_due,
        "may_report": thing is not None and may(viewer, "task.report", thing),
        "may_settle": thing is not None and may(viewer, "task.settle", thing),
        "may_change": thing is not None and may(viewer, "task.change", thing),
        "choices": [(n.id, tree.path(n.id)) for n in tree.live()] if any(p["r"].unbound for p in people) else [],
        "waits": [
            {"number": n, "event": awaited(d) or "起算的事情", "raw": d["raw"]}
            for n, d in task.numbered
            if d["kind"] == "within_days" and not (runs_from_issue(d) and task.plan.issued_on)
        ],
        "tempo": any(d["duty"].clock in ("tempo", "year") or d["duty"].clock.startswith("rv") for d in duties),
        "every": EVERY,
        **proofs(found, viewer),
        "today_iso": viewer.day.isoformat(),
    }
    template = "desk/matter_drawer.html" if request.headers.get("HX-Request") else "desk/matter.html"
    return render(request, template, context)


def after(request: DeskRequest, found: Matter) -> HttpResponse:
    """Back to where the act was done: the drawer drawn again, or the page."""
    if request.headers.get("HX-Request"):
        catch_up([LedgerFollower()])  # what was just written is shown in this very answer
        response = _show(request, reads.account(matter_of(request, found.source, found.source_id)))
        response["HX-Trigger"] = "matter-changed"
        return response
    return redirect("desk:ledger-matter", found.source, found.source_id)


@require_POST
def report(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """写进展."""
    found = matter_of(request, source, source_id)
    actions.report(
        found,
        request.POST.get("text", ""),
        actor=request.viewer,
        on=request.viewer.day,
        finished=request.POST.get("finished") == "1",
    )
    return after(request, found)


@require_POST
def note(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """写备注."""
    found = matter_of(request, source, source_id)
    actions.note(found, request.POST.get("text", ""), actor=request.viewer, on=request.viewer.day)
    return after(request, found)


@require_POST
def settle(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """办结."""
    found = matter_of(request, source, source_id)
    actions.settle(
        found,
        request.POST.getlist("clock"),
        actor=request.viewer,
        on=request.viewer.day,
        text=request.POST.get("text", ""),
        met_on=day_of(request.POST.get("met_on", ""), "办结日期", field="met_on"),
    )
    return after(request, found)


@require_POST
def reopen(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """撤销办结."""
    found = matter_of(request, source, source_id)
    actions.reopen(
        found,
        request.POST.get("clock", ""),
        actor=request.viewer,
        on=request.viewer.day,
        reason=request.POST.get("reason", ""),
    )
    return after(request, found)


@require_POST
def return_report(request: DeskRequest, source: str, source_id: int, report_id: int) -> HttpResponse:
    """退回."""
    found = matter_of(request, source, source_id)
    held = Report.objects.filter(pk=report_id, source=source, source_id=source_id).first()
    if held is None:
        raise Http404
    actions.return_report(held, request.POST.get("text", ""), actor=request.viewer, on=request.viewer.day)
    return after(request, found)


@require_POST
def happen(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """The event a relative deadline waits for has happened."""
    found = matter_of(request, source, source_id)
    day = day_of(request.POST.get("day", ""), "发生日期", field="day")
    if day is None:
        raise refuse("task.day", "请填写事情发生的日期。", "day")
    task = Task.objects.select_related("plan").get(pk=found.source_id)
    plan_actions.tell_happening(
        task,
        number_of(request.POST, "deadline") or 0,
        day,
        actor=request.viewer,
        on=request.viewer.day,
        text=request.POST.get("text", ""),
    )
    return after(request, found)


@require_POST
def review(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """Set the review period of a task whose words only set a tempo."""
    found = matter_of(request, source, source_id)
    plan_actions.change_tasks(
        {found.source_id: {"review": request.POST.get("every", "")}}, actor=request.viewer, on=request.viewer.day
    )
    return after(request, found)


@require_POST
def bind(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """Say which organisation a printed name means; remembered for the body."""
    found = matter_of(request, source, source_id)
    task = Task.objects.select_related("plan").get(pk=found.source_id)
    chosen = [int(x) for x in request.POST.getlist("organisation") if x.isdigit()]
    plan_actions.bind_name(task, request.POST.get("printed", ""), chosen, actor=request.viewer, on=request.viewer.day)
    return after(request, found)


@require_POST
def change(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """Correct the cells of one task."""
    found = matter_of(request, source, source_id)
    values: dict[str, Any] = {}
    for cell in ("no", "text", "deadline_raw"):
        if cell in request.POST:
            values[cell] = request.POST[cell].strip()
    task = Task.objects.get(pk=found.source_id)
    if values.get("deadline_raw") == task.printed_due:
        del values["deadline_raw"]  # as it was shown: nobody changed it
    for cell in ("lead", "support", "persons"):
        if cell in request.POST:
            values[cell] = names_in(request.POST[cell])
    plan_actions.change_tasks({found.source_id: values}, actor=request.viewer, on=request.viewer.day)
    return after(request, found)
