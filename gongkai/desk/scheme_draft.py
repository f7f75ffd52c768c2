"""A directory under import: every row as it was read, corrected one by one or many at once, confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.scheme_common import PAGE, adopted_on, choices_of, groups_of, kind_names, line_form, said_of, typed
from gongkai.orgs.rules import Viewer, may, thing_at
from gongkai.records.kinds import kinds
from gongkai.scheme import actions, reads
from gongkai.scheme.models import SchemeDraft

SHOWS = {"": "全部", "doubts": "有疑问", "owners": "没有单位", "kinds": "没有种类"}


def draft_of(viewer: Viewer, pk: int) -> SchemeDraft:
    """A directory under import that the viewer may confirm, else 404."""
    found = reads.drafts(viewer).select_related("file", "person").filter(pk=pk).first()
    if found is None or not may(viewer, "scheme.import", thing_at(found.body_id, viewer)):
        raise Http404
    return found


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
                adopted_on=adopted_on(post, viewer.day),
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
