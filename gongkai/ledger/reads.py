"""Reading the ledger: lists by filters, one matter whole, what is mine, what presses today."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gongkai.ledger.follow import derived
from gongkai.ledger.models import Bearer, Duty, Evidence, EvidenceState, Matter, Note, Report, Settlement
from gongkai.ledger.rules import SOON, Status, in_status
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer
from gongkai.plans.models import UNBOUND, Responsibility, Task
from gongkai.plans.reads import owed as plans_owed
from gongkai.plans.reads import visible as visible_plans

PAGE = 50


def visible(viewer: Viewer) -> QuerySet[Matter]:
    """Matters of the bodies the viewer belongs to or governs."""
    return Matter.objects.filter(body__in=viewer.bodies | viewer.governed)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty fields do not narrow.

    `source` is plan or scheme. `organisations` are one and those that went into it (`Tree.line`). `printed` is a name
    that is bound to none. `groups` says whether words for many (各股室) count as naming their members.
    """

    year: int | None = None
    since: int | None = None
    sheet: int | None = None
    organisations: frozenset[int] = frozenset()
    printed: str = ""
    part: str = ""
    groups: bool = False
    status: str = ""
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    kind: str = ""
    text: str = ""
    source: str = ""

    def applied(self, matters: QuerySet[Matter], today: dt.date) -> QuerySet[Matter]:
        """The matters that pass."""
        if self.source:
            matters = matters.filter(source=self.source)
        if self.year:
            matters = matters.filter(year=self.year)
        if self.since:
            matters = matters.filter(year__gte=self.since)
        if self.sheet:
            matters = matters.filter(source="plan", sheet=self.sheet)
        if self.organisations:
            borne = Bearer.objects.filter(matter=OuterRef("pk"), organisation__in=self.organisations)
            if self.part:
                borne = borne.filter(part=self.part)
            if not self.groups:
                borne = borne.filter(group=False)
            matters = matters.filter(Exists(borne))
        if self.printed:
            # A name that no organisation is bound to: found as it is printed.
            named = Q(printed=self.printed) | (Q(group=True) if self.groups else Q(pk=None))
            said = Responsibility.objects.filter(named)
            if self.part:
                said = said.filter(part=self.part)
            matters = matters.filter(source="plan", source_id__in=said.values("task"))
        if self.status in set(Status):
            matters = matters.filter(in_status(Status(self.status), today))
        if self.due_from or self.due_to:
            dated = Duty.objects.filter(matter=OuterRef("pk"), settled_on=None)
            if self.due_from:
                dated = dated.filter(due__gte=self.due_from)
            if self.due_to:
                dated = dated.filter(due__lte=self.due_to)
            matters = matters.filter(Exists(dated))
        own = Duty.objects.filter(matter=OuterRef("pk"))
        if self.kind == "dated":
            matters = matters.filter(Exists(own.filter(clock__startswith="by")))
        elif self.kind == "recurring":
            matters = matters.filter(Exists(own.filter(Q(clock__startswith="r") & ~Q(clock__startswith="rv"))))
        elif self.kind == "relative":
            matters = matters.filter(Exists(own.filter(clock__startswith="in")))
        elif self.kind == "assumed":
            matters = matters.filter(Exists(own.filter(assumed=True)))
        elif self.kind == "tempo":
            matters = matters.filter(Exists(own.filter(Q(clock="tempo") | Q(clock__startswith="rv"))))
        if self.text:
            for word in self.text.split()[:5]:
                matters = matters.filter(
                    Q(title__icontains=word) | Q(heading__icontains=word) | Q(basis__icontains=word)
                )
        return matters


KINDS = {
    "dated": "有固定日期",
    "recurring": "周期任务",
    "relative": "从某件事起算",
    "assumed": "推定年底",
    "tempo": "及时、动态",
}


def listed(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """In the order of the plan, with duties and bearers in two more queries."""
    return matters.order_by("-year", "sheet", "position", "id").prefetch_related("bearers")


def watched(viewer: Viewer) -> QuerySet[Matter]:
    """What somebody's day is made of: all they govern or answer for by their signature, and what their own
    organisations bear."""
    whole = viewer.governed | {h.organisation for h in viewer.held if h.role == Role.SIGNER}
    above = viewer.bodies - whole
    if not above:
        return visible(viewer)
    own = Bearer.objects.filter(matter=OuterRef("pk"), organisation__in=viewer.owning)
    return visible(viewer).filter(Q(body__in=whole) | (Q(body__in=above) & Exists(own)))


def pressing(matters: QuerySet[Matter], today: dt.date) -> QuerySet[Matter]:
    """Of the matters, those overdue, due soon, or waiting for the office to settle them."""
    soon = today + dt.timedelta(SOON)
    return matters.filter(Q(todo__gt=0) & (Q(next_due__lte=soon) | Q(asked_on__isnull=False)))


def counts(matters: QuerySet[Matter], today: dt.date) -> dict[Status, int]:
    """How many matters are in each state: one pass over what the filter leaves."""
    asked: dict[str, Any] = {s.value: Count("pk", filter=in_status(s, today)) for s in Status}
    made = matters.order_by().aggregate(**asked)
    return {s: made[s.value] for s in Status}


def borne_by(viewer: Viewer) -> QuerySet[Matter]:
    """What the viewer's organisations lead or support."""
    own = Bearer.objects.filter(organisation__in=viewer.owning).values("matter")
    return visible(viewer).filter(pk__in=own)


def years(viewer: Viewer) -> list[int]:
    """Years for which there is any plan, newest first."""
    plans = visible_plans(viewer).filter(withdrawn_on=None)
    return list(plans.order_by("-year").values_list("year", flat=True).distinct())


def unbound(viewer: Viewer, year: int | None) -> list[str]:
    """Printed names of a year, of what the viewer may see, that no organisation is bound to."""
    plans = visible_plans(viewer).filter(withdrawn_on=None)
    names = Responsibility.objects.filter(UNBOUND, task__plan__in=plans)
    if year:
        names = names.filter(task__plan__year=year)
    return sorted(set(names.order_by().values_list("printed", flat=True).distinct()))


def organisations(viewer: Viewer, year: int | None) -> set[int]:
    """Who bears anything in a year, of what the viewer may see."""
    borne = Bearer.objects.filter(body__in=viewer.bodies | viewer.governed)
    if year:
        borne = borne.filter(year=year)
    return set(borne.order_by().values_list("organisation", flat=True).distinct())


@dataclass(slots=True)
class Account:
    """One matter with everything said about it."""

    matter: Matter
    duties: list[Duty] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)


def account(matter: Matter) -> Account:
    """The matter with its duties, reports, notes and settlements."""
    made = _said_about(matter)
    made.duties = list(Duty.objects.filter(matter=matter))
    return made


def withdrawn_account(viewer: Viewer, source: str, source_id: int) -> Account | None:
    """A matter of a withdrawn plan that the viewer may read, to be looked at only; None when there is no such one.

    It stands in no table, so that no list, count or calendar can have it: the plan is read once more, and what was
    said about it is looked up as always by its source.
    """
    seen = visible_plans(viewer).exclude(withdrawn_on=None)
    if source != "plan" or not Task.objects.filter(pk=source_id, plan__in=seen).exists():
        return None
    for owed in plans_owed(tasks=[source_id], withdrawn=True):
        made = _said_about(Matter(source=source, source_id=source_id))
        made.matter, made.duties = derived(owed, {s.clock: s.on for s in made.settlements})
        return made
    return None  # restored between the two questions


def _said_about(matter: Matter) -> Account:
    own = {"source": matter.source, "source_id": matter.source_id}
    return Account(
        matter,
        reports=list(Report.objects.filter(**own).select_related("person").order_by("at")),
        notes=list(Note.objects.filter(**own).select_related("person").order_by("at")),
        settlements=list(Settlement.objects.filter(**own).select_related("person").order_by("at")),
    )


def facts(source: str, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many reports and settlements there are of each matter that has any, by the key of its source."""
    reports, settlements = (
        dict(
            m._default_manager.filter(source=source, source_id__in=list(ids))
            .values_list("source_id")
            .annotate(Count("pk"))
            .order_by()
        )
        for m in (Report, Settlement)
    )
    return {pk: (reports.get(pk, 0), settlements.get(pk, 0)) for pk in reports.keys() | settlements.keys()}


def latest_reports(matters: list[Matter]) -> dict[int, Report]:
    """The newest report of each matter, by its key: one query for a page."""
    newest: dict[tuple[str, int], Report] = {}
    keys = [m.source_id for m in matters]
    for r in Report.objects.filter(source__in={m.source for m in matters}, source_id__in=keys).order_by("at"):
        newest[r.source, r.source_id] = r
    return {m.pk: newest[m.source, m.source_id] for m in matters if (m.source, m.source_id) in newest}


def fingerprint() -> str:
    """A digest of everything derived, in an order that does not depend on keys: rebuilt, it is the same."""
    digest = hashlib.sha256()
    rows = Matter.objects.order_by("source", "source_id")
    for matter in rows.prefetch_related("duties", "bearers").iterator(chunk_size=1000):
        plain = [(f.name, str(getattr(matter, f.name))) for f in Matter._meta.concrete_fields if f.name != "id"]
        duties = sorted(
            str(
                [
                    (f.name, str(getattr(d, f.name)))
                    for f in Duty._meta.concrete_fields
                    if f.name not in ("id", "matter")
                ]
            )
            for d in matter.duties.all()
        )
        bearers = sorted((b.organisation, b.part, b.group) for b in matter.bearers.all())
        digest.update(repr((plain, duties, bearers)).encode())
    return digest.hexdigest()


def evidence_of(matter: Matter) -> QuerySet[Evidence]:
    """All evidence of a matter, what was accepted first."""
    found = Evidence.objects.filter(source=matter.source, source_id=matter.source_id)
    return found.select_related("record", "person").order_by("state", "-score", "id")


def evidence_waiting(viewer: Viewer) -> QuerySet[Evidence]:
    """Offers on which the viewer may decide: of what their organisations bear or they oversee."""
    own = Bearer.objects.filter(organisation__in=viewer.owning).values("matter")
    matters = Matter.objects.filter(body__in=viewer.governed) | Matter.objects.filter(
        pk__in=own, body__in=viewer.bodies
    )
    plan = matters.filter(source="plan").values("source_id")
    lines = matters.filter(source="scheme").values("source_id")
    found = Evidence.objects.filter(state=EvidenceState.OFFERED)
    found = found.filter(source="plan", source_id__in=plan) | found.filter(source="scheme", source_id__in=lines)
    return found.select_related("record").order_by("-score", "id")
