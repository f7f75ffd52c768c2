"""年报数: tables three and four of a year, from the cases; every number leads to its cases, every identity is checked."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gongkai.cases import reads
from gongkai.cases.reads import visible
from gongkai.desk.annual_form import CAPTION, form_rows, write_xlsx
from gongkai.desk.case_board import FIRST_YEAR, lines_of
from gongkai.desk.case_bodies import bodies_for, chosen
from gongkai.desk.door import DeskRequest
from gongkai.desk.downloads import table
from gongkai.law.annual import BLOCKS, COLUMNS, RESULTS, ROWS, check_disputes, check_requests
from gongkai.orgs.rules import Viewer

PAGE = 50
IDENTITIES = {
    "H1": "新收＋上年结转＝办理结果总计＋结转下年度（每一列）",
    "H2": "办理结果各项相加＝（七）总计（每一列）",
    "H3": "自然人＋各类组织＝总计（每一行）",
    "H4": "复议、诉讼各项结果相加＝总计",
    "H5": "每一格都是0或者正整数",
    "H6": "上年结转＝上一年报告的结转下年度",
}


def _bodies(viewer: Viewer, year: int) -> list[tuple[int, str]]:
    found = bodies_for(viewer, "case.run", "case.oversee", "case.extend")
    if not found or not FIRST_YEAR <= year <= viewer.day.year:
        raise Http404
    return found


def _query(body: int, row: str, column: str) -> str:
    return urlencode({"body": str(body), "row": row, "column": column})


@require_safe
def latest(request: DeskRequest) -> HttpResponse:
    """The tables of this year so far."""
    _bodies(request.viewer, request.viewer.day.year)
    return redirect("desk:board-annual", request.viewer.day.year)


@require_safe
def annual(request: DeskRequest, year: int) -> HttpResponse:
    """Both tables as they will stand in the report, with their cases and their identities."""
    viewer, bodies = request.viewer, _bodies(request.viewer, year)
    body = chosen(request.GET, bodies, viewer)
    made = reads.annual(year, body)
    before = reads.annual(year - 1, body)
    breaks = [*check_requests(made.requests, before.requests), *check_disputes(made.disputes)]
    behind = reverse("desk:board-annual-cases", args=[year])

    def cell(row: str, column: str, n: int) -> tuple[int, str]:
        return n, f"{behind}?{_query(body, row, column)}" if n else ""

    context = {
        "year": year,
        "years": list(range(viewer.day.year, max(FIRST_YEAR, viewer.day.year - 6), -1)),
        "body": body,
        "bodies": bodies,
        "name": dict(bodies)[body],
        "caption": CAPTION,
        "columns": COLUMNS,
        "results": RESULTS,
        "blocks": BLOCKS,
        "rows": [(r, [cell(r.key, c, made.requests[r.key][c]) for c in COLUMNS]) for r in form_rows()],
        "disputes": [cell(b, r, made.disputes[b][r]) for b in BLOCKS for r in RESULTS],
        "fees": made.fees,
        "identities": [(code, text, [b for b in breaks if b.code == code]) for code, text in IDENTITIES.items()],
        "breaks": len(breaks),
        "running": year == viewer.day.year,
    }
    return render(request, "desk/counter/annual.html", context)


@require_safe
def cases(request: DeskRequest, year: int) -> HttpResponse:
    """The cases behind one number of the tables."""
    viewer, bodies = request.viewer, _bodies(request.viewer, year)
    body = chosen(request.GET, bodies, viewer)
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    third = row in ROWS and column in COLUMNS
    if not third and not (row in BLOCKS and column in RESULTS):
        raise Http404
    ids = reads.annual(year, body).behind.get((row, column), [])
    page = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    held = {c.pk: c for c in visible(viewer).filter(pk__in=list(page))}
    name = ROWS[row] if third else ("行政诉讼：" if row != BLOCKS[0] else "") + row
    context = {
        "page": page,
        "lines": lines_of([held[pk] for pk in page if pk in held], viewer),
        "title": f"{dict(bodies)[body]}{year}年年报：{name} · {column}",
        "query": _query(body, row, column),
        "back": "annual",
        "year": year,
        "body": body,
    }
    return render(request, "desk/counter/cases.html", context)


@require_safe
def export(request: DeskRequest, year: int) -> HttpResponse:
    """Both tables as .xlsx."""
    viewer, bodies = request.viewer, _bodies(request.viewer, year)
    body = chosen(request.GET, bodies, viewer)
    made = reads.annual(year, body)
    title = f"{dict(bodies)[body]}{year}年政府信息公开工作年度报告"
    data = write_xlsx(title, made.requests, made.disputes)
    return table(data, "xlsx", f"annual-{year}", f"{dict(bodies)[body]}{year}年年报表三表四")
