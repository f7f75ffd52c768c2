"""信息 at the desk: the list, the form of a kind, its checks while typing, its attachments, the page of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.actions import path_of
from gongkai.base.clock import moment
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.reads import timeline
from gongkai.desk import records_form as forms
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.desk.records_common import chain_of, record_of, side_by_side
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.papers.limits import MAX_FILE_BYTES
from gongkai.records import actions, life, look, reads, rules
from gongkai.records.actions.common import can
from gongkai.records.kinds import Kind, gates, kind_of, kinds
from gongkai.records.models import Draft, GateResult, How, Original, Record, Standing, State, Version

TABS = {"writing": "在写", "review": "在审", "mine": "待我审", "published": "已公开", "withdrawn": "已撤回"}
WAITING = (State.REVIEW, State.REFERRED, State.APPROVED, State.SCHEDULED)
PAGE = 50


def owners_of(viewer: Viewer) -> list[tuple[int, str]]:
    """Organisations for which the viewer may write, their own post first, then the body above it."""
    tree = viewer.tree
    own = [h.organisation for h in viewer.held if h.role == Role.CLERK] or [h.organisation for h in viewer.held]
    bodies = [tree.body_of(o).id for o in own]
    every = [pk for pk in (*bodies, *own, *sorted(viewer.owning)) if pk in tree and not tree[pk].gone]
    return [(pk, tree[pk].name) for pk in dict.fromkeys(every) if may(viewer, "record.write", thing_at(pk, viewer))]


def tabs_of(viewer: Viewer, waiting: Sequence[int]) -> dict[str, QuerySet[Record]]:
    """The five lists; each number of the tabs is the count of the list that it opens."""
    mine = reads.workable(viewer)
    moving = Version.objects.filter(state__in=WAITING).values("record")
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
        Version.objects.filter(state__in=[*WAITING, State.RETURNED])
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
    if version is not None and version.state in WAITING:
        line["gate"] = life.next_gate(version)
    if record.pk in gate_of:
        line["version"], line["gate"] = gate_of[record.pk]
        line["mine"] = True
    line["returned"] = draft is not None and version is not None and version.state == State.RETURNED
    if record.standing == Standing.PUBLISHED and kind_of(record.kind).validity:
        line["validity"] = rules.VALIDITY[rules.validity(record, viewer.day)]
    return line


@require_safe
def new(request: DeskRequest) -> HttpResponse:
    """起草: choose the kind."""
    owners = owners_of(request.viewer)
    if not owners:
        raise Http404
    return render(request, "desk/records/new.html", {"groups": forms.grouped(request.viewer)})


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
        raw = forms.fresh(of, owner, viewer)
        about = number_of(request.GET, "about")
        if about is not None:
            raw["fields"] = _about(of, about, viewer)
        return _form(request, of, raw, owners=owners, owner=owner)
    raw, issues = forms.typed(of, request.POST, viewer)
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
        return _form(request, kind, forms.kept(draft), record=record, draft=draft)
    revision = number_of(request.POST, "over")
    if revision is None:
        revision = number_of(request.POST, "revision")
    raw, issues = forms.typed(kind, request.POST, viewer)
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
        return _form(request, kind, forms.kept(draft), record=record, draft=draft, issues=error.issues, saved=True)
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
        forms.unsaved(kind, raw, mine)
        context["differences"] = side_by_side(reads.compare(draft, mine, kind))
    return render(request, "desk/records/form.html", context, status=422 if issues else 200)


def files_of(draft: Draft) -> list[dict[str, Any]]:
    """Attachments with what was found in each."""
    out = []
    for at, entry in enumerate(draft.attachments):
        findings = entry.get("findings", [])
        out.append({**entry, "at": at, "findings": findings, "bad": any(f["level"] == "block" for f in findings)})
    return out


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
    raw, issues = forms.typed(kind, request.POST, viewer)
    issues += forms.unsaved(kind, raw, draft)
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
    offered = [r for r in forms.look_up(one, word, viewer) if r.pk not in chosen]
    context = {
        "name": name,
        "many": one.many,
        "linked": forms.linked_of(chosen, seen),
        "offered": [(r, viewer.tree.short(r.owner_id) if r.owner_id in viewer.tree else "") for r in offered],
        "word": word.strip(),
        "searched": True,
    }
    return render(request, "desk/records/linked.html", context)


# Attachments.


@require_POST
def attach(request: DeskRequest, pk: int) -> HttpResponse:
    """Put files with a draft: several at once, each told of by itself."""
    viewer = request.viewer
    record_of(viewer, pk)
    revision = number_of(request.POST, "revision")
    revision = -1 if revision is None else revision
    issues: list[Issue] = []
    files = request.FILES.getlist("file")
    if not files:
        issues.append(Issue("record.file", "请先选文件。", "attachments"))
    for file in files:
        try:
            if (file.size or 0) > MAX_FILE_BYTES:
                raise refuse("record.size", f"超过{MAX_FILE_BYTES // 2**20}MB。", "attachments")
            draft = actions.attach(
                pk, file.read(), file.name or "未命名", {}, revision=revision, actor=viewer, on=viewer.day
            )
            revision = draft.revision
        except Refused as error:
            issues += [Issue(i.rule, f"{file.name}：{i.say}", "attachments") for i in error.issues]
    return _files(request, pk, issues)


@require_POST
def file_act(request: DeskRequest, pk: int, digest: str, verb: str) -> HttpResponse:
    """Say what an attachment is, or take it out."""
    viewer = request.viewer
    record_of(viewer, pk)
    revision = number_of(request.POST, "revision")
    at: dict[str, Any] = {"revision": -1 if revision is None else revision, "actor": viewer, "on": viewer.day}
    issues: Sequence[Issue] = ()
    try:
        if verb == "remove":
            actions.detach(pk, digest, **at)
        else:
            about = {k: request.POST.get(k, "") for k in ("alt", "map_number", "map")}
            actions.describe(pk, digest, about, **at)
    except Refused as error:
        issues = error.issues
    return _files(request, pk, issues)


def _files(request: DeskRequest, pk: int, issues: Sequence[Issue]) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        if issues:
            raise Refused(*issues)
        return redirect(f"{reverse('desk:records-edit', args=[pk])}#files")
    record = record_of(request.viewer, pk)
    draft = Draft.objects.filter(record=record).first()
    if draft is None:
        raise refuse("record.no-draft", "这份草稿已经提交或者删除，不能再改；请刷新页面。")
    context = {"record": record, "draft": draft, "files": files_of(draft), "issues": issues, "part": True}
    response = render(request, "desk/records/files.html", context, status=422 if issues else 200)
    response["HX-Trigger-After-Settle"] = "files-changed"
    return response


@require_safe
def file(request: DeskRequest, pk: int, digest: str) -> FileResponse:
    """An attachment, always as a download: what was uploaded is never shown as a page of ours."""
    record = record_of(request.viewer, pk)
    entry = reads.find_file(record, digest, request.viewer)
    if entry is None or not path_of(digest).is_file():
        raise Http404
    return download(entry)


def download(entry: Mapping[str, Any]) -> FileResponse:
    """The bytes of an attachment under its name."""
    response = FileResponse(path_of(entry["digest"]).open("rb"), as_attachment=True, filename=entry["name"])
    response["Content-Type"] = "application/octet-stream"
    return response


# One record.


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
    current = next((v for v in versions if v.state in WAITING), None)
    if current is None:
        current = next((v for v in versions if v.state == State.PUBLISHED and life.next_gate(v) is not None), None)
    writes, publishes = can(viewer, "record.write", held), can(viewer, "record.publish", held)
    gate = life.next_gate(current) if current else None
    keeps = False
    if current is not None and gate is not None:
        keeps = held.owner_id in viewer.reach(Role(gate.role)) and viewer.person_id not in life.not_these(
            current, gate, life.passed(current)
        )
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
        "keeps": keeps,
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
        context["signers"] = _signers(current, gate, viewer)
    return render(request, "desk/records/record.html", context, status=422 if issues else 200)


def _signers(version: Version, gate: Any, viewer: Viewer) -> list[tuple[int, str]]:
    """Who can be sent a link for the gate, with their post."""
    from gongkai.orgs.reads import holders

    above = viewer.tree.above(version.record.owner_id)
    barred = life.not_these(version, gate, life.passed(version))
    found: dict[int, str] = {}
    posts = list(holders(set(above), viewer.day).filter(role=gate.role, person__is_active=True))
    posts.sort(key=lambda p: above.index(p.organisation_id))
    for post in posts:
        if post.person_id not in barred:
            where = viewer.tree.short(post.organisation_id)
            found.setdefault(post.person_id, f"{post.person.name}（{where}{Role(post.role).label}）")
    return list(found.items())


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
            "parts": forms.parts_of(kind, content, None),
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
