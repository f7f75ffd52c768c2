"""The page of one record, and its preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base.clock import moment
from gongkai.base.issues import Issue
from gongkai.base.reads import timeline
from gongkai.desk.door import DeskRequest
from gongkai.desk.records_common import chain_of, record_of
from gongkai.desk.records_parts import parts_of
from gongkai.orgs.rules import Viewer
from gongkai.records import life, reads, rules
from gongkai.records.actions.common import can
from gongkai.records.kinds import kind_of
from gongkai.records.models import Draft, GateResult, How, Record, Standing, State


@require_safe
def record(request: DeskRequest, pk: int) -> HttpResponse:
    """One record: where it stands, who holds it, what can be done, every version, everything that happened."""
    return show(request, record_of(request.viewer, pk))


def show(request: DeskRequest, held: Record, issues: Sequence[Issue] = (), **more: Any) -> HttpResponse:
    """The page of a record, with what was refused."""
    viewer = request.viewer
    kind = kind_of(held.kind)
    draft = Draft.objects.select_related("person").filter(record=held).first()
    versions = list(
        held.versions.select_related("author").prefetch_related("results").defer("body", "fields").order_by("-number")
    )
    for version in versions:
        version.record = held
    current = next((v for v in versions if v.state in life.WAITING), None)
    if current is None:
        current = next((v for v in versions if v.state == State.PUBLISHED and life.next_gate(v) is not None), None)
    writes, publishes = can(viewer, "record.write", held), can(viewer, "record.publish", held)
    gate = life.next_gate(current) if current else None
    results = (
        GateResult.objects.filter(version__record=held)
        .select_related("version")
        .defer("version__body", "version__fields")
        .order_by("-at")
    )
    state = rules.validity(held, viewer.day) if kind.validity and held.standing == Standing.PUBLISHED else ""
    context: dict[str, Any] = {
        "r": held,
        "kind": kind,
        "owner_name": viewer.tree.path(held.owner_id) if held.owner_id in viewer.tree else "",
        "draft": draft,
        "versions": versions,
        "current": current,
        "steps": chain_of(current, viewer) if current else [],
        "gate": gate,
        "keeps": current is not None and gate is not None and life.keeps(viewer, current, gate),
        "results": list(results),
        "validity": state,
        "validity_name": rules.VALIDITY.get(state, ""),
        "may_write": writes,
        "may_publish": publishes,
        "may_withdraw": can(viewer, "record.withdraw", held),
        "may_end": bool(state) and can(viewer, "record.end", held),
        "hows": How.choices,
        "endings": list(held.endings.select_related("by", "person").order_by("-on", "-id")) if state else [],
        "originals": list(held.originals.select_related("person")),
        "may_reveal": can(viewer, "record.original", held),
        "events": list(reversed(timeline("record", held.pk)))[:60],
        "related": _relations(held, viewer),
        "interpretable": kind.interpretation != "none" and writes,
        "issues": issues,
        "now": moment(),
        "linked_issues": [(i, "") for i in issues],
        "body": held.published,
        **more,
    }
    if writes and current is not None and gate is not None:
        context["signers"] = reads.signers(current, gate, viewer)
    return render(request, "desk/records/record.html", context, status=422 if issues else 200)


def _relations(held: Record, viewer: Viewer) -> list[tuple[str, list[Record]]]:
    """Linked records, out or not, that the viewer may know of."""
    seen = reads.visible(viewer)
    towards = seen.filter(Q(linked__source=held)).distinct()
    back = seen.filter(Q(links__target=held)).distinct()
    return [(text, found) for text, found in (("关联", list(towards)), ("被关联", list(back))) if found]


@require_safe
def preview(request: DeskRequest, pk: int) -> HttpResponse:
    """A content as it will look: on a phone, on the site, printed for the notice board."""
    viewer = request.viewer
    held = record_of(viewer, pk)
    width = request.GET.get("as", "site")
    width = width if width in ("phone", "site", "print") else "site"
    content, of = _content(held, request.GET.get("of", ""))
    kind = kind_of(held.kind)
    return render(
        request,
        "desk/records/preview.html",
        {
            "r": held,
            "kind": kind,
            "content": content,
            "of": of,
            "width": width,
            "widths": [("phone", "手机"), ("site", "网站"), ("print", "公开栏打印")],
            "parts": parts_of(kind, content, None),
            "shown": kind.shown,
            "file_url": reverse("desk:records-record", args=[pk]) + "file/",
        },
    )


def _content(held: Record, of: str) -> tuple[Any, str]:
    """The draft, or the version asked for, or what is out, or the newest."""
    draft = Draft.objects.filter(record=held).first()
    if of == "draft" and draft is not None:
        return draft, of
    if of.isdigit():
        version = held.versions.filter(number=int(of)).first()
        if version is not None:
            return version, of
        raise Http404
    newest = held.published or held.versions.order_by("-number").first() or draft
    if newest is None:
        raise Http404
    return newest, "draft" if isinstance(newest, Draft) else str(newest.number)
