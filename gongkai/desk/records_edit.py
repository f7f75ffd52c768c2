"""The form of a record: begun, edited, checked while sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk import records_form as forms
from gongkai.desk import records_typed as sent
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.records_common import record_of, side_by_side
from gongkai.desk.records_files import files_of
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.records import actions, life, look, reads
from gongkai.records.kinds import Kind, gates, kind_of, kinds
from gongkai.records.models import Draft, Original, Record


def owners_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Organisations for which the viewer may write, their own post first, then the body above it."""
    tree = viewer.tree
    own = [h.organisation for h in viewer.held if h.role == Role.CLERK] or [h.organisation for h in viewer.held]
    bodies = [tree.body_of(o).id for o in own]
    every = [pk for pk in (*bodies, *own, *sorted(viewer.owning)) if pk in tree and not tree[pk].gone]
    return [(pk, tree[pk].name) for pk in dict.fromkeys(every) if may(viewer, "record.write", thing_at(pk, viewer))]


@require_safe
def new(request: DeskRequest) -> HttpResponse:
    """起草: choose the kind."""
    owners = owners_of(request.viewer)
    if not owners:
        raise Http404
    title = request.GET.get("title", "").strip()[:200]
    return render(request, "desk/records/new.html", {"groups": forms.grouped(request.viewer), "title": title})


@require_http_methods(["GET", "POST"])
def begin(request: DeskRequest, kind: str) -> HttpResponse:
    """The empty form of a kind; the first save makes the record."""
    viewer = request.viewer
    owners = owners_of(viewer)
    if kind not in kinds() or not owners:
        raise Http404
    of = kind_of(kind)
    owner = number_of(request.POST or request.GET, "owner") or owners[0][0]
    if request.method != "POST":
        raw = sent.fresh(of, owner, viewer)
        raw["title"] = request.GET.get("title", "").strip()[:200] or raw.get("title", "")
        about = number_of(request.GET, "about")
        if about is not None:
            raw["fields"] = _about(of, about, viewer)
        return _form(request, of, raw, owners=owners, owner=owner)
    raw, issues = sent.typed(of, request.POST, viewer)
    try:
        if issues:
            raise Refused(*issues)
        record = actions.begin_record(kind, owner, raw, actor=viewer, on=viewer.day)
    except Refused as error:
        return _form(request, of, raw, owners=owners, owner=owner, issues=error.issues)
    return _then(request, record, 0)


def _about(kind: Kind, pk: int, viewer: Viewer) -> dict[str, Any]:
    """The links that a new record of a kind begins with: 起草解读 on the page of a document."""
    target = reads.visible(viewer).filter(pk=pk).first()
    if target is None:
        return {}
    fits = [f.key for f in kind.fields if f.type == "record" and (not f.kinds or target.kind in f.kinds)]
    return {fits[0]: [pk]} if fits else {}


@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """The form of a draft; saving keeps its revision."""
    viewer = request.viewer
    record = record_of(viewer, pk)
    demand(viewer, "record.write", thing_at(record.owner_id, viewer))
    draft = Draft.objects.select_related("person").filter(record=record).first()
    if draft is None:
        if request.method == "POST":
            raise refuse("record.no-draft", "这份草稿已经提交或者删除，不能再改；请刷新页面。")
        return redirect("desk:records-record", pk)
    kind = kind_of(record.kind)
    if request.method != "POST":
        return _form(request, kind, sent.kept(draft), record=record, draft=draft)
    revision = number_of(request.POST, "over")
    if revision is None:
        revision = number_of(request.POST, "revision")
    raw, issues = sent.typed(kind, request.POST, viewer)
    try:
        if issues:
            raise Refused(*issues)
        saved = actions.write_draft(pk, raw, revision=-1 if revision is None else revision, actor=viewer, on=viewer.day)
    except Refused as error:
        theirs = any(i.rule == "record.conflict" for i in error.issues)
        return _form(request, kind, raw, record=record, draft=draft, issues=error.issues, theirs=theirs)
    return _then(request, record, saved.revision)


def _then(request: DeskRequest, record: Record, revision: int) -> HttpResponse:
    """What the pressed button asks for after the save: cover, submit, preview, or stay."""
    viewer, then = request.viewer, request.POST.get("then", "")
    kind = kind_of(record.kind)
    try:
        if then == "cover":
            actions.cover(record.pk, revision=revision, actor=viewer, on=viewer.day)
        elif then == "submit":
            actions.submit(
                record.pk,
                actor=viewer,
                on=viewer.day,
                urgent=request.POST.get("urgent", ""),
                note=request.POST.get("note", ""),
                revision=revision,
            )
            return redirect("desk:records-record", record.pk)
    except Refused as error:
        draft = Draft.objects.select_related("person").get(record=record)
        return _form(request, kind, sent.kept(draft), record=record, draft=draft, issues=error.issues, saved=True)
    if then == "preview":
        return redirect(f"{reverse('desk:records-preview', args=[record.pk])}?of=draft")
    return redirect(f"{reverse('desk:records-edit', args=[record.pk])}?saved={then or 'draft'}")


def _form(
    request: DeskRequest,
    kind: Kind,
    raw: Mapping[str, Any],
    *,
    record: Record | None = None,
    draft: Draft | None = None,
    issues: Sequence[Issue] = (),
    owners: Sequence[tuple[int, str]] = (),
    owner: int | None = None,
    theirs: bool = False,
    saved: bool = False,
) -> HttpResponse:
    viewer = request.viewer
    files = [a["name"] for a in draft.attachments] if draft else []
    form = forms.form_of(kind, raw, viewer, issues, files)
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "record": record,
        "draft": draft,
        "issues": issues,
        "linked_issues": [(i, forms.anchor(i.field) if i.field else "") for i in issues],
        "owners": owners,
        "owner": owner,
        "theirs": theirs,
        "saved": saved or request.GET.get("saved", "") if request.method == "GET" or saved else "",
        "note": request.POST.get("note", ""),
        "urgent": request.POST.get("urgent", ""),
        "files": files_of(draft) if draft else [],
        "originals": list(Original.objects.filter(record=record)[:5]) if record else [],
    }
    body = viewer.tree[record.owner_id].name if record else ""
    context["owner_name"] = body
    order = life.order_for(
        kind, record.owner_id if record else owner or 0, viewer.tree, str(raw.get("audience") or "public")
    )
    context["gates"] = [gates()[g] for g in order]
    if theirs and draft is not None:
        mine = Draft(fields={}, attachments=draft.attachments)
        sent.unsaved(kind, raw, mine)
        context["differences"] = side_by_side(reads.compare(draft, mine, kind))
    return render(request, "desk/records/form.html", context, status=422 if issues else 200)


@require_POST
def check(request: DeskRequest) -> HttpResponse:
    """What is to be said of a form as it stands, without saving it."""
    viewer = request.viewer
    code = request.POST.get("kind", "")
    if code not in kinds() or not viewer.held:
        raise Http404
    kind = kind_of(code)
    pk = number_of(request.POST, "record")
    draft = Draft(fields={}, attachments=[], audience=kind.audience)
    record: Record | None = None
    if pk is not None:
        record = record_of(viewer, pk)
        demand(viewer, "record.write", thing_at(record.owner_id, viewer))
        held = Draft.objects.filter(record=record).first()
        draft = held or draft
    raw, issues = sent.typed(kind, request.POST, viewer)
    issues += sent.unsaved(kind, raw, draft)
    found = look.examine(kind, draft, record)
    places = {i.field for i in issues}
    shown = [{"level": "block", "say": i.say, "where": "", "id": forms.anchor(i.field), "masked": ""} for i in issues]
    shown += [
        {
            "level": f.level,
            # The basis stands once at the foot of the rail; the refusal of a submission tells it in full.
            "say": f.say.partition("。")[0] + "。" if f.rule == "missing" else f.say,
            "where": f.where,
            "id": _place(f.field),
            "masked": f.masked,
            "found": f.found,
        }
        for f in found
        if not (f.rule == "missing" and f.field in places)
    ]
    blocking = [s for s in shown if s["level"] == "block"]
    context = {
        "blocking": blocking,
        "warnings": [s for s in shown if s["level"] != "block"],
        "personal": any(s["masked"] for s in shown),
        "saved": pk is not None,
    }
    return render(request, "desk/records/checks.html", context)


def _place(field: str) -> str:
    if field.startswith("attachments"):
        return "files"
    return forms.anchor(field) if field else "record-form"


@require_safe
def look_up(request: DeskRequest) -> HttpResponse:
    """Records that a field may be linked with, by title or document number; those chosen stay."""
    viewer = request.viewer
    code, key = request.GET.get("kind", ""), request.GET.get("field", "")
    if code not in kinds() or not viewer.held:
        raise Http404
    try:
        one = kind_of(code).field(key)
    except KeyError:
        raise Http404 from None
    name = f"fields.{key}"
    word = request.GET.get(f"{name}.more", "")
    chosen = [int(x) for x in request.GET.getlist(name) if x.isdigit()]
    seen = {r.pk: r for r in reads.visible(viewer).filter(pk__in=chosen)} if chosen else {}
    offered = [r for r in sent.look_up(one, word, viewer) if r.pk not in chosen]
    context = {
        "name": name,
        "many": one.many,
        "linked": sent.linked_of(chosen, seen),
        "offered": [(r, viewer.tree.short(r.owner_id) if r.owner_id in viewer.tree else "") for r in offered],
        "word": word.strip(),
        "searched": True,
    }
    return render(request, "desk/records/linked.html", context)
