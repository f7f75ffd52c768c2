"""The API of the public site: what the pages show, as data. OpenAPI at /api/openapi.json."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI, Query, Schema
from ninja.renderers import JSONRenderer

from gongkai import __version__
from gongkai.base.clock import today
from gongkai.orgs.reads import tree_on
from gongkai.portal import bulk, finding
from gongkai.portal.api import twins
from gongkai.portal.api.twins import csv_response, list_twin
from gongkai.portal.api.values import rows, summary
from gongkai.portal.frame import base
from gongkai.records import reads, rules
from gongkai.records.kinds import Kind, kinds
from gongkai.records.models import Record
from gongkai.records.reads import Narrow
from gongkai.search import reads as searching
from gongkai.search.port import FACETS


class _Readable(JSONRenderer):
    """JSON in which Chinese can be read."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=_Readable(),
    title="政府信息公开数据接口",
    version=__version__,
    description="与网页同一来源的公开数据：只有已经公开、面向全社会的信息。日期是中国的日期；金额和数字是原样的文本。",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)


class Filters(Schema):
    """What a list may be narrowed to."""

    kind: list[str] = []
    owner: list[int] = []
    topic: str = ""
    year: int | None = None
    validity: str = ""
    q: str = ""
    order: str = "new"


class Summary(Schema):
    """One record in a list."""

    id: int
    url: str
    title: str
    kind: str
    kind_name: str
    owner: str
    owner_id: int
    index_number: str
    document_number: str
    topic: str
    formed: dt.date | None
    published: dt.date | None
    effective: dt.date | None
    expires: dt.date | None
    validity: str


class Attachment(Schema):
    """A file of a record."""

    name: str
    url: str
    size: int
    media: str
    sha256: str


class Whole(Summary):
    """Everything that a record's page says. `fields` are those of its kind: label, type, value."""

    article: str
    basis: str
    issuers: str
    summary: str
    keywords: str
    source: str
    contact: str
    version: int
    changed: dt.date | None
    body: str
    fields: dict[str, dict[str, Any]]
    attachments: list[Attachment]
    tables: dict[str, str]


class Listing(Schema):
    """A page of a list."""

    total: int
    offset: int
    records: list[Summary]


class Column(Schema):
    """A column of a table."""

    key: str
    label: str
    type: str


class FieldOut(Schema):
    """A field of a kind."""

    key: str
    label: str
    type: str
    unit: str
    required: bool
    columns: list[Column]


class KindOut(Schema):
    """A kind of government information."""

    code: str
    name: str
    group: str
    article: str
    basis: str
    view: str
    count: int
    fields: list[FieldOut]


class Body(Schema):
    """An organisation that has something out."""

    id: int
    name: str
    parent: int | None
    count: int


class Hit(Schema):
    """One record found."""

    title: str
    document_number: str
    kind: str
    owner: str
    date: str | None
    validity: str
    url: str
    passage: str
    place: str
    score: float


class Value(Schema):
    """A value of a facet, and how many it would give."""

    value: str
    count: int


class SearchOut(Schema):
    """What was found."""

    total: int
    facets: dict[str, list[Value]]
    instead: str
    results: list[Hit]


def _gives(media: str, schema: dict[str, Any]) -> dict[str, Any]:
    """What an answer that we write ourselves is, for the description."""
    missing = {"description": "没有这一条，或者没有公开"}
    said: dict[Any, Any] = {200: {"description": "OK", "content": {media: {"schema": schema}}}, 404: missing}
    return {"responses": said}


def _found(by: Filters) -> QuerySet[Record]:
    narrow = Narrow(
        kinds=tuple(k for k in by.kind if k in kinds()),
        owners=tuple(o for o in by.owner[:50] if 0 < o < 2**31),
        topic=by.topic[:80],
        year=by.year if by.year and 1900 < by.year < 9999 else None,
        validity=by.validity if by.validity in (*rules.VALIDITY, "in-force") else "",
        text=by.q.replace("\0", "")[:100],
        order="formed" if by.order == "formed" else "new",
    )
    records = reads.visible(None)
    meant = (
        (by.kind and not narrow.kinds) or (by.owner and not narrow.owners) or (by.year is not None and not narrow.year)
    )
    if meant or (by.validity and not narrow.validity):  # asked for what there is not: nothing, rather than everything
        records = records.none()
    return reads.narrowed(records, narrow, today())


@api.get("/records", response=Listing, summary="已公开的信息")
def listing(request: HttpRequest, by: Query[Filters], offset: int = 0, limit: int = 50) -> dict[str, Any]:
    """Records by kind, owner, topic, year, validity and words; at most 200 at a time."""
    found = _found(by)
    offset, limit = min(max(offset, 0), 10**8), max(1, min(limit, 200))
    tree, day = tree_on(today()), today()
    page = found[offset : offset + limit]
    return {"total": found.count(), "offset": offset, "records": [summary(r, tree, day) for r in page]}


@api.get("/records.csv", summary="已公开的信息（CSV）", openapi_extra=_gives("text/csv", {"type": "string"}))
def listing_csv(request: HttpRequest, by: Query[Filters]) -> HttpResponseBase:
    """The same list as CSV, at most 10,000 rows."""
    return list_twin(request, _found(by), "csv", "records")


@api.get("/records/{int:pk}", response=Whole, summary="一条信息的全部内容")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that its page says."""
    return twins.record(request, pk)


@api.get("/kinds", response=list[KindOut], summary="信息种类和它们的字段")
def kind_list(request: HttpRequest) -> list[dict[str, Any]]:
    """Every kind with its fields and how many are out."""
    counted = reads.counts(reads.visible(None))
    return [
        {
            **{"code": k.code, "name": k.name, "group": k.group, "article": k.article, "basis": k.basis},
            **{"view": k.view, "count": counted.get(k.code, 0)},
            "fields": [
                {
                    **{"key": f.key, "label": f.label, "type": f.type, "unit": f.unit, "required": f.required},
                    "columns": [{"key": c.key, "label": c.label, "type": c.type} for c in f.columns],
                }
                for f in k.fields
            ],
        }
        for k in kinds().values()
    ]


@api.get("/organisations", response=list[Body], summary="公开主体")
def bodies(request: HttpRequest) -> list[dict[str, Any]]:
    """Organisations that have something out, with how much."""
    tree = tree_on(today())
    counted = reads.visible(None).order_by().values_list("owner").annotate(n=Count("id"))
    return [{"id": pk, "name": tree[pk].name, "parent": tree[pk].parent, "count": n} for pk, n in counted if pk in tree]


@api.get("/search", response=SearchOut, summary="检索")
def search(
    request: HttpRequest,
    q: str,
    kind: Query[list[str]] = [],  # noqa: B006  what ninja reads it from
    owner: Query[list[str]] = [],  # noqa: B006
    topic: Query[list[str]] = [],  # noqa: B006
    year: Query[list[str]] = [],  # noqa: B006
    validity: Query[list[str]] = [],  # noqa: B006
    order: str = "relevance",
    offset: int = 0,
    limit: int = 10,
) -> dict[str, Any]:
    """The search of the site. Facets take several values each."""
    said = {"kind": kind, "owner": owner, "topic": topic, "year": year, "validity": validity}
    chosen = {name: tuple(v[:80] for v in said[name][:20]) for name in FACETS if said[name]}
    page = searching.search(
        q.replace("\0", "")[:200],
        chosen=chosen,
        order="date" if order == "date" else "relevance",
        offset=offset,
        limit=max(1, min(limit, 50)),
    )
    return searching.as_json(page)


@api.get("/suggest", response=list[str], summary="输入提示")
def suggest(request: HttpRequest, q: str) -> list[str]:
    """Words and titles that somebody may be about to type."""
    return finding.suggestions(q)


def _kind(code: str) -> Kind:
    if code not in kinds():
        raise Http404
    return kinds()[code]


def _sent(pieces: Iterator[bytes], media: str, name: str) -> StreamingHttpResponse:
    """Sent as it is made."""
    response = StreamingHttpResponse(pieces, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-cache"
    return response


@api.get(
    "/bulk/{slug:code}.jsonl",
    summary="一个种类的全部信息（每行一条JSON）",
    openapi_extra=_gives("application/x-ndjson", {"type": "string"}),
)
def bulk_lines(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """All of one kind, a line for each, streamed."""
    return _sent(bulk.lines(_kind(code).code), "application/x-ndjson; charset=utf-8", f"{code}.jsonl")


@api.get(
    "/bulk/{slug:code}.csv",
    summary="一个种类的目录（CSV）",
    openapi_extra=_gives("text/csv", {"type": "string"}),
)
def bulk_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """The list of one kind as CSV, all of it."""
    return csv_response(request, rows(bulk.records(_kind(code).code), base(request)), code)


@api.get(
    "/bulk/{slug:code}.zip",
    summary="一个种类的目录、全部信息和附件（ZIP）",
    openapi_extra=_gives("application/zip", {"type": "string", "format": "binary"}),
)
def bulk_zip(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """list.csv, lines of JSON and the attachments of one kind, streamed."""
    return _sent(bulk.packed(_kind(code), base(request)), "application/zip", f"{code}.zip")
