"""公开目录 at the desk: what there is, the ways in. Directories under import, the page of one and adjustments stand apart."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk import downloads
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.scheme_common import adopted_on, said_of, shown
from gongkai.desk.scheme_draft import draft, draft_act, row
from gongkai.desk.scheme_page import end, export, scheme
from gongkai.desk.scheme_propose import decide, propose
from gongkai.orgs.rules import Viewer, may, thing_at
from gongkai.orgs.tree import BODIES
from gongkai.papers.limits import MAX_FILE_BYTES
from gongkai.scheme import actions, reads
from gongkai.scheme.reading import write_template

__all__ = [
    "begin",
    "decide",
    "draft",
    "draft_act",
    "end",
    "export",
    "propose",
    "row",
    "scheme",
    "schemes",
    "template",
    "upload",
]


def bodies_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Bodies whose directories the viewer may import, their own first."""
    tree = viewer.tree
    own = [tree.body_of(o).id for o in viewer.organisations]
    below = [n.id for n in tree.live() if n.kind in BODIES and n.id in viewer.governed | viewer.owning]
    every = [pk for pk in dict.fromkeys([*own, *below]) if pk in tree and not tree[pk].gone]
    return [(pk, tree[pk].name) for pk in every if may(viewer, "scheme.import", thing_at(pk, viewer))]


@require_safe
def schemes(request: DeskRequest) -> HttpResponse:
    """公开目录: what is in force, what is under import, what waits for a decision, and the way in."""
    return _schemes(request)


def _schemes(request: DeskRequest, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    tree = viewer.tree
    found = list(reads.readable(viewer).order_by("standard", "title", "pk"))
    names = {s.pk: tree[s.body_id].name if s.body_id in tree else "" for s in found}
    return render(
        request,
        "desk/scheme/list.html",
        {
            "own": [(s, names[s.pk]) for s in found if not s.standard],
            "standard": [(s, names[s.pk]) for s in found if s.standard],
            "drafts": [
                (d, len(d.rows), sum(bool(r["doubts"]) for r in d.rows), tree[d.body_id].name)
                for d in reads.drafts(viewer).select_related("person")
            ],
            "pending": [(p, shown(p, viewer)) for p in reads.pending(viewer).prefetch_related("line__owners")],
            "bodies": bodies_of(viewer),
            "issues": issues,
            "said": said_of(issues),
            "today_iso": viewer.day.isoformat(),
            "post": request.POST,
        },
        status=422 if issues else 200,
    )


@require_POST
def upload(request: DeskRequest) -> HttpResponse:
    """A file becomes a draft to be looked at."""
    viewer = request.viewer
    if not bodies_of(viewer):
        raise Http404
    body, file = number_of(request.POST, "body"), request.FILES.get("file")
    try:
        if body not in {pk for pk, _ in bodies_of(viewer)} or body is None:
            raise refuse("scheme.body", "请选这份目录是哪个单位的。", "body")
        if file is None:
            raise refuse("scheme.file", "请选目录文件：Excel、Word、WPS、PDF、网页或文本。", "file")
        if (file.size or 0) > MAX_FILE_BYTES:
            raise refuse("scheme.size", f"文件超过{MAX_FILE_BYTES // 2**20}MB，请只上传目录本身。", "file")
        made = actions.read_scheme(file.read(), file.name or "目录", body, actor=viewer, on=viewer.day)
    except Refused as error:
        return _schemes(request, error.issues)
    return redirect("desk:scheme-draft", made.pk)


@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """A scheme by hand, without lines."""
    viewer = request.viewer
    if not bodies_of(viewer):
        raise Http404
    body = number_of(request.POST, "new_body")
    try:
        if body not in {pk for pk, _ in bodies_of(viewer)} or body is None:
            raise refuse("scheme.body", "请选这份目录是哪个单位的。", "new_body")
        made = actions.begin_scheme(
            body,
            request.POST.get("title", ""),
            standard=request.POST.get("standard") == "1",
            adopted_on=adopted_on(request.POST, viewer.day),
            actor=viewer,
            on=viewer.day,
        )
    except Refused as error:
        return _schemes(request, error.issues)
    return redirect("desk:scheme-scheme", made.pk)


@require_safe
def template(request: DeskRequest) -> HttpResponse:
    """The empty official form."""
    if not request.viewer.held:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_template(path)
        data = path.read_bytes()
    return downloads.table(data, "xlsx", "directory", "公开目录空表")
