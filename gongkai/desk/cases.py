"""依申请 at the desk: the list by urgency with its numbers and filters, the way out, and what 今日 says of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.base.issues import refuse
from gongkai.cases import life, reads, waits
from gongkai.cases.life import State
from gongkai.cases.models import UNDER_WAY, Answer, Case, Opening, Stage
from gongkai.cases.request import mask_name
from gongkai.desk import downloads
from gongkai.desk.case_clock import left_in_words
from gongkai.desk.case_page import outcome_name, url_of
from gongkai.desk.door import DeskRequest, reads_cases
from gongkai.desk.forms import number_of
from gongkai.law.outcomes import outcomes
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer
from gongkai.papers.writing import Sheet, write_xlsx

PAGE = 50
MOST = 5000
"""Rows of an export: more want a narrower filter."""
SHOWN = 5

STATES = {
    "running": "在办（期限在走）",
    "waiting": "等申请人",
    **{s.value: s.label for s in State},
}
GROUPS = {"running": (State.OPEN, State.DECIDED), "waiting": (State.CORRECTION, State.FEE)}


@dataclass(frozen=True, slots=True)
class Narrow:
    """What the list is narrowed to; empty fields do not narrow."""

    body: int | None = None
    section: int | None = None
    state: str = ""
    year: int | None = None
    outcome: str = ""
    channel: str = ""
    text: str = ""
    late: bool = False
    soon: bool = False
    consulting: bool = False
    mine: bool = False

    def applied(self, found: QuerySet[Case], viewer: Viewer) -> QuerySet[Case]:
        """The cases that pass."""
        day = viewer.day
        if self.body:
            found = found.filter(body=self.body)
        if self.section:
            found = found.filter(handler=self.section)
        if self.state:
            found = found.filter(state__in=GROUPS.get(self.state, (self.state,)))
        if self.year:
            found = found.filter(year=self.year)
        if self.outcome:
            found = found.filter(outcome=self.outcome)
        if self.channel:
            found = found.filter(channel=self.channel)
        if self.late:
            found = found.filter(reads.late(day))
        if self.soon:
            found = found.filter(reads.soon(day))
        if self.consulting:
            found = found.filter(consulting__gt=0)
        if self.mine:
            found = found.filter(mine_of(viewer))
        return _spoken(found, self.text)


def _spoken(found: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By a number 〔2026〕12号, by the code that a citizen reads out, or by words of what is asked."""
    if not text:
        return found
    digits = [d for d in "".join(c if c.isdecimal() and c.isascii() else " " for c in text).split() if len(d) < 9]
    plain = "".join(c for c in text if c not in "〔〕[]［］第号-0123456789 年")
    if digits and not plain:
        if len(digits) == 1:
            return found.filter(Q(serial=int(digits[0])) | Q(document_number__contains=text))
        return found.filter(year=int(digits[0]), serial=int(digits[1]))
    coded = reads.by_code(text) if text.isascii() else None
    if coded is not None:
        return found.filter(pk=coded.pk)
    for word in text.split()[:5]:
        found = found.filter(Q(title__contains=word) | Q(asked__contains=word) | Q(document_number__contains=word))
    return found


def mine_of(viewer: Viewer) -> Q:
    """What somebody works on: handed to their section, or still with their office; and what waits for their check or
    signature."""
    work, offices = viewer.at_work(Role.CLERK), reads.worked_for(viewer, Role.CLERK)
    waiting = [w.case.pk for w in waits.waiting_for(viewer)]
    return Q(handler__in=work) | Q(handler=None, body__in=offices) | Q(pk__in=waiting)


def narrow_of(request: DeskRequest) -> Narrow:
    """The filter that an address says; a word that means nothing is passed over."""
    get = request.GET

    def of(name: str, known: Iterable[str]) -> str:
        return get.get(name, "") if get.get(name, "") in set(known) else ""

    return Narrow(
        body=number_of(get, "body"), section=number_of(get, "section"), state=of("state", STATES),
        year=number_of(get, "year"), outcome=of("outcome", [*outcomes(), *life.AMEND]),
        channel=of("channel", life.CHANNELS), text=get.get("q", "").strip()[:60], late=get.get("late") == "1",
        soon=get.get("soon") == "1", consulting=get.get("consulting") == "1", mine=get.get("mine") == "1",
    )  # fmt: skip


def room(request: DeskRequest) -> QuerySet[Case]:
    """What may be listed; 404 for who reads no case."""
    if not reads_cases(request.viewer):
        raise Http404
    return reads.visible(request.viewer)


@require_safe
def cases(request: DeskRequest) -> HttpResponse:
    """The list: what is late and soon first."""
    viewer = request.viewer
    everything = room(request)
    chosen = narrow_of(request)
    answers = Answer.objects.filter(stage__in=UNDER_WAY).only("case_id", "stage")
    found = chosen.applied(everything, viewer).prefetch_related(Prefetch("answers", answers, to_attr="moving"))
    page = Paginator(reads.ByUrgency(found), PAGE).get_page(request.GET.get("page"))
    there = list(everything.order_by().values_list("body", "handler", "year").distinct())
    query = {k: v for k, v in request.GET.items() if v and k != "page"}
    context = {
        "page": page,
        "lines": [line_of(c, viewer) for c in page],
        "numbers": numbers_of(everything, viewer, chosen),
        "chosen": chosen,
        "narrowed": [v for k, v in query.items() if k != "mine"] != [] or chosen.mine,
        "query": urlencode(query),
        "bodies": _named({b for b, _, _ in there}, viewer),
        "sections": _named({h for _, h, _ in there if h}, viewer),
        "years": sorted({y for _, _, y in there}, reverse=True),
        "states": STATES,
        "outcomes": [(c, o.name) for c, o in outcomes().items()] + list(life.AMEND.items()),
        "channels": life.CHANNELS,
        "many": len({b for b, _, _ in there}) > 1,
        "empty": not there,
        "proposals": Opening.objects.filter(body__in={b for b, _, _ in there}, decided_on=None).count(),
        "clerk": any(h.role == Role.CLERK for h in viewer.held),
        "oversees": bool(viewer.governed),
        "takes_in": any(h.role in (Role.CLERK, Role.COUNTER) for h in viewer.held),
    }
    return render(request, "desk/cases/list.html", context)


@require_POST
def find(request: DeskRequest) -> HttpResponse:
    """The requests of somebody who lost the code and showed who they are. Posted: no number stands in an address."""
    viewer = request.viewer
    room(request)
    number = request.POST.get("number", "").strip()
    found = list(reads.by_identity(viewer, number).order_by("-id")[:PAGE])
    if len(found) == 1:
        return redirect("desk:cases-case", found[0].pk)
    if not found:
        raise refuse("find.none", "您能看到的申请里没有用这个证件号码提交的，请核对号码。", "number")
    return render(request, "desk/cases/found.html", {"lines": [line_of(c, viewer) for c in found]})


def _named(pks: Iterable[int], viewer: Viewer) -> list[tuple[int, str]]:
    tree = viewer.tree
    named = [(pk, _unit(pk, viewer)) for pk in pks if pk in tree]
    return sorted(named, key=lambda x: x[1])


def _unit(pk: int | None, viewer: Viewer) -> str:
    """A unit with the body it stands in, where that does not say it already."""
    tree = viewer.tree
    if pk is None or pk not in tree:
        return ""
    name, body = tree.short(pk), tree.body_of(pk)
    return name if body.id == pk or name.startswith(body.name) else f"{tree.short(body.id)}{name}"


def numbers_of(everything: QuerySet[Case], viewer: Viewer, chosen: Narrow | None = None) -> list[dict[str, Any]]:
    """Numbers that filter: each is the count of the list that its link opens."""
    told = reads.numbers(everything, viewer.day)
    at = chosen or Narrow()
    rows = (
        ("新申请", told.new, "state=submitted", at.state == "submitted", ""),
        ("在办", told.open, "state=running", at.state == "running", ""),
        ("五个工作日内到期", told.soon, "soon=1", at.soon, "soon"),
        ("已逾期", told.late, "late=1", at.late, "bad"),
        ("等申请人", told.waiting, "state=waiting", at.state == "waiting", ""),
    )
    return [{"text": t, "n": n, "query": q, "here": here, "colour": c} for t, n, q, here, c in rows]


_PAUSED = {"correction": "等补正，收到后重新计算", "fee": "等缴费，缴清后重新计算"}


def line_of(case: Case, viewer: Viewer) -> dict[str, Any]:
    """One line: who, what, where it stands, until when."""
    held = "{}" if case.erased_on else case.applicant
    name = mask_name(str(json.loads(held).get("name", "")))
    running = case.state in GROUPS["running"]
    colour, words = left_in_words(reads.left_until(case.due_on, viewer.day)) if running and case.due_on else ("", "")
    moving = next(iter(getattr(case, "moving", [])), None)
    return {
        "case": case,
        "who": f"{life.APPLICANTS[case.applicant_kind]} {name}".strip(),
        "unit": _unit(case.handler_id or case.body_id, viewer),
        "body": _unit(case.body_id, viewer) if case.handler_id else "",
        "state": State(case.state).label,
        "stage": Stage(moving.stage).label if moving else "",
        "colour": colour,
        "words": words,
        "paused": _PAUSED.get(case.state, ""),
        "late_done": case.overdue(viewer.day) and not running,
        "outcome": outcome_name(case.outcome, case.ground) if case.outcome else "",
    }


HEADERS = (
    "登记编号", "类别", "申请公开的信息", "申请人类别", "提交渠道", "机关", "承办单位", "状态", "收到申请之日", "答复期限",
    "办结日期", "送达日期", "是否逾期", "结果", "年报行次",
)  # fmt: skip


@require_safe
def export(request: DeskRequest) -> HttpResponse:
    """What the filter leaves, without anybody's personal data."""
    viewer = request.viewer
    found = reads.ByUrgency(narrow_of(request).applied(room(request), viewer).defer("applicant", "code", "asked"))
    if len(found) > MOST:
        raise refuse("export.many", f"一次最多导出{MOST}件，请按年份或者机关缩小范围再导出。")
    lines = [
        [
            c.number, c.get_purpose_display(), c.title, life.APPLICANTS[c.applicant_kind], life.CHANNELS[c.channel],
            _unit(c.body_id, viewer), _unit(c.handler_id, viewer), State(c.state).label, _day(c.received_on),
            _day(c.due_on), _day(c.ended_on), _day(c.delivered_on), "逾期" if c.overdue(viewer.day) else "",
            outcome_name(c.outcome, c.ground) if c.outcome else "", f"（{c.row}）" if c.row else "",
        ]
        for c in found
    ]  # fmt: skip
    widths = [12, 10, 36, 10, 10, 16, 16, 9, 11, 11, 11, 11, 8, 24, 8]
    sheet = Sheet("依申请公开办理台账", list(HEADERS), widths, lines)
    return downloads.table(write_xlsx(sheet), "xlsx", "cases", f"依申请公开办理台账-{viewer.day:%Y%m%d}")


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def today_of(viewer: Viewer) -> dict[str, Any] | None:
    """What 今日 says of requests: what waits for this person, the numbers, what is late and soon; None where there is none.

    Each case stands there once.
    """
    if not reads_cases(viewer):
        return None
    everything = reads.visible(viewer)
    numbers = numbers_of(everything, viewer)
    waiting, chores = waits.waiting_for(viewer), waits.chores(viewer)
    if not waiting and not chores and not any(n["n"] for n in numbers):
        return None
    there = {w.case.pk for w in (*waiting[:SHOWN], *chores)}
    rest = everything.exclude(pk__in=there)
    pressing = list(Narrow(late=True).applied(rest, viewer).order_by("due_on", "id")[:SHOWN])
    pressing += list(Narrow(soon=True).applied(rest, viewer).order_by("due_on", "id")[: SHOWN - len(pressing)])
    return {
        "numbers": [n for n in numbers if n["n"]],
        "waiting": [_waits(w, viewer) for w in waiting[:SHOWN]],
        "waiting_more": max(len(waiting) - SHOWN, 0),
        "chores": [_waits(w, viewer) for w in chores[:SHOWN]],
        "chores_folded": [_waits(w, viewer) for w in chores[SHOWN:]],
        "pressing": [_waits(waits.Wait(c, ""), viewer) for c in pressing],
    }


def _waits(wait: waits.Wait, viewer: Viewer) -> dict[str, Any]:
    return {**line_of(wait.case, viewer), "what": wait.what, "url": url_of(wait), "do": wait.do}
