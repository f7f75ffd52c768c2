"""公开目录 at the desk: directories read in and looked at, their lines, adjustments proposed and decided, the way out."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import day_of, number_of
from gongkai.ledger import matrix
from gongkai.orgs.models import Kind
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.orgs.tree import BODIES
from gongkai.papers.limits import MAX_FILE_BYTES
from gongkai.records.kinds import kinds
from gongkai.scheme import actions, reads
from gongkai.scheme.models import Line, Proposal, Scheme, SchemeDraft
from gongkai.scheme.reading import Channel, Levels, Mark, read_limit, write_directory, write_template
from gongkai.scheme.reading import Line as ReadLine

PAGE = 50
SHOWS = {"": "全部", "doubts": "有疑问", "owners": "没有单位", "kinds": "没有种类"}
LABELS = {
    "number": "序号",
    "area": "领域",
    "level1": "一级事项",
    "level2": "二级事项",
    "content": "公开内容（要素）",
    "basis": "公开依据",
    "limit_text": "公开时限",
    "owner_text": "公开主体（原文）",
    "audience_group": "特定群体",
    "audience_all": "全社会",
    "proactive": "主动",
    "on_request": "依申请",
    "county": "县级",
    "township": "乡级",
    "kinds": "信息种类",
    "owners": "公开主体",
}
MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def bodies_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Bodies whose directories the viewer may import, their own first."""
    tree = viewer.tree
    own = [tree.body_of(o).id for o in viewer.organisations]
    below = [n.id for n in tree.live() if n.kind in BODIES and n.id in viewer.governed | viewer.owning]
    every = [pk for pk in dict.fromkeys([*own, *below]) if pk in tree and not tree[pk].gone]
    return [(pk, tree[pk].name) for pk in every if may(viewer, "scheme.import", thing_at(pk, viewer))]


def choices_of(viewer: Viewer, near: int | None = None) -> list[tuple[int, str]]:
    """Every organisation of the tree as it is chosen in a form, in the order of the tree; the county of `near` first."""
    tree = viewer.tree
    out: list[tuple[int, str]] = []

    def walk(pk: int, depth: int) -> None:
        if not tree[pk].gone:
            out.append((pk, "　" * depth + tree[pk].name))
        for child in tree[pk].children:
            walk(child, depth + 1)

    for root in tree.roots():
        walk(root.id, 0)
    if near is not None and near in tree:
        county = next((a for a in tree.above(near) if tree[a].kind == Kind.COUNTY), near)
        inside = tree.subtree(county)
        out.sort(key=lambda c: c[0] not in inside)
    return out


def groups_of(viewer: Viewer, body: int) -> dict[str, tuple[str, list[int]]]:
    """Words for many, as they stand in the tree of the county of a body."""
    tree = viewer.tree
    above = tree.above(body)
    top = next((a for a in above if tree[a].kind in (Kind.COUNTY, Kind.CITY)), body)
    below = [n for n in tree.live() if n.id in tree.subtree(top)]
    found = {
        "towns": ("各镇（街道）", [n.id for n in below if n.kind in (Kind.TOWNSHIP, Kind.STREET)]),
        "departments": ("各部门", [n.id for n in below if n.kind == Kind.DEPARTMENT and n.parent == top]),
    }
    return {key: (name, ids) for key, (name, ids) in found.items() if ids}


def kinds_of(chosen: Iterable[str]) -> list[tuple[str, str, bool]]:
    """(code, name, chosen) of every kind of record, those chosen first."""
    held = set(chosen)
    every = [(code, kind.name, code in held) for code, kind in kinds().items()]
    return sorted(every, key=lambda k: not k[2])


def said_of(issues: Sequence[Issue]) -> dict[str, str]:
    """What is to be said at each field."""
    return {i.field: i.say for i in issues if i.field}


def scheme_of(viewer: Viewer, pk: int) -> Scheme:
    """A scheme that the viewer may read, else 404."""
    found = reads.readable(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def draft_of(viewer: Viewer, pk: int) -> SchemeDraft:
    """A directory under import that the viewer may confirm, else 404."""
    found = reads.drafts(viewer).select_related("file", "person").filter(pk=pk).first()
    if found is None or not may(viewer, "scheme.import", thing_at(found.body_id, viewer)):
        raise Http404
    return found


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
            adopted_on=_adopted(request.POST, viewer.day),
            actor=viewer,
            on=viewer.day,
        )
    except Refused as error:
        return _schemes(request, error.issues)
    return redirect("desk:scheme-scheme", made.pk)


def _adopted(values: Mapping[str, str], empty: dt.date) -> dt.date:
    return day_of(values.get("adopted_on", ""), "施行日期", field="adopted_on", empty=empty) or empty


@require_safe
def template(request: DeskRequest) -> HttpResponse:
    """The empty official form."""
    if not request.viewer.held:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_template(path)
        data = path.read_bytes()
    return _file(data, "公开目录空表", "xlsx")


def _file(data: bytes, title: str, form: str) -> HttpResponse:
    response = HttpResponse(data, content_type=MIME[form])
    response["Content-Disposition"] = f"attachment; filename=directory.{form}; filename*=UTF-8''{quote(title)}.{form}"
    return response


@require_safe
def draft(request: DeskRequest, pk: int) -> HttpResponse:
    """Every row as it was read, with its doubts; many bound at once; at the end 确认."""
    return _draft(request, draft_of(request.viewer, pk))


def _draft(request: DeskRequest, held: SchemeDraft, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    rows: list[dict[str, Any]] = [
        {"index": n, "row": row, "owners": owners_shown(row, viewer), "kinds": kind_names(row.get("kinds", []))}
        for n, row in enumerate(held.rows)
    ]
    tests: dict[str, Callable[[dict[str, Any]], bool]] = {
        "": lambda r: True,
        "doubts": lambda r: bool(r["row"]["doubts"]),
        "owners": lambda r: not r["row"]["owners"],
        "kinds": lambda r: not r["row"]["kinds"],
    }
    show = request.GET.get("show", "")
    show = show if show in tests else ""
    printed = request.GET.get("owner", "")
    found = [r for r in rows if tests[show](r) and (not printed or r["row"]["owner_text"] == printed)]
    page = Paginator(found, PAGE * 2).get_page(request.GET.get("page"))
    current = reads.visible(viewer).filter(body=held.body_id)
    return render(
        request,
        "desk/scheme/draft.html",
        {
            "draft": held,
            "body": viewer.tree[held.body_id].name,
            "page": page,
            "total": len(rows),
            "tabs": [(k, label, sum(bool(tests[k](r)) for r in rows), k == show) for k, label in SHOWS.items()],
            "show": show,
            "printed": printed,
            "query": urlencode({k: v for k, v in (("show", show), ("owner", printed)) if v}),
            "choices": choices_of(viewer, held.body_id),
            "groups": [(k, name, len(ids)) for k, (name, ids) in groups_of(viewer, held.body_id).items()],
            "every_kind": [(c, k.name) for c, k in kinds().items()],
            "current": list(current),
            "issues": issues,
            "said": said_of(issues),
            "post": request.POST,
            "today_iso": viewer.day.isoformat(),
        },
        status=422 if issues else 200,
    )


def owners_shown(row: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    """The organisations of a row in words: a word for many is told with how many it stands for, and which."""
    tree = viewer.tree
    left = [o for o in row.get("owners", []) if o in tree]
    groups = []
    for bound in row.get("bound", []):
        if bound["group"] and set(bound["organisations"]) <= set(left) and len(bound["organisations"]) > 1:
            groups.append((bound["printed"], [tree.short(o) for o in bound["organisations"]]))
            left = [o for o in left if o not in bound["organisations"]]
    return {"names": [tree.short(o) for o in left], "groups": groups}


def kind_names(codes: Iterable[str]) -> list[str]:
    """The names of kinds."""
    return [kinds()[c].name if c in kinds() else c for c in codes]


@require_safe
def row(request: DeskRequest, pk: int, index: int) -> HttpResponse:
    """The form of one row of a draft."""
    held = draft_of(request.viewer, pk)
    if not 0 <= index < len(held.rows):
        raise Http404
    return _row(request, held, index, held.rows[index])


def _row(
    request: DeskRequest, held: SchemeDraft, index: int, values: Mapping[str, Any], issues: Sequence[Issue] = ()
) -> HttpResponse:
    context = {
        "draft": held,
        "index": index,
        "doubts": held.rows[index]["doubts"],
        "place": held.rows[index].get("place", ""),
        **line_form(values, request.viewer, held.body_id, _maybe(held.rows[index])),
        "issues": issues,
        "said": said_of(issues),
    }
    return render(request, "desk/scheme/row.html", context, status=422 if issues else 200)


def _maybe(values: Mapping[str, Any]) -> list[int]:
    return [o for bound in values.get("bound", []) for o in bound["maybe"]]


def line_form(values: Mapping[str, Any], viewer: Viewer, body: int, maybe: Iterable[int] = ()) -> dict[str, Any]:
    """What the form of a line shows: its words, its owners first among all organisations, its kinds first."""
    held = {int(o) for o in values.get("owners", []) if str(o).isdigit()}
    likely = held | set(maybe)
    tree = viewer.tree
    return {
        "line": values,
        "owners": [(o, tree.path(o), o in held) for o in sorted(likely) if o in tree and not tree[o].gone],
        "others": [(o, name) for o, name in choices_of(viewer, body) if o not in likely],
        "kinds": kinds_of(values.get("kinds", [])),
    }


def typed(post: QueryDict) -> dict[str, Any]:
    """A line as a form sends it; ticks that are not sent are not set."""
    values: dict[str, Any] = {name: post.get(name, "") for name in actions.TEXTS if name in post}
    if "has_flags" in post:
        values.update({name: post.get(name) == "1" for name in actions.FLAGS})
    if "has_owners" in post:
        values["owners"] = [int(o) for o in post.getlist("owners") if o.isdigit()]
        values["kinds"] = post.getlist("kinds")
    return values


@require_POST
def draft_act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Correct a row or many, drop them, confirm the whole, or give it up."""
    viewer = request.viewer
    held = draft_of(viewer, pk)
    post = request.POST
    revision = number_of(post, "revision")
    revision = held.revision if revision is None else revision
    try:
        if verb == "row":
            return _save_row(request, held, revision)
        if verb == "rows":
            values: dict[str, Any] = {}
            if post.get("do") == "drop":
                values["drop"] = True
            else:
                groups = groups_of(viewer, held.body_id)
                chosen = post.get("owners", "")
                ids = groups[chosen[2:]][1] if chosen[2:] in groups and chosen.startswith("g:") else [chosen]
                values = {"owners": [o for o in ids if o], "kinds": [k for k in post.getlist("kinds") if k]}
            rows = [int(x) for x in post.getlist("row") if x.isdigit()]
            actions.change_rows(held.pk, rows, values, revision=revision, actor=viewer, on=viewer.day)
        elif verb == "drop":
            actions.drop_draft(held.pk, actor=viewer, on=viewer.day)
            return redirect("desk:scheme")
        else:
            made = actions.confirm_scheme(
                held.pk,
                post.get("title", ""),
                standard=post.get("standard") == "1",
                adopted_on=_adopted(post, viewer.day),
                replaces=number_of(post, "replaces"),
                actor=viewer,
                on=viewer.day,
            )
            return redirect("desk:scheme-scheme", made.pk)
    except Refused as error:
        held.refresh_from_db()
        return _draft(request, held, error.issues)
    return redirect(f"{reverse('desk:scheme-draft', args=[held.pk])}?{_query(post)}")


def _query(post: QueryDict) -> str:
    return urlencode({k: str(post.get(k, "")) for k in ("show", "owner", "page") if post.get(k)})


def _save_row(request: DeskRequest, held: SchemeDraft, revision: int) -> HttpResponse:
    viewer, post = request.viewer, request.POST
    index = number_of(post, "index")
    if index is None or not 0 <= index < len(held.rows):
        raise refuse("scheme.gone", "没有这一行。")
    values = {"drop": True} if post.get("do") == "drop" else typed(post)
    try:
        actions.change_draft(held.pk, index, values, revision=revision, actor=viewer, on=viewer.day)
    except Refused as error:
        return _row(request, held, index, {**held.rows[index], **values}, error.issues)
    held.refresh_from_db()
    left = [n for n, r in enumerate(held.rows) if r["doubts"]]
    after = next((n for n in left if n > index), left[0] if left else None)
    if post.get("do") == "next" and after is not None:
        return redirect("desk:scheme-row", held.pk, after)
    return redirect("desk:scheme-draft", held.pk)


@require_safe
def scheme(request: DeskRequest, pk: int) -> HttpResponse:
    """One scheme: its lines by area, owner, kind and state; what was adjusted and what is proposed."""
    return _scheme(request, scheme_of(request.viewer, pk))


def _scheme(request: DeskRequest, held: Scheme, issues: Sequence[Issue] = ()) -> HttpResponse:
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
            "lines": [_line(r, viewer, told) for r in page],
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


def _line(row: matrix.Row, viewer: Viewer, told: Any) -> dict[str, Any]:
    cells = [
        (viewer.tree.short(o), entry, matrix.LABELS[entry.cell], told(o))
        for o, entry in row.cells.items()
        if o in viewer.tree
    ]
    return {"line": row.line, "cells": cells, "kinds": kind_names(row.line.kinds)}


def shown(proposal: Proposal, viewer: Viewer) -> list[tuple[str, str, str]]:
    """What a proposal changes: (column, before, after)."""
    before = proposal.values.get("before", {})
    out = []
    for name, label in LABELS.items():
        if name not in proposal.values:
            continue
        line = proposal.line
        if name in before:
            old: Any = before[name]
        elif proposal.accepted is None and line is not None and proposal.verb == "change":
            old = _standing_owners(line) if name == "owners" else getattr(line, name)
        elif proposal.verb == "change":
            continue
        else:
            old = None
        new = proposal.values[name]
        if old == new or (old is None and not new):
            continue
        out.append((label, _words(name, old, viewer), _words(name, new, viewer)))
    return out


def _words(name: str, value: Any, viewer: Viewer) -> str:
    if value is None:
        return ""
    if name == "owners":
        return "、".join(viewer.tree.short(o) for o in value if o in viewer.tree) or "（空）"
    if name == "kinds":
        return "、".join(kind_names(value)) or "（空）"
    if isinstance(value, bool):
        return "√" if value else "（空）"
    return str(value) or "（空）"


@require_http_methods(["GET", "POST"])
def propose(request: DeskRequest, pk: int) -> HttpResponse:
    """提出调整: add, change or end a line. Who decides may put it into force at once; the history keeps it all the same."""
    viewer = request.viewer
    held = scheme_of(viewer, pk)
    if not may_propose(held, viewer):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    number = number_of(given, "line")
    line = held.lines.prefetch_related("owners").filter(pk=number, until=None).first() if number else None
    verb = given.get("verb", "change" if line else "add")
    if verb not in ("add", "change", "end") or (number is not None and line is None):
        raise Http404
    values = line_values(line) if line else {"audience_all": True, "proactive": True}
    issues: Sequence[Issue] = ()
    if request.method == "POST":
        values = {**values, **typed(request.POST)}
        try:
            _proposed(request, held, verb, values, line)
            return redirect("desk:scheme-scheme", held.pk)
        except Refused as error:
            issues = error.issues
    context = {
        "scheme": held,
        "held": line,
        "verb": verb,
        **line_form(values, viewer, held.body_id),
        "may_decide": may(viewer, "scheme.decide", thing_at(held.body_id, viewer)),
        "by_hand": _by_hand(held, verb, viewer),
        "reason": request.POST.get("reason", ""),
        "issues": issues,
        "said": said_of(issues),
    }
    return render(request, "desk/scheme/propose.html", context, status=422 if issues else 200)


def _by_hand(held: Scheme, verb: str, viewer: Viewer) -> bool:
    """Whether a line goes in at once: a scheme that is still being put together by hand."""
    return verb == "add" and held.file_id is None and may(viewer, "scheme.import", thing_at(held.body_id, viewer))


def _proposed(request: DeskRequest, held: Scheme, verb: str, values: dict[str, Any], line: Line | None) -> None:
    viewer, reason = request.viewer, request.POST.get("reason", "")
    if _by_hand(held, verb, viewer):
        actions.add_line(held.pk, values, actor=viewer, on=viewer.day)
        return
    if verb == "change" and line is not None:
        before = line_values(line)
        values = {k: v for k, v in values.items() if before.get(k) != v}
        if not values:
            raise refuse("scheme.same", "和现在的内容一样，没有要调整的。", "level1")
    made = actions.propose(
        held.pk, verb, values, reason, actor=viewer, on=viewer.day, line=line.pk if line is not None else None
    )
    if request.POST.get("now") == "1":
        actions.decide(made.pk, True, actor=viewer, on=viewer.day)


def line_values(line: Line) -> dict[str, Any]:
    """A standing line as its form shows it."""
    values: dict[str, Any] = {name: getattr(line, name) for name in (*actions.TEXTS, *actions.FLAGS)}
    values["kinds"] = list(line.kinds)
    values["owners"] = _standing_owners(line)
    return values


def _standing_owners(line: Line) -> list[int]:
    return sorted(o.organisation_id for o in line.owners.all() if o.until is None)


@require_POST
def decide(request: DeskRequest, pk: int, proposal: int) -> HttpResponse:
    """主管部门 accepts or declines a proposal."""
    viewer = request.viewer
    held = scheme_of(viewer, pk)
    found = held.proposals.filter(pk=proposal).first()
    if found is None:
        raise Http404
    try:
        accepted = request.POST.get("verdict") == "accept"
        if request.POST.get("verdict") not in ("accept", "decline"):
            demand(viewer, "scheme.decide", thing_at(held.body_id, viewer))
            raise refuse("scheme.verdict", "请选同意或者不同意。", "verdict")
        actions.decide(found.pk, accepted, actor=viewer, on=viewer.day, answer=request.POST.get("answer", ""))
    except Refused as error:
        return _scheme(request, held, error.issues)
    if request.POST.get("back") == "list":
        return redirect("desk:scheme")
    return redirect("desk:scheme-scheme", held.pk)


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
        return _scheme(request, held, error.issues)
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
    return _file(data, f"{held.title}-{viewer.day:%Y%m%d}", form)


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
