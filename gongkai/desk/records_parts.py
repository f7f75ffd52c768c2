"""A content in parts, as pages of the desk show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.desk.records_form import _TYPES
from gongkai.desk.records_typed import linked_of
from gongkai.orgs.rules import Viewer
from gongkai.records import content as taking
from gongkai.records import reads
from gongkai.records.kinds import COMMON, Column, Field, Kind
from gongkai.records.models import Content


@dataclass
class Part:
    """One element of a content, for reading."""

    key: str
    label: str
    type: str
    value: Any = ""
    columns: tuple[Column, ...] = ()
    rows: list[list[str]] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    linked: list[dict[str, Any]] = field(default_factory=list)


def parts_of(kind: Kind, content: Content, viewer: Viewer | None) -> list[Part]:
    """What a content says, element by element, empty ones left out; the body comes last."""
    out = [
        Part(key, label, _TYPES.get(key, "text"), getattr(content, key))
        for key, label in COMMON.items()
        if key not in ("title", "body") and getattr(content, key)
    ]
    ids = {int(x) for f in kind.fields if f.type == "record" for x in content.fields.get(f.key) or []}
    seen = {r.pk: r for r in reads.visible(viewer).filter(pk__in=ids)} if ids else {}
    for one in kind.fields:
        value = content.fields.get(one.key)
        if value in (None, "", [], {}):
            continue
        part = Part(one.key, one.shown, one.type, value)
        if one.type == "table":
            part.columns = one.columns
            part.rows = [[str(r.get(c.key) or "") for c in one.columns] for r in value]
            part.totals = _totals(one, value)
        elif one.type == "record":
            part.linked = linked_of(value, seen)
        elif one.type == "organisation" and viewer is not None:
            part.value = viewer.tree[int(value)].name if int(value) in viewer.tree else ""
        elif one.type == "date":
            part.value = _day(value)
        out.append(part)
    return out


def _day(value: Any) -> Any:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return value


def _totals(one: Field, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not any(c.total for c in one.columns):
        return []
    out = []
    for at, column in enumerate(one.columns):
        if column.total:
            sums = [taking.amount(r.get(column.key)) for r in rows if r.get(column.key) not in (None, "")]
            out.append(format(sum(s for s in sums if s is not None), "f"))
        else:
            out.append("合计" if at == 0 else "")
    return out
