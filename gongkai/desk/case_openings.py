"""转主动公开: what is asked for again and again, decided, published, shown to the next who asks (第四十四条, R6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions
from gongkai.cases.actions.common import of_body
from gongkai.cases.actions.openings import approval_sheet
from gongkai.cases.models import Opening
from gongkai.desk.case_board import lines_of
from gongkai.desk.case_bodies import bodies_for
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import table
from gongkai.desk.forms import number_of
from gongkai.orgs.rules import Viewer, may
from gongkai.papers.writing import Sheet, write_xlsx
from gongkai.records.kinds import kinds
from gongkai.records.models import Audience, Record, Standing
from gongkai.records.reads import Narrow, narrowed
from gongkai.records.reads import visible as records_of

PAGE = 50
FOUND = 12
TABS = {
    "wait": ("待决定", Q(decided_on=None)),
    "owed": ("决定公开，还没有公开", Q(accepted=True, record=None)),
    "out": ("已经公开", Q(accepted=True, record__isnull=False)),
    "no": ("不转", Q(accepted=False)),
}


def _every(viewer: Viewer) -> QuerySet[Opening]:
    """Proposals of the bodies whose requests somebody runs, and of those they oversee; 404 for who has neither."""
    bodies = [pk for pk, _ in bodies_for(viewer, "case.run", "case.oversee")]
    if not bodies:
        raise Http404
    return Opening.objects.filter(body__in=bodies)


@require_safe
def openings(request: DeskRequest) -> HttpResponse:
    """Proposals by how far they are."""
    viewer = request.viewer
    every = _every(viewer)
    tab = request.GET.get("tab", "wait")
    tab = tab if tab in TABS else "wait"
    counts = every.aggregate(**{k: Count("pk", filter=q) for k, (_, q) in TABS.items()})
    found = every.filter(TABS[tab][1]).annotate(asked=Count("cases")).select_related("record").order_by("-id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(o, viewer.tree.short(o.body_id) if o.body_id in viewer.tree else "") for o in page],
        "tab": tab,
        "tabs": [(k, label, counts[k], k == tab) for k, (label, _) in TABS.items()],
    }
    return render(request, "desk/counter/openings.html", context)


@require_safe
def export(request: DeskRequest) -> HttpResponse:
    """Every proposal with what became of it, as .xlsx."""
    viewer = request.viewer
    found = _every(viewer).annotate(asked=Count("cases")).select_related("record")
    rows = [
        [
            viewer.tree.short(o.body_id) if o.body_id in viewer.tree else "", o.title, str(o.asked),
            o.proposed_on.isoformat(), "是" if o.suggested else "", _verdict(o),
            o.decided_on.isoformat() if o.decided_on else "", o.why, o.record.title if o.record else "",
        ]
        for o in found.order_by("-id")
    ]  # fmt: skip
    heads = ["机关", "信息", "申请件数", "提出日期", "有申请人建议", "决定", "决定日期", "理由", "公开的信息"]
    sheet = Sheet("转主动公开", heads, [16, 36, 8, 11, 10, 12, 11, 30, 36], rows)
    return table(write_xlsx(sheet), "xlsx", "openings", f"转主动公开（{viewer.day:%Y%m%d}）")


def _verdict(held: Opening) -> str:
    if held.decided_on is None:
        return "待决定"
    return "转为主动公开" if held.accepted else "不转"


@require_http_methods(["GET", "POST"])
def opening(request: DeskRequest, pk: int) -> HttpResponse:
    """One proposal with its requests: publish it, with the record that does it, or say why not."""
    viewer, post = request.viewer, request.POST
    held = _every(viewer).filter(pk=pk).select_related("record", "person").first()
    if held is None:
        raise Http404
    if request.method != "POST":
        return _opening(request, held)
    try:
        verdict = post.get("verdict", "")
        if verdict not in ("yes", "no"):
            raise refuse("opening.verdict", "请选转为主动公开，还是不转。", "verdict")
        record = number_of(post, "record") if verdict == "yes" else None
        actions.decide_opening(pk, verdict == "yes", post.get("why", ""), actor=viewer, on=viewer.day, record=record)
    except Refused as error:
        return _opening(request, held, error.issues)
    return redirect("desk:openings-opening", pk)


@require_safe
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """纳入主动公开审批表 for the signatures."""
    viewer = request.viewer
    held = _every(viewer).filter(pk=pk, accepted=True).select_related("record", "person").first()
    if held is None:
        raise Http404
    return table(approval_sheet(held, viewer.day), "docx", "opening", "依申请公开信息纳入主动公开审批表")


def _opening(request: DeskRequest, held: Opening, issues: Sequence[Issue] = ()) -> HttpResponse:
    viewer = request.viewer
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("q", "").strip()[:80]
    asked = text or (held.words if not held.record_id else "")
    public = records_of(viewer).filter(standing=Standing.PUBLISHED, audience=Audience.PUBLIC)
    found: list[Record] = []
    if asked:
        found = list(narrowed(public, Narrow(text=asked), viewer.day).select_related("owner")[: FOUND + 1])
        if not found and not text:
            found = _near(public, held.words.split())
    tree, cases = viewer.tree, list(held.cases.order_by("id"))
    context = {
        "o": held,
        "body": tree.short(held.body_id) if held.body_id in tree else "",
        "lines": lines_of(cases, viewer),
        "since": [c for c in cases if held.decided_on and c.received_on and c.received_on > held.decided_on],
        "may_decide": may(viewer, "case.run", of_body(held.body_id, viewer)),
        "text": text,
        "found": [
            (r, kinds()[r.kind].name if r.kind in kinds() else r.kind, tree.short(r.owner_id))
            for r in found[:FOUND]
            if r.owner_id in tree
        ],
        "more": len(found) > FOUND,
        "v": given,
        "chosen": number_of(given, "record") or held.record_id,
        "issues": issues,
        "said": {i.field: i.say for i in issues if i.field},
    }
    return render(request, "desk/counter/opening.html", context, status=422 if issues else 200)


def _near(public: object, words: list[str]) -> list[Record]:
    """Records in whose title some of the words of the requests stand, those with most of them first."""
    if not words:
        return []
    any_of = Q()
    for word in words[:6]:
        any_of |= Q(title__contains=word)
    held = list(public.filter(any_of).select_related("owner").order_by("-pk")[:200])  # type: ignore[attr-defined]
    return sorted(held, key=lambda r: -sum(w in r.title for w in words))[:6]
