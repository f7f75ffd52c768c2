"""The files that lie beside a page: the record as JSON, each of its tables as CSV. Drawn alike live and pressed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from gongkai.base.clock import today
from gongkai.orgs.reads import tree_on
from gongkai.portal.api.values import as_csv, rows, summary, table_rows, whole
from gongkai.portal.frame import base
from gongkai.portal.sheet import public_versions
from gongkai.records import reads
from gongkai.records.kinds import kind_of, kinds
from gongkai.records.models import Record, Version

MOST = 10_000
"""So many rows of a list go into one answer; more are had from the bulk files."""


@dataclass(frozen=True, slots=True)
class Twin:
    """Where the data of a page is: as JSON, and where there is a list or table, as CSV."""

    json: str
    csv: str = ""


def twin_of(request: HttpRequest, address: str) -> Twin:
    """The twins of a list at `address`.json and .csv, with the choices of its page."""
    held = request.GET.copy()
    held.pop("page", None)
    query = f"?{held.urlencode()}" if held else ""
    return Twin(f"{address}.json{query}", f"{address}.csv{query}")


def files_of(record: Record, older: Sequence[Version] = ()) -> dict[str, bytes]:
    """What lies beside the page of a record that `visible` has let through: path below /p/ → bytes."""
    made = {f"{record.pk}.json": as_json(whole(record))}
    made |= {f"{record.pk}/table-{key}.csv": data for key, data in tables_of(record).items()}
    made |= {f"{record.pk}/v{v.number}.json": as_json(whole(record, v)) for v in older if v.pk != record.published_id}
    return made


def tables_of(record: Record) -> dict[str, bytes]:
    """The tables of a record as CSV, by their keys."""
    version, kind = record.published, kind_of(record.kind)
    assert version is not None
    held = {one.key: version.fields.get(one.key) for one in kind.tables}
    return {key: "".join(as_csv(table_rows(kind, key, value))).encode() for key, value in held.items() if value}


def as_json(value: object) -> bytes:
    """Readable JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def json_response(value: object) -> HttpResponse:
    """JSON with its right type; nothing of it is run by a browser."""
    response = HttpResponse(as_json(value), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def csv_response(request: HttpRequest, lines: Iterable[Sequence[str]], name: str) -> HttpResponseBase:
    """CSV, sent line by line. Who asks for the head only gets no more than that."""
    held: Iterator[str] = as_csv(lines) if request.method != "HEAD" else iter(())
    response = StreamingHttpResponse(held, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-cache"
    return response


def _held(pk: int) -> Record:
    found = reads.visible(None).select_related("published").filter(pk=pk).first()
    if found is None or found.published is None or found.kind not in kinds():
        raise Http404
    return found


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as JSON; 404 for whatever the public may not see."""
    return json_response(whole(_held(pk)))


def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An older version that was public, as JSON."""
    held = _held(pk)
    older = next((v for v in public_versions(held) if v.number == number and v.pk != held.published_id), None)
    if older is None:
        raise Http404
    return json_response(whole(held, older))


def table(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A table of the record as CSV."""
    made = tables_of(_held(pk)).get(key)
    if made is None:
        raise Http404
    response = HttpResponse(made, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{pk}-{key}.csv"'
    response["Cache-Control"] = "no-cache"
    return response


def list_twin(request: HttpRequest, found: QuerySet[Record], form: str, name: str) -> HttpResponseBase:
    """A list as JSON or CSV: the same records in the same order as its page."""
    if form == "csv":
        return csv_response(request, rows(found[:MOST], base(request)), name)
    tree, day = tree_on(today()), today()
    listed: list[dict[str, Any]] = [summary(r, tree, day) for r in found[:MOST]]
    return json_response({"total": found.count(), "records": listed})
