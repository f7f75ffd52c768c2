"""监督: requests of the bodies under a 主管部门, hard questions with their guidance, the library of cases (R5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases import actions
from gongkai.cases import board as reads
from gongkai.cases.actions.common import of_body, thing_of
from gongkai.cases.models import Case, Precedent, Question
from gongkai.cases.reads import ByUrgency, visible
from gongkai.desk.case_bodies import bodies_for
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import table
from gongkai.desk.forms import number_of
from gongkai.law.outcomes import grounds, outcomes
from gongkai.orgs.models import Role
from gongkai.orgs.rules import Viewer, may
from gongkai.papers.writing import Sheet, write_xlsx

PAGE = 50
FIRST_YEAR = 2008
"""Before that year there was no 条例."""


def year_of(request: DeskRequest) -> int:
    """The year that an address names, or this one."""
    year = number_of(request.GET, "year")
    this = request.viewer.day.year
    return year if year is not None and FIRST_YEAR <= year <= this else this


def _overseen(viewer: Viewer) -> list[tuple[int, str]]:
    found = bodies_for(viewer, "case.oversee")
    if not found:
        raise Http404
    return found


@require_safe
def board(request: DeskRequest) -> HttpResponse:
    """One line for each body: load, dates, what ended and how; every number leads to its cases. Nobody is ranked."""
    viewer, bodies, year = request.viewer, _overseen(request.viewer), year_of(request)
    lines, refused = reads.lines([pk for pk, _ in bodies], year, viewer.day)
    rows: list[dict[str, Any]] = []
    total = dict.fromkeys(reads.NAMES, 0)
    for pk, _ in bodies:
        line = lines[pk]
        for what, n in line.numbers.items():
            total[what] += n
        rows.append({"pk": pk, "name": viewer.tree.short(pk), "line": line, "numbers": _cells(line.numbers)})
    busy = [r for r in rows if any(r["line"].numbers.values())]
    asked = reads.questions(viewer, ()).filter(body__in=viewer.governed, answer="")
    context = {
        "year": year,
        "years": list(range(viewer.day.year, max(FIRST_YEAR, viewer.day.year - 6), -1)),
        "heads": list(reads.NAMES.items()),
        "rows": busy,
        "still": [r["name"] for r in rows if r not in busy],
        "total": _cells(total),
        "numbers": [(w, reads.NAMES[w], total[w]) for w in ("open", "soon", "late", "ended", "corrected")],
        "refused": [(code, grounds()[code].name, grounds()[code].basis, n) for code, n in refused.items()],
        "questions": asked.count(),
    }
    return render(request, "desk/counter/board.html", context)


@require_safe
def export(request: DeskRequest) -> HttpResponse:
    """The table of the board as .xlsx."""
    viewer, bodies, year = request.viewer, _overseen(request.viewer), year_of(request)
    lines, _ = reads.lines([pk for pk, _ in bodies], year, viewer.day)
    rows = [
        [viewer.tree.short(pk), *(str(lines[pk].numbers[what]) for what in reads.NAMES), _average(lines[pk].days)]
        for pk, _ in bodies
    ]
    total = [str(sum(lines[pk].numbers[what] for pk, _ in bodies)) for what in reads.NAMES]
    heads = ["机关", *reads.NAMES.values(), "平均用时（工作日）"]
    sheet = Sheet(f"{year}年依申请公开情况", heads, [24, *(10 for _ in heads[1:])], [*rows, ["合计", *total, ""]])
    return table(write_xlsx(sheet), "xlsx", f"board-{year}", f"{year}年依申请公开情况（{viewer.day:%Y%m%d}）")


def _average(days: float | None) -> str:
    return "" if days is None else f"{days:.1f}"


def _cells(numbers: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(what, name, numbers[what]) for what, name in reads.NAMES.items()]


def lines_of(cases: Sequence[Case], viewer: Viewer) -> list[dict[str, Any]]:
    """Cases as the lists of this part show them, from their columns alone."""
    return [
        {
            "case": c,
            "body": viewer.tree.short(c.body_id) if c.body_id in viewer.tree else "",
            "late": c.overdue(viewer.day),
            "result": result_of(c),
        }
        for c in cases
    ]


def result_of(case: Case) -> str:
    """How a case ended, in words; empty while it is open."""
    found, ground = outcomes().get(case.outcome), grounds().get(case.ground)
    name = found.name if found else ""
    return f"{name}（{ground.name}）" if ground and name else name


@require_safe
def cases(request: DeskRequest) -> HttpResponse:
    """The cases behind a number of the board."""
    viewer, bodies, year = request.viewer, dict(_overseen(request.viewer)), year_of(request)
    what, body = request.GET.get("what", ""), number_of(request.GET, "body")
    asked = reads.question(what, year, viewer.day)
    if asked is None or (body is not None and body not in bodies):
        raise Http404
    found = ByUrgency(visible(viewer).filter(asked, body__in=[body] if body else list(bodies)))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines_of(list(page), viewer),
        "title": f"{bodies[body] if body else '全部机关'}：{reads.name_of(what)}",
        "query": f"what={what}&year={year}" + (f"&body={body}" if body else ""),
        "back": "board",
        "year": year,
        "body": body,
    }
    return render(request, "desk/counter/cases.html", context)


# Hard questions


def _own(viewer: Viewer) -> list[tuple[int, str]]:
    return bodies_for(viewer, "case.run")


def _choices() -> dict[str, Any]:
    return {
        "outcomes": [(o.code, o.name) for o in outcomes().values()],
        "grounds": [(g.code, f"{g.name}（{g.basis}）") for g in grounds().values()],
    }


@require_http_methods(["GET", "POST"])
def questions(request: DeskRequest) -> HttpResponse:
    """疑难问题: those that wait, those that were answered, by outcome; and the form to ask."""
    viewer, post = request.viewer, request.POST
    if not viewer.held:
        raise Http404
    own = _own(viewer)
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        try:
            body, about_what = number_of(post, "body") or 0, {k: post.get(k, "") for k in ("outcome", "ground")}
            if post.get("do") == "guide":
                made = actions.give_guidance(
                    body, post.get("title", ""), post.get("answer", ""), actor=viewer, on=viewer.day, **about_what
                )
            else:
                made = actions.ask_question(
                    body, post.get("title", ""), post.get("text", ""), actor=viewer, on=viewer.day,
                    case=number_of(post, "case"), **about_what,
                )  # fmt: skip
            return redirect("desk:board-question", made.pk)
        except Refused as error:
            issues = error.issues
    outcome = request.GET.get("outcome", "")
    found = reads.questions(viewer, [pk for pk, _ in own]).select_related("asked_by")
    if outcome in outcomes():
        found = found.filter(outcome=outcome)
    found = found.order_by("answer", "-id") if viewer.governed else found.order_by("-id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    about, guiding = _about(request), post.get("do") == "guide"
    begin = {"body": str(about.body_id) if about else "", "outcome": about.outcome if about else ""}
    said = {i.field: i.say for i in issues if i.field}
    context = {
        "page": page,
        "lines": [(q, *_of(q, viewer)) for q in page],
        "outcome": outcome,
        "own": [(str(pk), name) for pk, name in own],
        "guides": _guides(viewer),
        "about": about,
        "v": begin if guiding else post or begin,
        "said": {} if guiding else said,
        "guide": {"v": post if guiding else {}, "said": said if guiding else {}},
        "issues": issues,
        **_choices(),
    }
    return render(request, "desk/counter/questions.html", context, status=422 if issues else 200)


def _guides(viewer: Viewer) -> list[tuple[str, str]]:
    """Bodies in whose name somebody gives guidance: those of their posts as 主管部门."""
    held = {viewer.tree.body_of(h.organisation).id for h in viewer.held if h.role == Role.AUTHORITY}
    return [(str(pk), name) for pk, name in bodies_for(viewer, "case.oversee") if pk in held]


def _about(request: DeskRequest) -> Case | None:
    """The case that a question is to be about, where its page sent here."""
    pk = number_of(request.POST if request.method == "POST" else request.GET, "case")
    return visible(request.viewer).filter(pk=pk).first() if pk else None


def _of(question: Question | Precedent, viewer: Viewer) -> tuple[str, str]:
    found, ground = outcomes().get(question.outcome), grounds().get(question.ground)
    said = "，".join(x.name for x in (found, ground) if x)
    return viewer.tree.short(question.body_id) if question.body_id in viewer.tree else "", said


@require_http_methods(["GET", "POST"])
def question(request: DeskRequest, pk: int) -> HttpResponse:
    """One hard question; 主管部门 answers it."""
    viewer = request.viewer
    own = [b for b, _ in _own(viewer)]
    held = reads.questions(viewer, own).select_related("asked_by", "answered_by", "case").filter(pk=pk).first()
    if held is None:
        raise Http404
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        try:
            actions.answer_question(
                pk, request.POST.get("answer", ""), actor=viewer, on=viewer.day, outcome=request.POST.get("outcome"),
                ground=request.POST.get("ground"),
            )  # fmt: skip
            return redirect("desk:board-question", pk)
        except Refused as error:
            issues = error.issues
    body, about = _of(held, viewer)
    context = {
        "q": held,
        "body": body,
        "about": about,
        "case": held.case if held.case and may(viewer, "case.read", thing_of(held.case, viewer)) else None,
        "may_answer": may(viewer, "case.oversee", of_body(held.body_id, viewer)),
        "typed": request.POST.get("answer", held.answer),
        "v": request.POST or {"outcome": held.outcome, "ground": held.ground},
        **_choices(),
        "issues": issues,
        "said": {i.field: i.say for i in issues if i.field},
    }
    return render(request, "desk/counter/question.html", context, status=422 if issues else 200)


# The library of cases


@require_safe
def library(request: DeskRequest) -> HttpResponse:
    """案例库: searched by words, narrowed by outcome."""
    viewer = request.viewer
    if not viewer.held:
        raise Http404
    text, outcome = request.GET.get("q", "").strip()[:60], request.GET.get("outcome", "")
    found = reads.precedents(viewer)
    for word in text.split()[:5]:
        found = found.filter(Q(title__icontains=word) | Q(point__icontains=word))
    if outcome in outcomes():
        found = found.filter(outcome=outcome)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    seen = set(visible(viewer).filter(pk__in=[p.case_id for p in page]).values_list("pk", flat=True))
    context = {
        "page": page,
        "lines": [(p, *_of(p, viewer), p.case_id in seen) for p in page],
        "text": text,
        "outcome": outcome,
        **_choices(),
    }
    return render(request, "desk/counter/library.html", context)


@require_http_methods(["GET", "POST"])
def keep(request: DeskRequest, pk: int) -> HttpResponse:
    """Put an ended case into the library, in words that name nobody."""
    viewer = request.viewer
    held = visible(viewer).filter(pk=pk).first()
    if held is None or not may(viewer, "case.oversee", of_body(held.body_id, viewer)):
        raise Http404
    issues: tuple[Issue, ...] = ()
    if request.method == "POST":
        try:
            actions.keep_precedent(
                pk, request.POST.get("title", ""), request.POST.get("point", ""), actor=viewer, on=viewer.day
            )
            return redirect("desk:board-library")
        except Refused as error:
            issues = error.issues
    elif not held.outcome:
        issues = refuse("precedent.open", "办结的申请才能收入案例库。").issues
    old = Precedent.objects.filter(case=held).first()
    context = {
        "case": held,
        "body": viewer.tree.short(held.body_id),
        "result": result_of(held),
        "title": request.POST.get("title", old.title if old else ""),
        "point": request.POST.get("point", old.point if old else ""),
        "issues": issues,
        "said": {i.field: i.say for i in issues if i.field},
    }
    return render(request, "desk/counter/keep.html", context, status=422 if issues else 200)
