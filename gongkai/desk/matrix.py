"""应公开矩阵 at the desk: lines × organisations, each cell one click from what it asks and who can meet it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest
from gongkai.desk.evidence import proofs
from gongkai.desk.forms import number_of
from gongkai.desk.ledger import lines_of
from gongkai.desk.scheme_common import kind_names
from gongkai.ledger import matrix as told
from gongkai.ledger import reads as ledger
from gongkai.ledger.matrix import Cell, Entry, Row
from gongkai.ledger.models import Matter, Settlement
from gongkai.ledger.reads import Filter
from gongkai.ledger.rules import LABELS, Status, current_since, late, overdue
from gongkai.orgs.rules import Viewer, may, thing_at
from gongkai.records.kinds import kinds
from gongkai.records.models import Standing
from gongkai.records.reads import workable
from gongkai.scheme import reads
from gongkai.scheme.models import LineOwner, Scheme
from gongkai.scheme.rules import thing_of, working

PAGE = 40
LISTED = 100


@dataclass
class View:
    """What the matrix shows: the scheme, its rows after the filters, its columns."""

    scheme: Scheme
    rows: list[Row]
    columns: list[tuple[int, str]]
    counts: dict[Cell, int]


def seen_by(viewer: Viewer, organisation: int) -> bool:
    """Whether a cell is the viewer's to see: by the rule of the ledger, the body of the organisation."""
    tree = viewer.tree
    return organisation in tree and tree.body_of(organisation).id in viewer.bodies | viewer.governed


def view_of(request: DeskRequest, schemes: list[Scheme]) -> View | None:
    """The rows and cells that the address asks for; None where there is no scheme."""
    viewer, get = request.viewer, request.GET
    chosen = number_of(get, "scheme")
    scheme = next((s for s in schemes if s.pk == chosen), schemes[0] if schemes else None)
    if scheme is None:
        return None
    rows = told.matrix(scheme, viewer.day)
    area, organisation, text = get.get("area", ""), number_of(get, "org"), get.get("q", "").strip()
    out = []
    for row in rows:
        row.cells = {
            o: e for o, e in row.cells.items() if seen_by(viewer, o) and (organisation is None or o == organisation)
        }
        words = f"{row.line.number} {row.line.level1}{row.line.level2}{row.line.content}"
        if row.cells and (not area or row.line.area == area) and (not text or text in words):
            out.append(row)
    tree = viewer.tree
    order = {pk: n for n, pk in enumerate(tree.nodes)}
    columns = sorted({o for r in out for o in r.cells}, key=lambda o: order[o])
    return View(scheme, out, [(o, tree.short(o)) for o in columns], told.counts(out))


def schemes_of(viewer: Viewer) -> list[Scheme]:
    """The schemes in force that the viewer may read: those first that ask something of what they may see."""
    standing = reads.readable(viewer).filter(reads.standing(viewer.day)).order_by("standard", "title", "pk")
    seen = [n.id for n in viewer.tree.live() if seen_by(viewer, n.id)]
    asks = set(
        LineOwner.objects.filter(reads.owing(viewer.day), organisation__in=seen).values_list("line__scheme", flat=True)
    )
    return sorted(standing, key=lambda s: (s.pk not in asks, s.body_id not in viewer.bodies))


@require_safe
def matrix(request: DeskRequest) -> HttpResponse:
    """应公开: cells of lines × organisations; with `state` the list that a number on top opens."""
    viewer, get = request.viewer, request.GET
    if not viewer.held:
        raise Http404
    schemes = schemes_of(viewer)
    view = view_of(request, schemes)
    if view is None:
        return render(request, "desk/scheme/matrix.html", {"schemes": [], "view": None})
    state = get.get("state", "")
    state = state if state in set(Cell) else ""
    kept = {k: get[k] for k in ("scheme", "area", "org", "q") if get.get(k)}
    kept.setdefault("scheme", str(view.scheme.pk))
    cells: list[tuple[Row, str, Entry]] = []
    if state:
        names = dict(view.columns)
        cells = [(r, names[o], e) for r in view.rows for o, e in r.cells.items() if e.cell == state]
        cells.sort(key=lambda c: (c[2].due is None, c[2].due, c[0].line.position))
    on_page: list[Row] = []
    listed: list[tuple[Row, str, Entry]] = []
    page: Any
    if state:
        page = Paginator(cells, LISTED).get_page(get.get("page"))
        listed = list(page)
    else:
        page = Paginator(view.rows, PAGE).get_page(get.get("page"))
        on_page = list(page)
    every = told.matrix(view.scheme, viewer.day) if kept.keys() - {"scheme"} else view.rows
    seen = sorted({o for r in every for o in r.cells if seen_by(viewer, o)})
    return render(
        request,
        "desk/scheme/matrix.html",
        {
            "schemes": schemes,
            "view": view,
            "state": state,
            "state_label": told.LABELS[Cell(state)] if state else "",
            "state_why": told.WHY[Cell(state)] if state else "",
            "page": page,
            "rows": [(r, [_cell(r, o, name) for o, name in view.columns]) for r in on_page],
            "cells": listed,
            "numbers": [(told.LABELS[c], view.counts[c], c.value, urlencode({**kept, "state": c.value})) for c in Cell],
            "areas": sorted({r.line.area for r in every if r.line.area}),
            "organisations": [(o, viewer.tree.short(o)) for o in seen],
            "area": get.get("area", ""),
            "org": number_of(get, "org"),
            "text": get.get("q", "").strip(),
            "query": urlencode(kept),
            "labels": [(c.value, told.LABELS[c], told.WHY[c]) for c in Cell],
        },
    )


def _cell(row: Row, organisation: int, name: str) -> dict[str, Any]:
    entry = row.cells.get(organisation)
    return {"name": name, "entry": entry, "label": told.LABELS[entry.cell] if entry else ""}


@require_safe
def export(request: DeskRequest) -> HttpResponse:
    """The matrix as it is filtered, as a table with a word and a colour in each cell."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    if not request.viewer.held:
        raise Http404
    view = view_of(request, schemes_of(request.viewer))
    if view is None:
        raise Http404
    fills = {Cell.LATE: "F8CBAD", Cell.MET: "C6E0B4", Cell.NOT_DUE: "DDEBF7", Cell.UNKNOWN: "FFF2CC"}
    book = Workbook()
    page: Any = book.active
    page.title = "应公开矩阵"
    edge = Border(*(Side(style="thin"),) * 4)
    heads = ["序号", "领域", "公开事项", "公开时限", *(name for _, name in view.columns)]
    lines = [heads]
    for row in view.rows:
        matter = " › ".join(filter(None, (row.line.level1, row.line.level2)))
        lines.append(
            [row.line.number, row.line.area, matter, row.line.limit_text, *(_word(row, o) for o, _ in view.columns)]
        )
    page.append([f"{view.scheme.title} 应公开情况（{request.viewer.day:%Y-%m-%d}）"])
    page["A1"].font = Font(bold=True, size=14)
    for line in lines:
        page.append([None] * len(line))
        for at, text in enumerate(line, 1):
            cell = page.cell(page.max_row, at)
            cell.value = text or None
            if text:
                cell.data_type = "s"  # a text that begins with = is a text, and never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.border = edge
    for r, row in enumerate(view.rows, 3):
        for c, (organisation, _) in enumerate(view.columns, 5):
            entry = row.cells.get(organisation)
            if entry is not None and entry.cell in fills:
                page.cell(r, c).fill = PatternFill("solid", fgColor=fills[entry.cell])
    for column, width in zip("ABCD", (7, 14, 36, 24), strict=True):
        page.column_dimensions[column].width = width
    page.freeze_panes = "E3"
    page.print_title_rows = "2:2"
    page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    made = io.BytesIO()
    book.save(made)
    return downloads.table(made.getvalue(), "xlsx", "matrix", f"matrix-{view.scheme.pk}")


def _word(row: Row, organisation: int) -> str:
    entry = row.cells.get(organisation)
    if entry is None:
        return ""
    due = f" {entry.due:%Y-%m-%d}" if entry.due and entry.cell in (Cell.LATE, Cell.NOT_DUE) else ""
    return told.LABELS[entry.cell] + due


@require_safe
def line(request: DeskRequest, pk: int) -> HttpResponse:
    """One cell: what is asked and why on this day, what was offered, and the way to publish it now."""
    viewer = request.viewer
    owner = LineOwner.objects.select_related("line__scheme").filter(pk=pk).first()
    if owner is None or not seen_by(viewer, owner.organisation_id):
        raise Http404
    held, organisation = owner.line, owner.organisation_id
    matter = Matter.objects.prefetch_related("bearers", "duties").filter(source="scheme", source_id=owner.pk).first()
    settled = {s.clock: s for s in Settlement.objects.filter(source="scheme", source_id=pk).select_related("person")}
    own = list(matter.duties.all()) if matter else []
    proved = proofs(matter, viewer) if matter else {}
    live = any(not p.dead for p in proved.get("proof_accepted", []))
    cell = told.state_of(own, viewer.day, proved=live) if held.proactive and matter else Cell.NONE
    begun = {
        r.pk: r
        for r in workable(viewer).filter(
            pk__in=[int(d.clock[1:]) for d in own if d.clock[1:].isdigit() and d.clock[0] == "f"]
        )
    }
    writes = may(viewer, "record.write", thing_at(organisation, viewer))
    tree = viewer.tree
    return render(
        request,
        "desk/scheme/line.html",
        {
            "owner": owner,
            "line": held,
            "scheme": held.scheme,
            "m": matter,
            "organisation": tree[organisation].name,
            "cell": cell,
            "label": told.LABELS[cell],
            "why": told.WHY[cell],
            "duties": [
                {
                    "duty": d,
                    "overdue": overdue(d, viewer.day),
                    "late": late(d),
                    "days": (d.due - viewer.day).days if d.due else None,
                    "settlement": settled.get(d.clock) if d.settled_on else None,
                    "working": working(held.limit, d.clock, d.opens, d.due),
                    "record": begun.get(int(d.clock[1:])) if d.clock[0] == "f" and d.clock[1:].isdigit() else None,
                }
                for d in own
            ],
            "kinds": [(c, kinds()[c].name) for c in held.kinds if c in kinds()],
            "kind_names": kind_names(held.kinds),
            "writes": writes,
            "drafts": [r for r in begun.values() if r.standing == Standing.DRAFT],
            "may_propose": may(viewer, "scheme.propose", thing_of(held.scheme.body_id, {organisation}, tree)),
            "ended": owner.until or held.until or held.scheme.ended_on,
            **proved,
        },
    )


@require_safe
def due(request: DeskRequest) -> HttpResponse:
    """要公开的事: the lines of schemes of mine and of those I oversee, by state: the list of the numbers of 今日."""
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    status = request.GET.get("status", "")
    status = status if status in set(Status) else ""
    chosen = due_filter(viewer, status)
    mine = request.GET.get("scope") == "mine"
    everything = ledger.borne_by(viewer) if mine else ledger.watched(viewer)
    found = chosen.applied(everything, viewer.day).order_by(F("next_due").asc(nulls_last=True), "sheet", "position")
    counted = ledger.counts(due_filter(viewer, "").applied(everything, viewer.day), viewer.day)
    page = Paginator(found.prefetch_related("bearers"), PAGE).get_page(request.GET.get("page"))
    lines = lines_of(list(page), viewer.day, viewer.governed)
    for one in lines:
        pks = [b.organisation for b in one["matter"].bearers.all()]
        one["mine"] = any(o in viewer.owning for o in pks)
        one["whose"] = "、".join(viewer.tree.short(o) for o in pks if o in viewer.tree)
        one["days"] = (one["matter"].next_due - viewer.day).days if one["matter"].next_due else None
    return render(
        request,
        "desk/scheme/due.html",
        {
            "page": page,
            "lines": lines,
            "status": status,
            "scope": "&scope=mine" if mine else "",
            "tabs": [(s.value, LABELS[s], counted[s], s == status) for s in Status if counted[s]],
            "total": sum(counted.values()),
        },
    )


def due_filter(viewer: Viewer, status: str) -> Filter:
    """Lines of schemes that are this year's work, in a state."""
    return Filter(since=current_since(viewer.day), source="scheme", status=status)
