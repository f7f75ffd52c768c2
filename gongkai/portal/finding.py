"""一网通查: one box for everything that is out. What was typed and chosen stands in the address, and stays there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from gongkai.portal.api.twins import csv_response, json_response, twin_of
from gongkai.portal.attached import attached
from gongkai.portal.column import Column
from gongkai.portal.frame import base, page
from gongkai.portal.listing import query_of
from gongkai.records import reads
from gongkai.records.kinds import Kind, kind_of, kinds
from gongkai.search import reads as searching
from gongkai.search.port import FACETS

LABELS = {"kind": "种类", "owner": "公开主体", "topic": "主题", "year": "年份", "validity": "有效性"}
FIRST = 8
"""So many values of a facet are shown at once; the rest on asking."""
IN_TABLE = 200
LAST_PAGE = searching.FARTHEST // searching.PAGE
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: words, what was chosen, the order, the page, and whether the words are meant literally."""

    words: str
    chosen: dict[str, tuple[str, ...]]
    order: str
    page: int
    literal: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many it gives, whether it is chosen, and the address that changes that."""

    value: str
    count: int
    on: bool
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values: those shown at once, and the others."""

    name: str
    label: str
    first: list[Choice]
    rest: list[Choice]


@dataclass(frozen=True, slots=True)
class Line:
    """A result, and where the passage stands."""

    result: searching.Result
    place_url: str


def asked(request: HttpRequest) -> Asked:
    """Read the address; what is no choice is left out."""
    ask = request.GET
    chosen = {f: tuple(dict.fromkeys(v[:80] for v in ask.getlist(f) if v))[:20] for f in FACETS}
    said = ask.get("page", "1")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 1
    return Asked(
        words=ask.get("q", "").replace("\0", "").strip()[:LONGEST],
        chosen={f: values for f, values in chosen.items() if values},
        order="date" if ask.get("order") == "date" else "relevance",
        page=min(max(number, 1), LAST_PAGE),
        literal=ask.get("literal") == "1",
    )


def find(by: Asked, *, note: bool = False, limit: int = searching.PAGE, facets: bool = True) -> searching.Page:
    """Ask the search of the house for one page. Literally: another spelling is not tried."""
    offset = (by.page - 1) * searching.PAGE
    return searching.search(
        by.words,
        chosen=by.chosen,
        order=by.order,
        offset=offset,
        limit=limit,
        facets=facets,
        note=note and not by.literal,
        literal=by.literal,
    )


def search(request: HttpRequest) -> HttpResponse:
    """The page: what was found; with nothing typed, what there is to be asked."""
    by = asked(request)
    if not by.words and not by.chosen:
        return _empty()
    found = find(by, note=by.page == 1 and request.method == "GET")
    pages = min(-(-found.total // searching.PAGE), LAST_PAGE)
    if by.page > max(pages, 1):
        by = replace(by, page=max(pages, 1))
        found = find(by)
    query = query_of(request)
    return page(
        "search",
        "search",
        words=by.words,
        by=by,
        found=found,
        lines=[Line(r, _place(r)) for r in found.results],
        facets=list(_facets(found, by, query)),
        taken=[(LABELS[f], v, _address(query, f, v, on=True)) for f, values in by.chosen.items() for v in values],
        query=query,
        plain={k: v for k, v in query.items() if k == "q"},
        pages=pages,
        last=LAST_PAGE,
        before=by.page - 1,
        after=by.page + 1,
        start=(by.page - 1) * searching.PAGE + 1,
        twin=twin_of(request, "/search"),
        services=_services() if not found.total else [],
        apply=_apply() if not found.total or found.loose else "",
    )


def _empty() -> HttpResponse:
    found = searching.search("", limit=1)
    return page(
        "search",
        "search",
        words="",
        found=None,
        topics=found.facets.get("topic", [])[:12],
        kinds=[(kinds_named(name), name, n) for name, n in found.facets.get("kind", [])],
        services=_services(),
        apply=_apply(),
    )


def kinds_named(name: str) -> str:
    """The code of a kind by its name."""
    return next((k.code for k in kinds().values() if k.name == name), "")


def _services() -> list[tuple[Kind, list[tuple[int, str]]]]:
    """The newest 办事指南 and 政策问答."""
    seen = reads.visible(None).order_by("-first_published_at", "-id")
    held = [k for k in (kinds().get("service_guide"), kinds().get("policy_qa")) if k is not None]
    made = [(k, list(seen.filter(kind=k.code).values_list("pk", "title")[:6])) for k in held]
    return [(k, rows) for k, rows in made if rows]


def _apply() -> str:
    column = Column(None)
    return reverse("portal:gk-apply", args=[column.id]) if column.body is not None else ""


def _facets(found: searching.Page, by: Asked, query: dict[str, list[str]]) -> Iterator[Facet]:
    for name in FACETS:
        counted = dict(found.facets.get(name, []))
        chosen = by.chosen.get(name, ())
        values = sorted(counted, key=lambda v: (-int(v) if v.isdigit() else 0, v)) if name == "year" else list(counted)
        values = [*chosen, *(v for v in values if v not in chosen)]
        if len(values) > 1 or chosen:
            made = [Choice(v, counted.get(v, 0), v in chosen, _address(query, name, v, on=v in chosen)) for v in values]
            cut = max(FIRST, len(chosen))
            yield Facet(name, LABELS[name], made[:cut], made[cut:])


def _address(query: dict[str, list[str]], name: str, value: str, *, on: bool) -> str:
    """The same search with a value taken in, or out."""
    held = {k: [*v] for k, v in query.items() if k in ("q", "order", "literal", *FACETS)}
    values = [v for v in held.get(name, []) if v != value]
    held[name] = values if on else [*values, value]
    return "?" + "&".join(f"{quote(k)}={quote(v)}" for k, vs in held.items() for v in vs if v)


def _place(result: searching.Result) -> str:
    """Where the passage stands: the file, or the part of the page."""
    version, place = result.record.published, result.place
    if version is None or not place:
        return result.url
    if place.startswith("附件《"):
        name = place.removeprefix("附件《").removesuffix("》")
        one = next((a for a in attached(version) if a.title == name), None)
        return f"/p/{result.record.pk}/{quote(one.name)}" if one else f"{result.url}#files"
    if place == "正文":
        return f"{result.url}#body"
    if place == "内容概述":
        return f"{result.url}#summary"
    field = next((f for f in kind_of(result.record.kind).fields if f.label == place), None)
    long = field is not None and (field.type in ("table", "rich") or field.lines > 1)
    return f"{result.url}#f-{field.key}" if field is not None and long else result.url


def twin(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same results as data: the page as JSON, the first two hundred as CSV."""
    by = asked(request)
    if form == "json":
        return json_response(searching.as_json(find(by)))
    found = find(replace(by, page=1), limit=IN_TABLE, facets=False)
    return csv_response(request, _rows(found, base(request)), "search")


def _rows(found: searching.Page, root: str) -> Iterator[list[str]]:
    yield ["标题", "发文字号", "种类", "公开主体", "日期", "有效性", "网址"]
    for r in found.results:
        day = r.date.isoformat() if r.date else ""
        yield [r.title, r.document_number, r.kind, r.owner, day, r.validity, root + r.url]


def suggest(request: HttpRequest) -> HttpResponse:
    """What somebody may be about to type, while they type."""
    response = json_response(suggestions(request.GET.get("q", "")))
    response["X-Robots-Tag"] = "noindex"
    return response


def suggestions(text: str) -> list[str]:
    """Words and titles. A list of short texts: the page makes of them what it shows."""
    made: Any = searching.suggest(text.replace("\0", "").strip()[:40])
    return [str(one) for one in made]
