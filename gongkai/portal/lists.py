"""Lists of one kind: with the columns of its view, as a matrix for budgets, as series for plans."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models.fields.json import KeyTextTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gongkai.base.clock import today
from gongkai.orgs.reads import tree_on
from gongkai.portal.api.twins import list_twin, twin_of
from gongkai.portal.frame import page
from gongkai.portal.listing import columns_of, heading, lines, pages_of, query_of
from gongkai.portal.record import ROOMS
from gongkai.records import reads
from gongkai.records.kinds import Kind, kinds
from gongkai.records.reads import Narrow

MATRIX = ("budget", "accounts", "debt")
MOST_IN_SERIES = 2000


def twin(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """A kind's list as JSON or CSV: what the same address shows as a page."""
    if code not in kinds():
        raise Http404
    owner, words = request.GET.get("owner", ""), request.GET.get("q", "").strip()[:100]
    owners = (int(owner),) if owner.isascii() and owner.isdigit() and len(owner) < 10 else ()
    by = Narrow(kinds=(code,), owners=owners, text=words)
    return list_twin(request, reads.narrowed(reads.visible(None), by, today()), form, code)


def records(request: HttpRequest, code: str) -> HttpResponse:
    """What is out of one kind, newest first."""
    kind = kinds().get(code)
    if kind is None:
        raise Http404
    day = today()
    owner, words = request.GET.get("owner", ""), request.GET.get("q", "").strip()[:100]
    owners = (int(owner),) if owner.isascii() and owner.isdigit() and len(owner) < 10 else ()
    by = Narrow(kinds=(code,), owners=owners, text=words)
    found = pages_of(
        reads.narrowed(reads.visible(None), by, day).select_related("published").defer("published__body"), request
    )
    columns = columns_of(kind)
    keys = {f.key for f in kind.fields}
    tree = tree_on(day)
    return page(
        "list",
        ROOMS.get(kind.group, "gk"),
        kind=kind,
        siblings=[k for k in kinds().values() if k.group == kind.group],
        headings=[heading(kind, c) for c in columns],
        lines=lines(list(found.object_list), columns),
        found=found,
        words=words,
        owner=tree[owners[0]].name if owners and owners[0] in tree else "",
        matrix=_matrix(kind, owners) if "year" in keys and code in MATRIX else None,
        series=_series(kind, owners) if "series" in keys else None,
        query=query_of(request),
        twin=twin_of(request, f"/list/{code}"),
    )


def _matrix(kind: Kind, owners: tuple[int, ...]) -> dict[str, Any] | None:
    """Units down, years across; an empty cell is an empty cell."""
    tree = tree_on(today())
    seen = _of(kind, owners).annotate(year=KeyTextTransform("year", "published__fields"))
    cells: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    years: set[str] = set()
    for pk, owner, title, year in seen.values_list("id", "owner_id", "title", "year"):
        said = str(year or "未注明")
        cells[owner][said].append((pk, title))
        years.add(said)
    if not cells:
        return None
    order = sorted(years, reverse=True)
    place = {pk: n for n, pk in enumerate(tree.nodes)}
    rows = [
        (tree[owner].name if owner in tree else "", [(year, held.get(year, [])) for year in order])
        for owner, held in sorted(cells.items(), key=lambda item: place.get(item[0], 0))
    ]
    return {"years": order, "rows": rows}


def _series(kind: Kind, owners: tuple[int, ...]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Plans of the same name as a line through their periods."""
    names = {
        key: KeyTextTransform(key, "published__fields") for key in ("series", "term", "period_start", "period_end")
    }
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _of(kind, owners).annotate(**names).values("id", "title", *names):
        begins, ends = str(row["period_start"] or "")[:4], str(row["period_end"] or "")[:4]
        row["span"] = f"{begins}—{ends}年" if begins and ends else ""
        found[row["series"] or row["title"]].append(row)
    for held in found.values():
        held.sort(key=lambda row: str(row["period_start"] or ""))
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _of(kind: Kind, owners: tuple[int, ...]) -> Any:
    seen = reads.visible(None).filter(kind=kind.code)
    if owners:
        seen = seen.filter(owner__in=owners)
    return seen.order_by("-first_published_at", "-id")[:MOST_IN_SERIES]
