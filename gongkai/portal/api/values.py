"""A record as plain values and as rows: what the JSON and CSV twins say. Whoever calls has asked `visible` first."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from gongkai.base.clock import ZONE, today
from gongkai.orgs.reads import tree_on
from gongkai.orgs.tree import Tree
from gongkai.portal.attached import attached
from gongkai.records import reads, rules
from gongkai.records.content import amount
from gongkai.records.kinds import Field, Kind, kind_of
from gongkai.records.models import Record, Version

_TOLD = ("title", "document_number", "topic", "formed", "effective", "expires")


def summary(record: Record, tree: Tree | None = None, day: dt.date | None = None) -> dict[str, Any]:
    """What a list says of a record."""
    kind = kind_of(record.kind)
    day = day or today()
    tree = tree or tree_on(day)
    state = rules.validity(record, day) if kind.validity else ""
    moment = record.first_published_at
    return {
        "id": record.pk,
        "url": f"/p/{record.pk}.html",
        "title": record.title,
        "kind": kind.code,
        "kind_name": kind.name,
        "owner": tree.nodes[record.owner_id].name if record.owner_id in tree else "",
        "owner_id": record.owner_id,
        "index_number": record.index_number or "",
        "document_number": record.document_number,
        "topic": record.topic,
        "formed": _iso(record.formed),
        "published": _iso(moment.astimezone(ZONE).date()) if moment else None,
        "effective": _iso(record.effective),
        "expires": _iso(record.expires),
        "validity": rules.VALIDITY[state] if state else "",
    }


def whole(record: Record, older: Version | None = None) -> dict[str, Any]:
    """Everything that a record's page says; of an older version, what that one said."""
    version = older or record.published
    assert version is not None
    kind = kind_of(record.kind)
    tree = tree_on(today())
    made = summary(record, tree)
    at = f"/p/{record.pk}/"
    if older is not None:
        at = f"/p/{record.pk}/v{older.number}/"
        made |= {key: _plain(getattr(older, key)) for key in _TOLD}
        made |= {"url": f"/p/{record.pk}/v{older.number}.html", "replaced_by": f"/p/{record.pk}.json"}
    made |= {
        "article": kind.article,
        "basis": kind.basis,
        "issuers": version.issuers,
        "summary": version.summary,
        "keywords": version.keywords,
        "source": version.source,
        "contact": version.contact,
        "version": version.number,
        "changed": _iso(record.amended_on),
        "body": version.body,
        "fields": {one.key: _field(one, version.fields.get(one.key), tree) for one in kind.fields},
        "attachments": [
            {"name": a.title, "url": at + quote(a.name), "size": a.size, "media": a.media, "sha256": a.digest}
            for a in attached(version)
        ],
        "tables": {}
        if older is not None
        else {one.key: f"{at}table-{one.key}.csv" for one in kind.tables if version.fields.get(one.key)},
    }
    return made


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _field(one: Field, value: Any, tree: Tree) -> dict[str, Any]:
    held: dict[str, Any] = {"label": one.label, "type": one.type}
    if one.unit:
        held["unit"] = one.unit
    if one.type == "record":
        # Only those that everybody may know of: a link is a way out as well.
        seen = reads.visible(None).filter(pk__in=value).values_list("pk", "title") if value else ()
        held["value"] = [{"id": pk, "title": title, "url": f"/p/{pk}.html"} for pk, title in seen]
    elif one.type == "organisation":
        known = bool(value) and int(value) in tree
        held["value"] = {"id": int(value), "name": tree[int(value)].name} if known else None
    elif one.type == "table":
        held["columns"] = [{"key": c.key, "label": c.label, "type": c.type, "unit": c.unit} for c in one.columns]
        held["value"] = [{c.key: _typed(row.get(c.key)) for c in one.columns} for row in value or []]
    else:
        held["value"] = _typed(value)
    return held


def _typed(value: Any) -> Any:
    """Numbers as exact text stay exact text: a float would change the last digit of an amount."""
    return None if value in (None, "") else value


HEADS = (
    "标题",
    "种类",
    "公开主体",
    "索引号",
    "发文字号",
    "主题分类",
    "成文日期",
    "发布日期",
    "施行日期",
    "有效期至",
    "有效性",
    "网址",
)
_KEYS = ("title", "kind_name", "owner", "index_number", "document_number", "topic", "formed", "published", "effective")


def rows(records: Iterable[Record], root: str = "") -> Iterator[list[str]]:
    """A list as rows, the headings first."""
    yield list(HEADS)
    day = today()
    tree = tree_on(day)
    for record in records:
        held = summary(record, tree, day)
        yield [
            *(str(held[k] or "") for k in _KEYS),
            str(held["expires"] or ""),
            held["validity"],
            f"{root}{held['url']}",
        ]


def table_rows(kind: Kind, key: str, value: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    """A table of a record as rows: headings, values, totals where the kind says so."""
    one = kind.field(key)
    yield [f"{c.label}（{c.unit}）" if c.unit else c.label for c in one.columns]
    sums = [Decimal(0) if c.total else None for c in one.columns]
    for row in value:
        cells = ["" if row.get(c.key) is None else str(row[c.key]) for c in one.columns]
        for at, held in enumerate(sums):
            if held is not None and cells[at]:
                sums[at] = held + (amount(cells[at]) or Decimal(0))
        yield cells
    if len(value) > 1 and any(s is not None for s in sums):
        yield ["合计" if at == 0 and s is None else "" if s is None else format(s, "f") for at, s in enumerate(sums)]


def as_csv(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """CSV that opens in WPS and Excel with its Chinese right: UTF-8 with a mark at its beginning.

    What would be a formula is kept text: a cell that begins with = or @ gets a quote before it.
    """
    yield "\ufeff"
    for line in lines:
        held = io.StringIO()
        csv.writer(held).writerow([_inert(str(c)) for c in line])
        yield held.getvalue()


def _inert(cell: str) -> str:
    begin = cell.lstrip(" ")[:1]
    if begin in ("=", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") and begin:
        return "'" + cell
    return "'" + cell if begin in ("+", "-") and begin and amount(cell) is None else cell


__all__ = ["HEADS", "as_csv", "rows", "summary", "table_rows", "whole"]
