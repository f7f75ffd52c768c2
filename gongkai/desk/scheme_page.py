"""One scheme: its lines, its history, its end, the way out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.scheme_common import PAGE, kind_names, said_of, scheme_of, shown
from gongkai.ledger import matrix
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.records.kinds import kinds
from gongkai.scheme import actions, reads
from gongkai.scheme.models import Line, Scheme
from gongkai.scheme.reading import Channel, Levels, Mark, read_limit, write_directory
from gongkai.scheme.reading import Line as ReadLine
from gongkai.scheme.rules import thing_of


@require_safe
def scheme(request: DeskRequest, pk: int) -> HttpResponse:
    """One scheme: its lines by area, owner, kind and state; what was adjusted and what is proposed."""
    return show(request, scheme_of(request.viewer, pk))


def show(request: DeskRequest, held: Scheme, issues: Sequence[Issue] = ()) -> HttpResponse:
    """The page of a scheme, with what was refused."""
    viewer, get = request.viewer, request.GET
    tree = viewer.tree
    rows = matrix.matrix(held, viewer.day)
    area, owner, kind = get.get("area", ""), number_of(get, "owner"), get.get("kind", "")
    state, text = get.get("state", ""), get.get("q", "").strip()
    mine = viewer.bodies | viewer.governed

    def told(entry_of: int) -> bool:
        return entry_of in tree and tree.body_of(entry_of).id in mine

    found = [
        r
        for r in rows
        if (not area or r.line.area == area)
        and (owner is None or owner in r.cells)
        and (not kind or kind in r.line.kinds)
        and (not state or any(c.cell == state and told(o) for o, c in r.cells.items() if owner in (None, o)))
        and (not text or text in f"{r.line.level1}{r.line.level2}{r.line.content}")
    ]
    page = Paginator(found, PAGE).get_page(get.get("page"))
    decided = list(held.proposals.select_related("line", "person", "decided_by").prefetch_related("line__owners"))
    may_decide = may(viewer, "scheme.decide", thing_at(held.body_id, viewer))
    kept = {k: str(v) for k, v in get.items() if v and k != "page"}
    return render(
        request,
        "desk/scheme/scheme.html",
        {
            "scheme": held,
            "body": tree[held.body_id].name if held.body_id in tree else "",
            "standing": held.ended_on is None or held.ended_on > viewer.day,
            "page": page,
            "lines": [_line(held, r, viewer, told) for r in page],
            "total": len(rows),
            "areas": sorted({r.line.area for r in rows if r.line.area}),
            "owners": sorted(
                ((o, tree.short(o)) for o in {o for r in rows for o in r.cells} if o in tree), key=lambda x: x[1]
            ),
            "every_kind": [(c, k.name) for c, k in kinds().items() if any(c in r.line.kinds for r in rows)],
            "states": [(c.value, matrix.LABELS[c]) for c in matrix.Cell],
            "area": area,
            "owner": owner,
            "kind": kind,
            "state": state,
            "text": text,
            "query": urlencode(kept),
            "pending": [(p, shown(p, viewer)) for p in decided if p.accepted is None],
            "history": [(p, shown(p, viewer)) for p in decided if p.accepted is not None],
            "may_decide": may_decide,
            "may_propose": may_propose(held, viewer),
            "issues": issues,
            "said": said_of(issues),
            "post": request.POST,
        },
        status=422 if issues else 200,
    )


def may_propose(held: Scheme, viewer: Viewer) -> bool:
    """Whether the viewer may propose an adjustment: the body, whoever owes a line of it, or who oversees it."""
    if held.ended_on is not None and held.ended_on <= viewer.day:
        return False
    return (
        may(viewer, "scheme.import", thing_at(held.body_id, viewer))
        or held.lines.filter(owners__organisation__in=viewer.owning, owners__until=None).exists()
    )


def _line(held: Scheme, row: matrix.Row, viewer: Viewer, told: Any) -> dict[str, Any]:
    cells = [
        (viewer.tree.short(o), entry, matrix.LABELS[entry.cell], told(o))
        for o, entry in row.cells.items()
        if o in viewer.tree
    ]
    proposes = may(viewer, "scheme.propose", thing_of(held.body_id, row.cells, viewer.tree))
    return {"line": row.line, "cells": cells, "kinds": kind_names(row.line.kinds), "may_propose": proposes}


@require_POST
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """停用."""
    viewer = request.viewer
    held = scheme_of(viewer, pk)
    demand(viewer, "scheme.decide", thing_at(held.body_id, viewer))
    try:
        if not request.POST.get("reason", "").strip():
            raise refuse("scheme.end-reason", "请写停用的原因，例如被新目录代替。", "end_reason")
        actions.end_scheme(held.pk, actor=viewer, on=viewer.day, reason=request.POST.get("reason", ""))
    except Refused as error:
        return show(request, held, error.issues)
    return redirect("desk:scheme-scheme", held.pk)


@require_safe
def export(request: DeskRequest, pk: int, form: str) -> HttpResponse:
    """The lines in force in the official form."""
    viewer = request.viewer
    held = scheme_of(viewer, pk)
    lines = [read_line(line) for line in reads.lines(held, viewer.day)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"directory.{form}"
        write_directory(lines, path)
        data = path.read_bytes()
    return downloads.table(data, form, "directory", f"{held.title}-{viewer.day:%Y%m%d}")


def read_line(line: Line) -> ReadLine:
    """A line as the writer of the official form takes it."""
    level2, *deeper = line.level2.split(" › ")
    return ReadLine(
        number=line.number,
        area=line.area,
        level1=line.level1,
        level2=level2,
        deeper=deeper[:2],
        content=line.content,
        basis=line.basis,
        limit=read_limit(line.limit_text),
        owner=line.owner_text,
        channels=[Channel(name, Mark(mark)) for name, mark in line.channels],
        audience_all=line.audience_all,
        audience_group=line.audience_group,
        proactive=line.proactive,
        on_request=line.on_request,
        levels=Levels(line.county, line.township),
    )
