"""R5: what 主管部门 sees of the bodies under it: numbers, each with its cases; guidance; the library of cases. No writes.

What is counted is said once, as a question that both the number and its list ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from gongkai.cases.life import State
from gongkai.cases.models import Case, Dispute, Precedent, Question
from gongkai.cases.reads import OPEN, late, soon
from gongkai.law.calendar import national
from gongkai.law.outcomes import grounds
from gongkai.orgs.models import Kind
from gongkai.orgs.rules import Viewer

FAMILIES = {"1": "予以公开", "2": "部分公开", "3": "不予公开", "4": "无法提供", "5": "不予处理", "6": "其他处理"}
"""Outcomes by the main rows of the report's third table."""

NAMES = {
    "open": "在办",
    "soon": "五个工作日内到期",
    "late": "已逾期",
    "ended": "本年办结",
    "answered-late": "本年逾期答复",
    "corrected": "复议、诉讼中被纠正",
    **{f"family-{k}": v for k, v in FAMILIES.items()},
}


def name_of(what: str) -> str:
    """What a number counts, in words."""
    ground = grounds().get(what.removeprefix("ground-"))
    return NAMES.get(what) or (f"不公开的依据：{ground.name}" if ground else "")


def question(what: str, year: int, on: dt.date) -> Q | None:
    """Which cases a number counts; None for a number that there is not."""
    ended = Q(ended_on__year=year, purpose="access", received_on__isnull=False) & ~Q(state=State.MOVED) & ~Q(row="")
    if what.startswith("family-") and what in NAMES:
        row = what.removeprefix("family-")
        return ended & (Q(row=row) | Q(row__startswith=f"{row}."))
    if what.startswith("ground-") and name_of(what):
        return ended & Q(outcome__in=("refused", "partial"), ground=what.removeprefix("ground-"))
    corrected = Dispute.objects.filter(result="corrected", ended_on__year=year, kind__in=("reconsider", "sue"))
    return {
        "open": Q(state__in=OPEN),
        "soon": soon(on),
        "late": late(on),
        "ended": ended,
        "answered-late": ended & Q(delivered_on__gt=F("due_on")) & ~Q(outcome__startswith="lapsed"),
        "corrected": Q(pk__in=corrected.values("case")) & Q(purpose="access"),
    }.get(what)


@dataclass
class Line:
    """The numbers of one body, by the names of `question`; average working days from receipt to the end."""

    body: int
    numbers: dict[str, int] = field(default_factory=dict)
    days: float | None = None


def lines(bodies: Collection[int], year: int, on: dt.date) -> tuple[dict[int, Line], dict[str, int]]:
    """The numbers of every body, and refusals by their ground over all: three questions, however many bodies."""
    out = {pk: Line(pk, dict.fromkeys(NAMES, 0)) for pk in bodies}
    asked = {what.replace("-", "_"): Count("pk", filter=question(what, year, on)) for what in NAMES}
    counted: Any = Case.objects.filter(body__in=bodies).order_by().values("body").annotate(**asked)
    for row in counted:
        out[row["body"]].numbers = {what: row[what.replace("-", "_")] for what in NAMES}
    ended = Case.objects.filter(question("ended", year, on) or Q(), body__in=bodies).order_by()
    cal, sums = national(), dict.fromkeys(bodies, (0, 0))
    spans: Any = ended.values("body", "received_on", "ended_on", "delivered_on").annotate(n=Count("pk"))
    for row in spans:
        last = row["delivered_on"] or row["ended_on"]
        days, n = sums[row["body"]]
        between = cal.between(row["received_on"].toordinal(), last.toordinal())
        sums[row["body"]] = (days + row["n"] * between, n + row["n"])
    for pk, (days, n) in sums.items():
        out[pk].days = days / n if n else None
    refused = ended.filter(outcome__in=("refused", "partial")).exclude(ground="")
    held = {row["ground"]: row["n"] for row in refused.values("ground").annotate(n=Count("pk"))}
    return out, {code: held[code] for code in grounds() if code in held}


def around(viewer: Viewer, organisation: int) -> frozenset[int]:
    """Every organisation of the same county or city: they share guidance and cases."""
    above = viewer.tree.above(organisation)
    places = [a for a in above if viewer.tree[a].kind in (Kind.CITY, Kind.COUNTY)]
    return frozenset(viewer.tree.subtree(places[-1] if places else above[-1]))


def neighbours(viewer: Viewer) -> frozenset[int]:
    """All that is around somebody's posts."""
    return frozenset().union(*(around(viewer, own) for own in viewer.organisations))


def questions(viewer: Viewer, own: Collection[int]) -> QuerySet[Question]:
    """Hard questions: all of the bodies `own` (asked by them) and of those overseen; answered ones of all neighbours."""
    mine = Q(body__in=viewer.governed) | Q(body__in=own)
    return Question.objects.filter(mine | (Q(body__in=neighbours(viewer)) & ~Q(answer="")))


def precedents(viewer: Viewer) -> QuerySet[Precedent]:
    """The library of cases."""
    return Precedent.objects.filter(Q(body__in=neighbours(viewer)) | Q(body__in=viewer.governed))


def guidance(
    places: Collection[int], outcome: str, ground: str = "", most: int = 5
) -> tuple[list[Question], list[Precedent]]:
    """What to read when an outcome is chosen: guidance on it or on none in particular, and cases that ended so; of the
    organisations `around` the one that answers."""
    fits = Q(ground__in=("", ground)) if ground else Q()
    asked = Question.objects.filter(fits, outcome__in=("", outcome), body__in=places).exclude(answer="")
    ended = Precedent.objects.filter(fits, outcome=outcome, body__in=places)
    return list(asked.order_by("-answered_on", "-id")[:most]), list(ended[:most])
