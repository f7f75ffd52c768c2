"""有效性: what ends soon, what must be looked at again, what leans on what has ended, and rounds of clean-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.reads import timeline
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import day_of, number_of
from gongkai.desk.records_common import record_of
from gongkai.desk.records_page import show
from gongkai.desk.records_typed import by_word
from gongkai.orgs.rules import Viewer, may, thing_at
from gongkai.records import actions, reads, rules
from gongkai.records.models import CleanUp, CleanUpRow, How

PAGE = 100
VIEWS = {
    "ending": "半年内到期",
    "reassess": "到了评估日期",
    "leaning": "依据已失效",
    "orphans": "没有解读或咨询方式",
    "rounds": "文件清理",
}
_SAY = {
    "ending": "有效期在六个月内届满的文件：届满前要评估，决定继续有效、修改还是废止。",
    "reassess": "没有主动公开、到了评估日期的信息（条例第十八条：定期评估，可以公开了就公开）。",
    "leaning": "自己还公开着，依据的文件已经废止或失效的解读、问答和指南：逐份修改或撤回。",
    "orphans": "应解读却没有解读，或没有咨询方式的文件（政策与解读互相关联、留咨询电话）。",
}


@require_safe
def validity(request: DeskRequest) -> HttpResponse:
    """有效性: five lists, each number the count of its list."""
    return _validity(request)


def _validity(request: DeskRequest, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    lists: dict[str, QuerySet[Any]] = {
        "ending": reads.ending_soon(viewer, viewer.day),
        "reassess": reads.to_reassess(viewer, viewer.day).order_by("published__review_on"),
        "leaning": reads.leaning_on_ended(viewer, viewer.day).filter(pk__in=reads.workable(viewer).values("pk")),
        "orphans": reads.orphans(viewer).order_by("-formed", "-id"),
        "rounds": rounds(viewer),
    }
    chosen = request.GET.get("tab", "rounds" if issues else "ending")
    chosen = chosen if chosen in lists else "ending"
    counts = {key: found.count() for key, found in lists.items()}
    found = lists[chosen]
    lines: list[dict[str, Any]] = []
    if chosen == "rounds":
        found = found.annotate(
            n=Count("rows"),
            said=Count("rows", filter=~Q(rows__how="")),
            done=Count("rows", filter=Q(rows__applied_on__isnull=False)),
        )
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    else:
        page = Paginator(found.select_related("published"), PAGE).get_page(request.GET.get("page"))
        ended = reads.ended_under(page, viewer, viewer.day) if chosen == "leaning" else {}
        for record in page:
            state = rules.validity(record, viewer.day)
            lines.append(
                {
                    "record": record,
                    "owner": viewer.tree.short(record.owner_id) if record.owner_id in viewer.tree else "",
                    "days": (record.expires - viewer.day).days if chosen == "ending" and record.expires else None,
                    "validity": rules.VALIDITY[state],
                    "ended": ended.get(record.pk, []),
                    "contact": bool(record.published and record.published.contact),
                }
            )
    context = {
        "tabs": [(k, label, counts[k], k == chosen) for k, label in VIEWS.items()],
        "tab": chosen,
        "say": _SAY.get(chosen, ""),
        "page": page,
        "lines": lines,
        "owners": cleaning(viewer),
        "issues": issues,
        "title": request.POST.get("title", ""),
    }
    return render(request, "desk/records/validity.html", context, status=422 if issues else 200)


def cleaning(viewer: Viewer) -> list[tuple[int, str]]:
    """Organisations for which the viewer may open a round: those at which they hold a post, and their bodies."""
    tree = viewer.tree
    near = [tree.body_of(o).id for o in viewer.organisations] + sorted(viewer.organisations)
    return [(o, tree[o].name) for o in dict.fromkeys(near) if may(viewer, "record.cleanup", thing_at(o, viewer))]


def rounds(viewer: Viewer) -> QuerySet[CleanUp]:
    """Rounds that the viewer runs, and those with a row for which they answer."""
    scope = viewer.owning | viewer.governed
    return CleanUp.objects.order_by("-opened_on", "-id").filter(
        Q(owner__in=scope) | Q(pk__in=CleanUpRow.objects.filter(drafter__in=scope).values("cleanup"))
    )


@require_POST
def open_round(request: DeskRequest) -> HttpResponse:
    """Open a round."""
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    owner = number_of(request.POST, "owner")
    try:
        if owner is None or owner not in viewer.tree:
            raise refuse("record.owner", "请选哪个单位的清理。", "owner")
        due = day_of(request.POST.get("due", ""), "完成时限", field="due")
        made = actions.open_cleanup(owner, request.POST.get("title", ""), actor=viewer, on=viewer.day, due=due)
    except Refused as error:
        return _validity(request, error.issues)
    return redirect("desk:records-round", made.pk)


def _round_of(viewer: Viewer, pk: int) -> CleanUp:
    found = rounds(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def round_(request: DeskRequest, pk: int) -> HttpResponse:
    """One round: its rows with what each drafter says."""
    return _round(request, _round_of(request.viewer, pk))


def _round(request: DeskRequest, held: CleanUp, issues: Sequence[Issue] = (), **more: Any) -> HttpResponse:
    viewer = request.viewer
    runs = may(viewer, "record.cleanup", thing_at(held.owner_id, viewer)) and (
        held.owner_id in viewer.owning | viewer.governed
    )
    rows = held.rows.select_related("record", "by", "person")
    if not runs:
        rows = rows.filter(drafter__in=viewer.owning | viewer.governed)
    show = request.GET.get("show", "")
    counts = {"all": rows.count(), "open": rows.filter(how="").count(), "said": rows.exclude(how="").count()}
    if show == "open":
        rows = rows.filter(how="")
    elif show == "said":
        rows = rows.exclude(how="")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = []
    for row in page:
        state = rules.validity(row.record, viewer.day)
        lines.append(
            {
                "row": row,
                "owner": viewer.tree.short(row.drafter_id) if row.drafter_id in viewer.tree else "",
                "validity": rules.VALIDITY[state],
                "open": row.applied_on is None and held.closed_on is None and _may_say(viewer, row, held),
            }
        )
    context = {
        "c": held,
        "lines": lines,
        "page": page,
        "counts": counts,
        "show": show,
        "runs": runs,
        "hows": How.choices,
        "labels": dict(How.choices),
        "owner_name": viewer.tree[held.owner_id].name if held.owner_id in viewer.tree else "",
        "ready": held.rows.filter(applied_on=None).exclude(how="").count(),
        "issues": issues,
        "events": list(reversed(timeline("cleanup", held.pk)))[:30],
        **more,
    }
    return render(request, "desk/records/round.html", context, status=422 if issues else 200)


def _may_say(viewer: Viewer, row: CleanUpRow, held: CleanUp) -> bool:
    return may(viewer, "record.end", thing_at(row.drafter_id, viewer)) or may(
        viewer, "record.cleanup", thing_at(held.owner_id, viewer)
    )


def said(post: Mapping[str, str], viewer: Viewer, prefix: str = "") -> dict[str, Any]:
    """What was decided on a document: the document that ends it may be typed by its number, or told in words."""
    typed = post.get(f"{prefix}by", "").strip()
    by = by_word(reads.visible(viewer), typed) if typed else None
    text = post.get(f"{prefix}by_text", "").strip()
    return {
        "by": by,
        "by_text": text or ("" if by is not None else typed),
        "until": day_of(post.get(f"{prefix}until", ""), "继续有效至", field=f"{prefix}until"),
        "reason": post.get(f"{prefix}reason", ""),
    }


@require_POST
def propose(request: DeskRequest, pk: int) -> HttpResponse:
    """Say what should become of documents: one by one in their rows, or the ticked ones at once."""
    viewer = request.viewer
    held = _round_of(viewer, pk)
    post = request.POST
    done = 0
    issues: list[Issue] = []
    batch = [int(x) for x in post.getlist("tick") if x.isdigit()] if post.get("batch") else []
    if post.get("batch"):
        asked = [(row, post.get("how", ""), "") for row in batch]
        if not asked:
            issues.append(Issue("record.rows", "先勾选要一起填的文件。", "tick"))
    else:
        rows = [int(x) for x in post.getlist("row") if x.isdigit()]
        asked = [(row, post[f"r{row}.how"], f"r{row}.") for row in rows if post.get(f"r{row}.how")]
        if not asked:
            issues.append(Issue("record.rows", "还没有填任何一份的意见。", ""))
    there = {r.pk: r for r in held.rows.select_related("record").filter(pk__in=[row for row, _, _ in asked])}
    for row, how, prefix in asked:
        if row not in there:
            continue
        try:
            told = said(post, viewer, prefix)
            if prefix and _same(there[row], how, told):
                continue
            actions.propose(row, how, actor=viewer, on=viewer.day, **told)
            done += 1
        except Refused as error:
            title = there[row].record.title
            issues += [Issue(i.rule, f"《{title}》：{i.say}", i.field) for i in error.issues]
    if issues:
        return _round(request, held, issues, done=done)
    return redirect(f"{reverse('desk:records-round', args=[pk])}?done={done}")


def _same(row: CleanUpRow, how: str, told: Mapping[str, Any]) -> bool:
    """Whether a row says already what was sent: an untouched row is no new proposal."""
    was = (row.how, row.by_id, row.by_text, row.until, row.reason)
    return was == (how, told["by"], told["by_text"], told["until"], told["reason"].strip())


@require_POST
def apply(request: DeskRequest, pk: int) -> HttpResponse:
    """Put into force what was proposed; with `close`, end the round."""
    viewer = request.viewer
    held = _round_of(viewer, pk)
    try:
        done = actions.apply_cleanup(pk, actor=viewer, on=viewer.day, close=request.POST.get("close") == "1")
    except Refused as error:
        return _round(request, held, error.issues)
    return redirect(f"{reverse('desk:records-round', args=[pk])}?applied={done}")


@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Decide on the validity of one document, from its page."""
    viewer = request.viewer
    record_of(viewer, pk)
    try:
        told = said(request.POST, viewer)
        actions.decide_validity(pk, request.POST.get("how", ""), actor=viewer, on=viewer.day, **told)
    except Refused as error:
        return show(request, record_of(viewer, pk), error.issues)
    return redirect("desk:records-record", pk)
