"""Asking cases: what a viewer may see, what waits, where one stands, what the year's report counts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from django.db.models import Case as When
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.db.models import When as If

from gongkai.base.models import Message
from gongkai.base.sealing import mark_of
from gongkai.cases import life
from gongkai.cases.actions.common import setup_of, thing_of
from gongkai.cases.counting import Behind, Table, dispute_table, request_table
from gongkai.cases.life import ENDED, Standing, State
from gongkai.cases.models import Case, Dispute, Setup, Step
from gongkai.cases.procedure import PAPERS
from gongkai.cases.request import Applicant, mark
from gongkai.law.calendar import national
from gongkai.law.duties import Occurrence, Owed
from gongkai.law.rulebook import book
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer, may

OPEN = (State.SUBMITTED, State.OPEN, State.CORRECTION, State.FEE, State.DECIDED)


def visible(viewer: Viewer) -> QuerySet[Case]:
    """Cases that a viewer may see: of the office or section for which they do the work, that they sign or check for, or
    oversee. `case.read` of the table of rights says the same of one case; a test compares the two."""
    roles = (Role.CLERK, Role.REVIEWER, Role.SIGNER)
    offices, signs = worked_for(viewer, *roles), viewer.at_work(Role.SIGNER)
    all_of = set(offices) | set(signs) | set(viewer.reach(Role.LEGAL)) | set(viewer.governed)
    return Case.objects.filter(Q(body__in=all_of) | Q(handler__in=viewer.at_work(*roles)))


def worked_for(viewer: Viewer, *roles: Role) -> list[int]:
    """Bodies in whose office (政府信息公开工作机构) somebody does the work of one of the roles."""
    tree, work = viewer.tree, viewer.at_work(*roles)
    # An office stands in its body or in an organ of it: at most three levels up.
    near = {tree.body_of(o).id for o in work} | {a for o in work for a in tree.above(o)[:3]}
    return sorted(b for b in near if tree.body_of(b).id == b and tree.office_of(b) in work)


def one(viewer: Viewer, pk: int) -> Case | None:
    """A case by its id, if the viewer may see it."""
    held = Case.objects.filter(pk=pk).first()
    return held if held is not None and may(viewer, "case.read", thing_of(held, viewer)) else None


def by_code(code: str) -> Case | None:
    """The case of a code that a citizen typed; spaces, hyphens and small letters do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    if not 8 <= len(plain) <= 20:
        return None
    return Case.objects.filter(code_mark=mark_of("code", plain)).first()


def by_identity(viewer: Viewer, number: str) -> QuerySet[Case]:
    """Cases that a viewer may see, of whoever bears an identity number or credit code: for an applicant who lost the code."""
    found = mark("natural", Applicant(id_number=number))
    return visible(viewer).filter(applicant_mark=found) if number.strip() else Case.objects.none()


NEWEST = ("-year", "-serial", "-id")
"""Not by the key alone: PostgreSQL would walk all cases backwards to find the fifty of one body."""


class ByUrgency(Sequence[Case]):
    """Cases in the order of a desk: late and soonest first, then what has no date yet, then what ended, newest first.

    Nearly all cases have ended, and those are put in order by their keys alone: a page asks for no more rows than it shows.
    """

    def __init__(self, cases: QuerySet[Case]) -> None:
        self.cases = cases.order_by()
        self._counts: tuple[int, int] | None = None

    def counts(self) -> tuple[int, int]:
        """How many are open, how many have ended."""
        if self._counts is None:
            still = Count("pk", filter=Q(state__in=OPEN))
            told = self.cases.aggregate(still=still, every=Count("pk"))
            self._counts = told["still"], told["every"] - told["still"]
        return self._counts

    def __len__(self) -> int:
        return sum(self.counts())

    def __iter__(self) -> Iterator[Case]:
        return iter(self[:])

    @overload
    def __getitem__(self, part: int) -> Case: ...

    @overload
    def __getitem__(self, part: slice) -> list[Case]: ...

    def __getitem__(self, part: int | slice) -> Case | list[Case]:
        if isinstance(part, int):
            return self[range(len(self))[part] : range(len(self))[part] + 1][0]
        begin, end, _ = part.indices(len(self))
        still = self.counts()[0]
        out: list[Case] = []
        if begin < min(end, still):
            runs = When(If(state__in=life.RUNNING, then=Value(0)), default=Value(1), output_field=IntegerField())
            found = self.cases.filter(state__in=OPEN).order_by(runs, F("due_on").asc(nulls_last=True), "-id")
            out += found[begin : min(end, still)]
        if end > still:
            ended = self.cases.exclude(state__in=OPEN).order_by(*NEWEST).values_list("pk", flat=True)
            keys = list(ended[max(begin - still, 0) : end - still])
            out += self.cases.filter(pk__in=keys).order_by(*NEWEST) if keys else ()
        return out


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many of the cases that somebody sees are new, open, due soon, late, awaited."""

    new: int
    open: int
    soon: int
    late: int
    waiting: int


RUNS = Q(state__in=life.RUNNING) & ~Q(outcome__in=life.LAPSED)
"""The answer clock runs: `life.Standing.running` over the columns that lists have."""


def late(on: dt.date) -> Q:
    """Cases whose answer is still to come after its last day."""
    return RUNS & Q(due_on__lt=on)


def soon(on: dt.date) -> Q:
    """Cases whose last day is today or within five working days."""
    until = dt.date.fromordinal(national().nth(on.toordinal(), 5))
    return RUNS & Q(due_on__gte=on, due_on__lte=until)


def numbers(cases: QuerySet[Case], on: dt.date) -> Numbers:
    """Counted in one question."""
    told = cases.filter(state__in=OPEN).aggregate(  # those that ended are most, and none of these
        new=Count("id", filter=Q(state=State.SUBMITTED)),
        open=Count("id", filter=RUNS),
        soon=Count("id", filter=soon(on)),
        late=Count("id", filter=late(on)),
        waiting=Count("id", filter=Q(state__in=(State.CORRECTION, State.FEE))),
    )
    return Numbers(**told)


def days_left(at: Standing, on: dt.date) -> int | None:
    """Working days from `on`, not counted, to the last day; negative once it is past; None while no clock runs."""
    limit = at.due()
    return left_until(limit.day, on) if limit is not None and at.running else None


def left_until(day: dt.date, on: dt.date) -> int:
    """Working days from `on`, not counted, to a day; negative once it is past, though only days of rest lie between."""
    cal = national()
    if day >= on:
        return cal.between(on.toordinal(), day.toordinal())
    return min(-cal.between(day.toordinal(), on.toordinal()), -1)


def inner_dates(case: Case, at: Standing, on: dt.date) -> dict[str, dt.date]:
    """What has a day before the answer: the last day for asking a correction while it is not past (第三十条), the last day
    of who was asked for an opinion; and the office's own deadlines: draft, legal check, signature so many working days before the answer."""
    limit = at.due()
    if limit is None or not at.running or at.begin is None:
        return {}
    setup, cal = setup_of(case.body_id), national()
    out = {}
    fresh = at.state is State.OPEN and at.correction_asked is None and not at.consultations and at.fee_notified is None
    until = at.correction_until()
    if fresh and until is not None and on <= until:
        out["告知补正"] = until
    waiting = [c.lapses() for c in at.consultations if c.waits(on)]
    if at.state is State.OPEN and waiting:
        out["等对方意见"] = max(waiting)
    for name, days in (("拟稿", setup.draft_days), ("法制审核", setup.check_days), ("签发", setup.sign_days)):
        day = limit.day
        for _ in range(days):
            day = dt.date.fromordinal(cal.preceding(day.toordinal() - 1))
        out[name] = max(day, at.begin)
    return out


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the account of a case: what happened, when, by whom, and what was said (for who may see it)."""

    step: Step
    name: str
    told: dict[str, object]


def account(case: Case) -> list[Told]:
    """Every step with what it said."""
    return [Told(s, life.VERBS[s.verb], json.loads(s.told)) for s in case.steps.select_related("person")]


def address_of(key: str, channel: str) -> str:
    """Where the applicant of a case is told something: asked by the outbox, kept sealed until then."""
    case = Case.objects.filter(pk=int(key), erased_on=None).first()
    if case is None:
        return ""
    who = Applicant(**json.loads(case.applicant))
    return who.email if channel == "email" else who.phone


def notices(case: Case) -> list[str]:
    """What the applicant was told of a case, oldest first, whichever way it also went."""
    told = Message.objects.filter(addressee=f"case:{case.pk}").order_by("id")
    return list(told.values_list("text", flat=True))


# The ledger


def duties(cases: Iterable[int] | None = None) -> Iterator[Owed]:
    """What cases owe, for the ledger: all of them, or some by their ids."""
    found = Case.objects.filter(received_on__isnull=False).exclude(state=State.MOVED).order_by("pk")
    if cases is not None:
        found = found.filter(pk__in=list(cases))
    for case in found.prefetch_related("disputes").iterator(chunk_size=1000):
        yield owed(case)


def owed(case: Case) -> Owed:
    """The answer by its day, and an organ's or court's papers by theirs.

    The ledger of a body is open to everybody in it: what was asked for and by whom stands on the page of the case alone.
    """
    clocks: list[Occurrence] = []
    if case.purpose == "access":
        waits = {State.CORRECTION: "等申请人补正", State.FEE: "等申请人缴费"}.get(State(case.state), "")
        met = case.delivered_on or (case.ended_on if case.state in ENDED else None)
        clocks.append(
            Occurrence(
                "answer", None if waits else case.due_on, "答复", waits=waits, provisional=case.provisional, met=met,
                basis="《政府信息公开条例》第三十三条",
            )
        )  # fmt: skip
    for row in case.disputes.all():
        if row.answer_due:
            rule, what = PAPERS[row.kind]
            basis, met = book().find(rule)[0].citation, row.answered_on or row.ended_on
            clocks.append(Occurrence(f"dispute{row.pk}", row.answer_due, what, basis=basis, met=met))
    bearer = case.handler_id or case.body_id
    title = f"答复依申请公开{case.number}" if case.purpose == "access" else f"办理更正申请{case.number}"
    return Owed(
        "case", case.pk, case.body_id, case.body_id, case.year, case.serial, title, "依申请公开",
        "《政府信息公开条例》第三十三条" if case.purpose == "access" else "《政府信息公开条例》第四十一条",
        clocks, {(bearer, "lead"): False},
    )  # fmt: skip


# Personal data whose term of keeping is over


def erasable(viewer: Viewer, on: dt.date) -> QuerySet[Case]:
    """Cases that somebody may erase on a day: of the office for which they work, their term over, no dispute open.

    `actions.erase` asks the same of one case; a test compares the two.
    """
    mine = worked_for(viewer, Role.CLERK)
    terms = dict(Setup.objects.filter(body__in=mine).values_list("body_id", "retention_years"))
    bodies: dict[int, list[int]] = {}
    for body in mine:
        bodies.setdefault(terms.get(body, Setup().retention_years), []).append(body)
    over = Q(pk__in=())
    for years, of in bodies.items():
        last = _years_before(on, years)
        late = Dispute.objects.filter(Q(ended_on=None) | Q(ended_on__gt=last), case__body__in=of)
        done = Q(state=State.ARCHIVED, ended_on__lte=last) & ~Q(pk__in=late.values("case"))
        gone = Step.objects.filter(verb__in=("transfer", "join", "split"), on__lte=last, case__body__in=of)
        over |= Q(body__in=of) & (done | Q(state=State.MOVED, pk__in=gone.values("case")))
    return Case.objects.filter(over, erased_on=None).order_by("ended_on", "id")


def _years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years) if (day.month, day.day) != (2, 29) else dt.date(day.year - years, 2, 28)


# The annual report


@dataclass(frozen=True)
class Annual:
    """Tables three and four of a year's report of a body, and the cases behind every number."""

    year: int
    requests: Table
    disputes: Table
    behind: Behind
    """(row, column) → ids of cases; of the fourth table (block, result) → ids of cases."""
    fees: int
    """Yuan taken in the year, for part six."""


def counted(year: int, body: int) -> QuerySet[Case]:
    """Cases that the report of a year counts: received in it, or before and still open when it began."""
    begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    mine = Case.objects.filter(body=body, purpose="access", received_on__lte=end).exclude(state=State.MOVED)
    return mine.filter(Q(ended_on=None) | Q(ended_on__gte=begin))


def annual(year: int, body: int) -> Annual:
    """Tables three and four of the report of a year, computed from the cases (国办公开办函〔2021〕30号).

    A request counts in the year in which it was received, its result in the year in which it was decided, lapsed or
    withdrawn; what was disclosed in part counts there only. A dispute counts in each year in which it was open, with the
    result it had at the year's end.
    """
    rows = counted(year, body).order_by("year", "serial")
    requests, behind = request_table(year, rows.values_list("pk", "applicant_kind", "received_on", "ended_on", "row"))
    begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    held = Dispute.objects.filter(case__body=body, case__purpose="access", on__lte=end).order_by("id")
    held = held.filter(Q(ended_on=None) | Q(ended_on__gte=begin))
    disputes, of_disputes = dispute_table(
        year, held.values_list("case_id", "kind", "first", "on", "ended_on", "result")
    )  # fmt: skip
    return Annual(year, requests, disputes, behind | of_disputes, _fees(body, begin, end))


def _fees(body: int, begin: dt.date, end: dt.date) -> int:
    paid = Step.objects.filter(case__body=body, verb="fee_paid", on__range=(begin, end)).values_list(
        "case_id", flat=True
    )
    notices = Step.objects.filter(case__in=list(paid), verb="fee_notice")
    return sum(int(s.data["amount"]) for s in notices)
