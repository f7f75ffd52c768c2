"""信息 at the desk: the five lists. Forms, attachments and the page of a record have files of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.records_edit import begin, check, edit, look_up, new, owners_of
from gongkai.desk.records_files import attach, file, file_act
from gongkai.desk.records_page import preview, record
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer, may, thing_at
from gongkai.records import life, reads, rules
from gongkai.records.kinds import kind_of, kinds
from gongkai.records.models import Record, Standing, State, Version

__all__ = [
    "attach",
    "begin",
    "check",
    "edit",
    "file",
    "file_act",
    "look_up",
    "may_import",
    "new",
    "preview",
    "record",
    "records",
]

TABS = {"writing": "在写", "review": "在审", "mine": "待我审", "published": "已公开", "withdrawn": "已撤回"}
PAGE = 50


def tabs_of(viewer: Viewer, waiting: Sequence[int]) -> dict[str, QuerySet[Record]]:
    """The five lists; each number of the tabs is the count of the list that it opens."""
    mine = reads.workable(viewer)
    moving = Version.objects.filter(state__in=life.WAITING).values("record")
    return {
        "writing": mine.filter(draft__isnull=False, owner__in=viewer.owning),
        "review": mine.filter(pk__in=moving),
        "mine": mine.filter(pk__in=waiting),
        "published": mine.filter(standing=Standing.PUBLISHED),
        "withdrawn": mine.filter(standing=Standing.WITHDRAWN),
    }


@require_safe
def records(request: DeskRequest) -> HttpResponse:
    """信息: what one works with, in five lists."""
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    waiting = reads.awaiting(viewer)
    tabs = tabs_of(viewer, [v.record_id for v, _ in waiting])
    chosen = request.GET.get("tab", "")
    counts = {key: found.count() for key, found in tabs.items()}
    if chosen not in tabs:
        chosen = "mine" if counts["mine"] and Role.CLERK not in {h.role for h in viewer.held} else "writing"
    kind, owner, text = request.GET.get("kind", ""), number_of(request.GET, "owner"), request.GET.get("q", "").strip()
    by = reads.Narrow(kinds=(kind,) if kind else (), owners=(owner,) if owner else (), text=text)
    found = reads.narrowed(tabs[chosen], by, viewer.day)
    if chosen == "writing":
        found = found.order_by("-draft__changed_at")
    elif chosen in ("review", "mine"):
        found = found.order_by("pk")
    moving = (
        Version.objects.filter(state__in=[*life.WAITING, State.RETURNED])
        .only("record_id", "number", "state", "urgent", "gates", "held_since", "publish_at", "author_id")
        .order_by("-number")
        .prefetch_related("results")
    )
    shown = found.select_related("draft__person").prefetch_related(Prefetch("versions", moving, to_attr="moving"))
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    scope = tabs[chosen].order_by().values_list("kind", "owner").distinct()
    there = list(scope)
    gate_of = {v.record_id: (v, g) for v, g in waiting}
    kept = {k: v for k, v in (("kind", kind), ("owner", owner), ("q", text)) if v}
    return render(
        request,
        "desk/records/list.html",
        {
            "tabs": [(k, label, counts[k], k == chosen) for k, label in TABS.items()],
            "tab": chosen,
            "page": page,
            "lines": [line_of(r, viewer, gate_of) for r in page],
            "kinds": [(c, k.name) for c, k in kinds().items() if c in {k for k, _ in there}],
            "owners": sorted(
                ((o, viewer.tree.path(o)) for o in {o for _, o in there} if o in viewer.tree), key=lambda x: x[1]
            ),
            "kind": kind,
            "owner": owner,
            "text": text,
            "query": urlencode(kept),
            "may_write": bool(owners_of(viewer)),
            "may_import": may_import(viewer),
        },
    )


def may_import(viewer: Viewer) -> bool:
    """Whether there is an organisation into which the viewer may bring old records."""
    return any(may(viewer, "record.import", thing_at(o, viewer)) for o in viewer.organisations)


def line_of(record: Record, viewer: Viewer, gate_of: Mapping[int, tuple[Version, Any]]) -> dict[str, Any]:
    """One line of a list: where it stands and what to do next."""
    draft = getattr(record, "draft", None)
    version = next((v for v in getattr(record, "moving", [])), None)
    line: dict[str, Any] = {
        "record": record,
        "owner": viewer.tree.short(record.owner_id) if record.owner_id in viewer.tree else "",
        "draft": draft,
        "version": version,
        "gate": None,
        "validity": "",
    }
    if version is not None and version.state in life.WAITING:
        line["gate"] = life.next_gate(version)
    if record.pk in gate_of:
        line["version"], line["gate"] = gate_of[record.pk]
        line["mine"] = True
    line["returned"] = draft is not None and version is not None and version.state == State.RETURNED
    if record.standing == Standing.PUBLISHED and kind_of(record.kind).validity:
        line["validity"] = rules.VALIDITY[rules.validity(record, viewer.day)]
    return line
