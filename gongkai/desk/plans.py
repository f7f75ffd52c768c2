"""Plans at the desk: the list, the upload, and the intake beside the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.paper import anchor_of, paper_html, paper_of
from gongkai.ledger.reads import facts
from gongkai.orgs.binding import Binder, Binding
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer, may
from gongkai.papers import PaperRefused
from gongkai.papers.limits import MAX_FILE_BYTES
from gongkai.plans import actions, intake, reads
from gongkai.plans.models import Draft, Plan
from gongkai.plans.rules import of_plan

HEAD = ("title", "issuer", "year", "issued_on")


def bodies_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Bodies for which the viewer may import, those where they hold the post first."""
    own = [h.organisation for h in viewer.held if h.role == Role.AUTHORITY]
    below = [
        n.id
        for n in viewer.tree.live()
        if n.id in viewer.governed and n.kind in ("department", "township", "street", "county")
    ]
    return [(pk, viewer.tree[pk].name) for pk in dict.fromkeys([*own, *below])]


@require_safe
def plans(request: DeskRequest) -> HttpResponse:
    """方案: what has been imported, what is under intake, and the way in."""
    return _plans(request)


def _plans(request: DeskRequest, issues: Sequence[Issue] = (), pasted: str = "") -> HttpResponse:
    viewer = request.viewer
    if not viewer.governed:
        raise Http404
    found = reads.visible(viewer).select_related("file").order_by("-year", "id")
    context = {
        "plans": [(p, viewer.tree[p.body_id].name if p.body_id in viewer.tree else "") for p in found],
        "drafts": [
            (d, len(d.rows), sum(1 for r in d.rows if not r["accepted"]), d.changes) for d in reads.drafts(viewer)
        ],
        "bodies": bodies_of(viewer),
        "issues": issues,
        "pasted": pasted,
    }
    return render(request, "desk/plans.html", context, status=422 if issues else 200)


@require_POST
def upload(request: DeskRequest) -> HttpResponse:
    """A file or pasted text becomes a draft, or a ledger that came back becomes proposed changes."""
    viewer = request.viewer
    body = number_of(request.POST, "body")
    pasted = request.POST.get("pasted", "")
    try:
        if body is None or body not in viewer.governed:
            raise refuse("plan.body", "请选这份方案是哪个机关的。", "body")
        file = request.FILES.get("file")
        if file is not None:
            if (file.size or 0) > MAX_FILE_BYTES:
                raise refuse("plan.size", f"文件超过{MAX_FILE_BYTES // 2**20}MB，请只上传方案本身。", "file")
            data, name = file.read(), file.name or "未命名"
        elif pasted.strip():
            data, name = pasted.encode(), "粘贴的文字.txt"
        else:
            raise refuse("plan.nothing", "请选一个文件，或把方案的文字粘贴到框里。", "file")
        if request.POST.get("kind") == "changes":
            changes = actions.propose_changes(data, name, body, actor=viewer, on=viewer.day)
            if changes is None:
                return render(request, "desk/no_changes.html", {"name": name})
            return redirect("desk:plans-draft", changes.pk)
        draft = actions.begin_intake(data, name, body, actor=viewer, on=viewer.day)
    except Refused as error:
        return _plans(request, error.issues, pasted)
    return redirect("desk:plans-draft", draft.pk)


def draft_of(request: DeskRequest, pk: int) -> Draft:
    """A draft that the viewer may work at, else 404."""
    found = reads.drafts(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def binder_for(request: DeskRequest, draft: Draft) -> Binder:
    """Binds the names of a draft as the tree stood on the day of the plan."""
    day = actions.day_of_head(draft.head)
    return Binder(reads.tree_of(day, request.viewer.day, draft.body_id), draft.body_id)


def shown(row: dict[str, Any], number: int, binder: Binder) -> dict[str, Any]:
    """A row with what its names mean."""
    names = [*row["lead"], *row["support"]]
    bound: list[Binding] = binder.bind_cell(names)
    pairs = [{"b": b, "now": [binder.tree[o].name for o in b.organisations]} for b in bound]
    return {
        "row": row,
        "number": number,
        "anchor": anchor_of(row["source"]),
        "lead": pairs[: len(row["lead"])],
        "support": pairs[len(row["lead"]) :],
        "unsure": [b for b in bound if not b.sure],
        # What is asked about a name stands in its question; what is said of the whole table stands at the top.
        "doubts": [d for d in row["doubts"] if d["field"] not in ("lead", "support", "columns")],
        "inherited": [(intake.LABELS.get(k, k), v) for k, v in row["inherited"].items()],
    }


def choices_of(viewer: Viewer, body: int) -> list[tuple[int, str]]:
    """Organisations a printed name may mean: those of the body first, then the others in sight."""
    tree = viewer.tree
    near = tree.subtree(body)
    own = [n for n in tree.live() if n.id in near]
    other = [n for n in tree.live() if n.id not in near]
    return [(n.id, tree.path(n.id)) for n in (*own, *other)]


def bar(draft: Draft) -> dict[str, Any]:
    """39 条 · 37 已确认 · 2 待定."""
    accepted = sum(1 for r in draft.rows if r["accepted"])
    return {"draft": draft, "total": len(draft.rows), "accepted": accepted, "open": len(draft.rows) - accepted}


@require_safe
def draft(request: DeskRequest, pk: int) -> HttpResponse:
    """方案导入核对: the document on the left, the rows on the right."""
    held = draft_of(request, pk)
    if held.changes:
        rows = [{**r, "label": intake.LABELS[r["cell"]]} for r in held.rows]
        return render(request, "desk/changes.html", {"draft": held, "rows": rows})
    return _intake(request, held)


def _intake(request: DeskRequest, held: Draft, issues: Sequence[Issue] = ()) -> HttpResponse:
    binder = binder_for(request, held)
    try:
        source = paper_html(paper_of(held.file_id, held.file.name), held.rows)
    except (PaperRefused, OSError):
        source = None
    context = {
        **bar(held),
        "rows": [shown(r, n, binder) for n, r in enumerate(held.rows, 1)],
        "source": source,
        "issues": issues,
        "body": request.viewer.tree[held.body_id].name,
        "choices": choices_of(request.viewer, held.body_id),
    }
    return render(request, "desk/intake.html", context, status=422 if issues else 200)


@require_safe
def row(request: DeskRequest, pk: int, key: str) -> HttpResponse:
    """One row to look at, or to correct (`?edit=1`)."""
    held = draft_of(request, pk)
    at = intake.find(held.rows, key)
    context = {**bar(held), "line": shown(held.rows[at], at + 1, binder_for(request, held))}
    template = "desk/intake_edit.html" if request.GET.get("edit") else "desk/intake_row.html"
    if template == "desk/intake_edit.html":
        context["organisations"] = sorted({n.name for n in request.viewer.tree.live()})
    return render(request, template, context)


@require_POST
def row_act(request: DeskRequest, pk: int, key: str, verb: str) -> HttpResponse:
    """One step on one row: edit, accept, split, join, add, drop."""
    post = request.POST
    held = draft_of(request, pk)
    year = actions.year_of(held)

    def make(rows: Sequence[intake.Row], year: int) -> intake.Splice:
        if verb == "edit":
            return intake.edit(rows, key, {f: post[f] for f in intake.FIELDS if f in post}, year)
        if verb == "accept":
            return intake.accept(rows, key, post.get("accepted", "1") == "1")
        if verb == "split":
            return intake.split(rows, key, number_of(post, "at") or 0, year)
        if verb == "join":
            return intake.join(rows, key, year)
        if verb == "add":
            return intake.add(rows, key)
        return intake.drop(rows, key)

    held, change = actions.change_draft(pk, make, actor=request.viewer)
    if not request.headers.get("HX-Request"):
        return redirect("desk:plans-draft", pk)
    binder = binder_for(request, held)
    if verb in ("edit", "accept"):
        at = change["at"]
        context = {**bar(held), "line": shown(held.rows[at], at + 1, binder), "oob": True}
        return render(request, "desk/intake_row.html", context)
    rows = [shown(r, n, binder) for n, r in enumerate(held.rows, 1)]
    return render(request, "desk/intake_rows.html", {**bar(held), "rows": rows, "oob": True, "year": year})


@require_POST
def draft_act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """A step on the whole draft: accept all, undo, correct the head, drop, import."""
    viewer = request.viewer
    held = draft_of(request, pk)
    if verb == "drop":
        actions.drop_draft(pk, actor=viewer, on=viewer.day)
        return redirect("desk:plans")
    if verb == "take":
        actions.take_changes(pk, request.POST.getlist("key"), actor=viewer, on=viewer.day)
        return redirect("desk:ledger")
    try:
        if verb == "accept-all":
            actions.change_draft(pk, lambda rows, _: intake.accept_all(rows), actor=viewer)
        elif verb == "undo":
            actions.undo_draft(pk, actor=viewer)
        elif verb == "head":
            actions.change_head(pk, {k: request.POST.get(k, "") for k in HEAD}, actor=viewer)
        elif verb == "answer":
            chosen = [int(x) for x in request.POST.getlist("organisation") if x.isdigit()]
            actions.answer_name(pk, request.POST.get("printed", ""), chosen, actor=viewer, on=viewer.day)
        else:
            # What was typed at the top and not yet saved belongs to the plan too.
            typed = {k: request.POST[k].strip() for k in HEAD if k in request.POST}
            if any(v != str(held.head.get(k) or "") for k, v in typed.items()):
                actions.change_head(pk, typed, actor=viewer)
            plan = actions.confirm_intake(pk, actor=viewer, on=viewer.day)
            return redirect(f"/desk/ledger/?plan={plan.pk}&year={plan.year}")
    except Refused as error:
        return _intake(request, draft_of(request, pk), error.issues)
    return redirect("desk:plans-draft", pk)


def plan_of(request: DeskRequest, pk: int) -> Plan:
    """A plan that the viewer may see, else 404."""
    found = reads.visible(request.viewer).select_related("file").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def plan(request: DeskRequest, pk: int) -> HttpResponse:
    """One plan with its tasks, also when it was withdrawn: by whom, when and why, and the way back."""
    viewer, held = request.viewer, plan_of(request, pk)
    tasks = list(held.tasks.prefetch_related("responsibilities"))
    told = facts("plan", [t.pk for t in tasks])
    events = reads.withdrawals(held)
    rows = []
    for task in tasks:
        owners = actions.owners_of(task)
        reports, settled = told.get(task.pk, (0, 0))
        rows.append({"task": task, "lead": owners["lead"] or owners["persons"], "reports": reports, "settled": settled})
    context = {
        "plan": held,
        "body": viewer.tree[held.body_id].name if held.body_id in viewer.tree else "",
        "tasks": rows,
        "withdrawals": events,
        "withdrawal": next(iter(events), None),
        "again": reads.again(held) if held.withdrawn_on else None,
        "may_withdraw": may(viewer, "plan.withdraw", of_plan(held)),
    }
    return render(request, "desk/plan.html", context)


@require_safe
def source(request: DeskRequest, pk: int) -> HttpResponse:
    """The plan's document as it looks, each task marked; `#…` leads to one."""
    plan = plan_of(request, pk)
    if plan.file is None:
        raise Http404
    rows = [{"key": str(t.pk), "source": t.source} for t in plan.tasks.all()]
    html = paper_html(paper_of(plan.file_id or "", plan.file.name), rows)
    return render(request, "desk/source.html", {"plan": plan, "source": html})


@require_safe
def original(request: DeskRequest, pk: int) -> FileResponse:
    """The file as it came, as a download only: nothing that was uploaded is ever shown inline."""
    plan = plan_of(request, pk)
    if plan.file is None:
        raise Http404
    return FileResponse(
        path_of(plan.file.digest).open("rb"),
        as_attachment=True,
        filename=plan.file.name,
        content_type="application/octet-stream",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    """撤下方案, with a reason."""
    plan = plan_of(request, pk)
    if not may(request.viewer, "plan.withdraw", of_plan(plan)):
        raise Http404
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        try:
            actions.withdraw_plan(
                plan, actor=request.viewer, on=request.viewer.day, reason=request.POST.get("reason", "")
            )
        except Refused as error:
            issues = error.issues
        else:
            return redirect("desk:plans")
    return render(request, "desk/withdraw.html", {"plan": plan, "issues": issues}, status=422 if issues else 200)


@require_POST
def restore(request: DeskRequest, pk: int) -> HttpResponse:
    """恢复方案: a withdrawn plan owes again."""
    held = plan_of(request, pk)
    if not may(request.viewer, "plan.withdraw", of_plan(held)):
        raise Http404
    actions.restore_plan(held, actor=request.viewer, on=request.viewer.day, reason=request.POST.get("reason", ""))
    return redirect("desk:plans-plan", pk)
