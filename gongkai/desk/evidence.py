"""佐证 at the desk: what waits for a decision, the part of a matter's page, what is attached by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.followers import catch_up
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.desk.door import DeskRequest
from gongkai.desk.forms import number_of
from gongkai.ledger import actions, reads
from gongkai.ledger.evidence import out_on
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Duty, Evidence, EvidenceState, Matter
from gongkai.ledger.rules import of_matter
from gongkai.orgs.rules import Viewer, demand, may
from gongkai.records.kinds import kinds
from gongkai.records.models import Audience, Record, Standing
from gongkai.records.reads import Narrow, narrowed, visible, workable

PAGE = 30
FOUND = 20


@dataclass
class Proof:
    """One evidence as pages show it."""

    held: Evidence
    matter: Matter | None
    address: str
    kind: str
    label: str = ""
    dead: bool = False
    may: bool = False


@dataclass
class Offered:
    """A record with the offers that wait for a decision."""

    record: Record
    address: str
    kind: str
    owner: str
    out: Any
    offers: list[Proof] = field(default_factory=list)


def address_of(record: Record, workable_: Iterable[int]) -> str:
    """Where to read a record: its page at the desk for those who work on it, else the citizen's."""
    if record.pk in workable_:
        return reverse("desk:records-record", args=[record.pk])
    return reverse("portal:record", args=[record.pk])


def shown(found: Iterable[Evidence], viewer: Viewer) -> list[Proof]:
    """Evidence with its matter, its period and where its record is read: four queries, however many."""
    held = list(found)
    keys: dict[str, set[int]] = {"plan": set(), "scheme": set()}
    for one in held:
        keys.setdefault(one.source, set()).add(one.source_id)
    matters: dict[tuple[str, int], Matter] = {}
    for source, ids in keys.items():
        if ids:
            for m in reads.visible(viewer).filter(source=source, source_id__in=ids).prefetch_related("bearers"):
                matters[source, m.source_id] = m
    labels = {
        (d.matter_id, d.clock): d.label or (f"{d.due:%Y-%m-%d}" if d.due else "")
        for d in Duty.objects.filter(
            matter__in=[m.pk for m in matters.values()], clock__in={e.clock for e in held if e.clock}
        )
    }
    mine = set(workable(viewer).filter(pk__in={e.record_id for e in held}).values_list("pk", flat=True))
    out = []
    for one in held:
        matter = matters.get((one.source, one.source_id))
        out.append(
            Proof(
                one,
                matter,
                address_of(one.record, mine),
                kinds()[one.record.kind].name if one.record.kind in kinds() else one.record.kind,
                labels.get((matter.pk, one.clock), "") if matter else "",
                one.record.standing != Standing.PUBLISHED,
                matter is not None and may(viewer, "evidence.decide", of_matter(matter)),
            )
        )
    return out


def proofs(matter: Matter, viewer: Viewer) -> dict[str, Any]:
    """The part 佐证 of a matter's page: offered, accepted, declined, and whether the viewer may decide."""
    every = shown(reads.evidence_of(matter), viewer) if matter.pk else []
    return {
        "proof_offered": [p for p in every if p.held.state == EvidenceState.OFFERED],
        "proof_accepted": [p for p in every if p.held.state == EvidenceState.ACCEPTED],
        "proof_declined": [p for p in every if p.held.state == EvidenceState.DECLINED],
        "may_prove": bool(matter.pk) and may(viewer, "evidence.decide", of_matter(matter)),
    }


def evidence_of(record: Record, viewer: Viewer) -> dict[str, Any]:
    """What a record proves, or may prove, as far as the viewer may know: the context of desk/evidence/of_record.html."""
    found = Evidence.objects.filter(record=record).exclude(state=EvidenceState.DECLINED)
    every = shown(found.select_related("record", "person").order_by("state", "-score", "id"), viewer)
    return {"record_proofs": [p for p in every if p.matter is not None]}


def waiting_count(viewer: Viewer) -> int:
    """How many offers wait for the viewer: the number of 今日, whose list is 佐证."""
    return reads.evidence_waiting(viewer).count() if viewer.held else 0


@require_safe
def evidence(request: DeskRequest) -> HttpResponse:
    """佐证: what waits for my decision, by record."""
    return _evidence(request)


def _evidence(request: DeskRequest, issues: tuple[Issue, ...] = (), done: str = "") -> HttpResponse:
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    waiting = reads.evidence_waiting(viewer)
    total = waiting.count()
    every = waiting.order_by().values_list("record_id", flat=True).distinct().order_by("-record_id")
    page = Paginator(every, PAGE).get_page(request.GET.get("page"))
    groups: dict[int, Offered] = {}
    for one in shown(waiting.filter(record__in=list(page)).order_by("-record_id", "-score", "id"), viewer):
        record = one.held.record
        if record.pk not in groups:
            owner = viewer.tree.short(record.owner_id) if record.owner_id in viewer.tree else ""
            groups[record.pk] = Offered(record, one.address, one.kind, owner, out_on(record))
        groups[record.pk].offers.append(one)
    return render(
        request,
        "desk/evidence/list.html",
        {"groups": list(groups.values()), "page": page, "total": total, "issues": issues, "done": done},
        status=422 if issues else 200,
    )


@require_POST
def decide(request: DeskRequest) -> HttpResponse:
    """采用 or 不采用, one (`one` says which) or all that are ticked; back to where it was pressed."""
    viewer, post = request.viewer, request.POST
    verdict, _, one = (post.get("one") or f"{post.get('verdict', '')}:").partition(":")
    chosen = [int(x) for x in ([one] if one else post.getlist("evidence")) if x.isdigit()]
    if verdict not in ("accept", "decline"):
        raise refuse("evidence.verdict", "请选采用或者不采用。", "verdict")
    if not chosen:
        raise refuse("evidence.none", "请先勾选要一起办理的佐证。", "evidence")
    mine = proof_of(viewer, chosen)
    if not mine:
        raise Http404
    done, said = actions.decide_many(
        mine, verdict == "accept", actor=viewer, on=viewer.day, why=post.get("why", "").strip()[:400]
    )
    if said and not done:
        raise Refused(*(Issue("evidence.decided", s) for s in said))
    return _back(request)


def proof_of(viewer: Viewer, chosen: list[int]) -> list[int]:
    """Of some evidence, that whose matter the viewer may see."""
    held = Evidence.objects.filter(pk__in=chosen).select_related("record")
    return [p.held.pk for p in shown(held.order_by("pk"), viewer) if p.matter is not None]


def _back(request: DeskRequest) -> HttpResponse:
    source, pk = request.POST.get("source", ""), number_of(request.POST, "source_id")
    catch_up([LedgerFollower()])  # the page that comes next shows what was just decided
    if source == "plan" and pk is not None:
        found = reads.visible(request.viewer).filter(source=source, source_id=pk).first()
        if found is not None:
            from gongkai.desk.matter import after

            return after(request, found)
    if source == "scheme" and pk is not None:
        return redirect("desk:scheme-line", pk)
    return redirect("desk:evidence")


@require_POST
def revoke(request: DeskRequest, pk: int) -> HttpResponse:
    """撤销: an offer that was decided waits again."""
    if not proof_of(request.viewer, [pk]):
        raise Http404
    actions.revoke(pk, request.POST.get("why", ""), actor=request.viewer, on=request.viewer.day)
    return _back(request)


@require_http_methods(["GET", "POST"])
def attach(request: DeskRequest, source: str, source_id: int) -> HttpResponse:
    """附上一条已公开的信息: found by title or number, attached by somebody who knows."""
    viewer = request.viewer
    matter = reads.visible(viewer).prefetch_related("bearers").filter(source=source, source_id=source_id).first()
    if matter is None:
        raise Http404
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        try:
            demand(viewer, "evidence.decide", of_matter(matter))
            record = visible(viewer).filter(pk=number_of(request.POST, "record") or 0).first()
            if record is None:
                raise refuse("evidence.record", "请选一条已经公开的信息。", "record")
            clock = request.POST.get("clock", "") if source == "scheme" else ""
            actions.attach(matter, record, actor=viewer, on=viewer.day, clock=clock)
            catch_up([LedgerFollower()])
            return redirect("desk:ledger-matter", source, source_id)
        except Refused as error:
            issues = error.issues
    elif not may(viewer, "evidence.decide", of_matter(matter)):
        raise Http404
    text = (request.GET.get("q") or request.POST.get("q") or "").strip()[:80]
    public = visible(viewer).filter(standing=Standing.PUBLISHED, audience=Audience.PUBLIC)
    found = narrowed(public, Narrow(text=text), viewer.day).select_related("owner") if text else public.none()
    records = list(found[: FOUND + 1])
    tree = viewer.tree
    context = {
        "m": matter,
        "text": text,
        "records": [
            (r, kinds()[r.kind].name if r.kind in kinds() else r.kind, tree.short(r.owner_id), out_on(r))
            for r in records[:FOUND]
        ],
        "more": len(records) > FOUND,
        "duties": list(Duty.objects.filter(matter=matter)) if source == "scheme" else [],
        "issues": issues,
        "said": {i.field: i.say for i in issues if i.field},
    }
    return render(request, "desk/evidence/attach.html", context, status=422 if issues else 200)
